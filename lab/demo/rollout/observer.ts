import { setTimeout as sleep } from 'node:timers/promises';
import type { Releases } from '../../../aws/ports.ts';
import type { StageDriver } from '../../stage-driver.ts';
import { type Moment, type News, NOTHING_SEEN, newsOf, type Seen } from './timeline.ts';

/** Looks at a stage's tables and notes what changes in them. */
export interface Observer {
  readonly timeline: readonly Moment[];
  /** Milliseconds since the story began. */
  elapsedMs(): number;
  /** Notes something that the demo itself has done. */
  did(what: string): void;
  /** A release was uploaded: the next number is its. */
  uploaded(version: string): void;
  /** Looks until it is so. @throws after `limitSeconds`, with the release records as they then are */
  until(isSo: (seen: Seen) => boolean, what: string, limitSeconds: number): Promise<Seen>;
}

const LOOK_EVERY_MS = 300;
/** More pipelines than the demo has. */
const PAGE = 100;

/** @param tell gets every moment as it is noted */
export function createObserver(
  stage: Pick<StageDriver, 'statuses'>,
  releases: Pick<Releases, 'ofKey'>,
  codeKey: string,
  tell: (moment: Moment) => void,
): Observer {
  const beganAtMs = Date.now();
  const timeline: Moment[] = [];
  const versions: string[] = [];
  let before = NOTHING_SEEN;

  const elapsedMs = () => Date.now() - beganAtMs;
  const note = (news: News, atMs: number) => {
    timeline.push({ ...news, atMs });
    tell({ ...news, atMs });
  };
  const look = async (): Promise<Seen> => {
    const atMs = elapsedMs();
    const [records, statuses] = await Promise.all([
      releases.ofKey(codeKey),
      stage.statuses.page(undefined, PAGE),
    ]);
    const running = statuses.items.flatMap(({ pipelineId, codeVersion }) =>
      codeVersion === undefined ? [] : [[pipelineId, codeVersion] as const],
    );
    const seen = { releases: records, versions: new Map(running) };
    for (const news of newsOf(before, seen, versions)) note(news, atMs);
    before = seen;
    return seen;
  };

  return {
    timeline,
    elapsedMs,
    did: (what) => note({ kind: 'did', what }, elapsedMs()),
    uploaded(version) {
      versions.push(version);
      note({ kind: 'did', what: `release ${versions.length} uploaded` }, elapsedMs());
    },
    async until(isSo, what, limitSeconds) {
      const endMs = Date.now() + limitSeconds * 1000;
      for (;;) {
        const seen = await look();
        if (isSo(seen)) return seen;
        if (Date.now() > endMs) {
          throw new Error(
            `not so after ${limitSeconds} s: ${what}; releases: ${JSON.stringify(seen.releases)}`,
          );
        }
        await sleep(LOOK_EVERY_MS);
      }
    },
  };
}
