import { assertNever } from '../../../core/assert-never.ts';
import type { ReleaseRecord, ReleaseState } from '../../../core/release/record.ts';

/** What can be seen of a stage from outside: its tables of releases and of statuses. */
export interface Seen {
  readonly releases: readonly ReleaseRecord[];
  /** The version that each pipeline runs. */
  readonly versions: ReadonlyMap<string, string>;
}

export const NOTHING_SEEN: Seen = { releases: [], versions: new Map() };

/** Something that was not so at the look before. `release` is its number. */
export type News =
  | {
      readonly kind: 'state';
      readonly release: number;
      readonly state: ReleaseState;
      readonly reason?: string;
    }
  /** The first wave is number 1. */
  | {
      readonly kind: 'wave';
      readonly release: number;
      readonly number: number;
      readonly of: number;
      readonly pipelines: number;
    }
  | {
      readonly kind: 'switched';
      readonly release: number;
      readonly pipelineIds: readonly string[];
      /** How many run it by now. */
      readonly all: number;
    }
  | { readonly kind: 'returned'; readonly release: number; readonly redriven: number }
  /** What the demo itself has done. */
  | { readonly kind: 'did'; readonly what: string };

/** News and when it was seen, milliseconds since the story began. */
export type Moment = News & { readonly atMs: number };

/**
 * What is new since the look before.
 * @param versions the releases' versions in the order of their numbers
 */
export function newsOf(before: Seen, now: Seen, versions: readonly string[]): News[] {
  const numberOf = (version: string) => versions.indexOf(version) + 1;
  const news: News[] = [];
  for (const record of now.releases) {
    const release = numberOf(record.version);
    const old = before.releases.find(({ version }) => version === record.version);
    const { state, wave, waves, reason } = record;
    if (state !== old?.state) {
      news.push({ kind: 'state', release, state, ...(reason === undefined ? {} : { reason }) });
    }
    const opened = waves[wave];
    // A first release goes to everybody at once.
    if (opened !== undefined && wave !== old?.wave && record.from !== undefined) {
      const { pipelines } = opened;
      news.push({ kind: 'wave', release, number: wave + 1, of: waves.length, pipelines });
    }
  }
  news.push(...switchesOf(before, now, numberOf));
  for (const { version, returned, redriven = 0 } of now.releases) {
    const old = before.releases.find((one) => one.version === version);
    if (returned === true && old?.returned !== true) {
      news.push({ kind: 'returned', release: numberOf(version), redriven });
    }
  }
  return news;
}

function switchesOf(before: Seen, now: Seen, numberOf: (version: string) => number): News[] {
  const byVersion = Map.groupBy(
    [...now.versions].filter(([pipelineId, version]) => before.versions.get(pipelineId) !== version),
    ([, version]) => version,
  );
  return [...byVersion].map(([version, pipelines]) => ({
    kind: 'switched',
    release: numberOf(version),
    pipelineIds: pipelines.map(([pipelineId]) => pipelineId).sort(),
    all: [...now.versions.values()].filter((one) => one === version).length,
  }));
}

/** News for people. */
export function words(news: News): string {
  switch (news.kind) {
    case 'did':
      return news.what;
    case 'state':
      return `release ${news.release} is ${news.state}${news.reason === undefined ? '' : `: ${news.reason}`}`;
    case 'wave':
      return `release ${news.release} wave ${news.number} of ${news.of} opens: ${counted(news.pipelines, 'pipeline')}`;
    case 'switched':
      return `release ${news.release} runs in ${news.pipelineIds.join(' ')} (${news.all} in all)`;
    case 'returned':
      return `release ${news.release} is out of every pipeline again, ${counted(news.redriven, 'dead letter')} sent again`;
    default:
      return assertNever(news);
  }
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
