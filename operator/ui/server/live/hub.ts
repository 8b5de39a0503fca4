import { randomUUID } from 'node:crypto';
import type { Desk } from '../../../views/desk.ts';
import type { DepthSample, LiveEvents } from '../../wire.ts';
import { faultAnswer } from '../faults.ts';
import { chooseLooks, readEveryMs, TICK_MS } from './choose.ts';
import { changesBetween, depthSample, type Known, withLooks, withOverview } from './rows.ts';

/** Tells one page. */
export type Tell = <Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]) => void;

/** What all open pages are told. It asks the stage only while there is one. */
export interface LiveHub {
  /** @returns ends it */
  join(tell: Tell): () => void;
  /** Rows that a page shows now. */
  see(client: string, pipelineIds: readonly string[]): void;
  /** A change was made: the records are read again with the next tick. */
  changed(): void;
  close(): void;
}

interface Page {
  readonly tell: Tell;
  /** It has been told all. */
  isUp: boolean;
  inSight: readonly string[];
}

/** What is kept of a pipeline's depth: five minutes and 150 looks at most. */
const KEPT_SAMPLES = 150;
const KEPT_MS = 300_000;

export function createLiveHub(desk: Pick<Desk, 'overview' | 'look'>, nowMs: () => number): LiveHub {
  const pages = new Map<string, Page>();
  const depths = new Map<string, DepthSample[]>();
  let known: Known = { rows: new Map() };
  let cursor = 0;
  let readAtMs = 0;
  /** What was read may be old: stays said while a read is under way, which may have missed what has changed. */
  let isStale = true;
  let timer: NodeJS.Timeout | undefined;
  let isBusy = false;

  const ask = async (): Promise<Known> => {
    const inSight = new Set([...pages.values()].flatMap((page) => page.inSight));
    const chosen = chooseLooks([...known.rows.keys()], inSight, cursor);
    cursor = chosen.cursor;
    if (!isStale && nowMs() - readAtMs < readEveryMs(known.rows.size) - TICK_MS / 2) {
      return withLooks(known, await desk.look(chosen.pipelineIds));
    }
    isStale = false;
    const overview = await desk.overview(chosen.pipelineIds);
    readAtMs = nowMs();
    return withOverview(known, overview);
  };

  const tick = async (): Promise<void> => {
    if (isBusy || pages.size === 0) return;
    isBusy = true;
    try {
      const before = known;
      known = await ask();
      const sampled = sample(known, depths, nowMs());
      const atMs = nowMs();
      const account = known.account && { account: known.account };
      const changes = { atMs, ...changesBetween(before, known), depths: sampled, ...account };
      for (const [client, page] of pages) {
        if (page.isUp) page.tell('changes', changes);
        else {
          page.isUp = true;
          const all = Object.fromEntries(depths);
          page.tell('all', { client, atMs, rows: [...known.rows.values()], depths: all, ...account });
        }
      }
    } catch (error) {
      // Whatever was read may be old by the time that it answers again.
      isStale = true;
      for (const page of pages.values()) page.tell('fault', faultAnswer(error).fault);
    } finally {
      isBusy = false;
    }
  };

  /** The first rows come without their queues; those follow at once. */
  const begin = async (): Promise<void> => {
    await tick();
    if (known.rows.size > 0 && cursor === 0) await tick();
  };

  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    join(tell) {
      const client = randomUUID();
      pages.set(client, { tell, isUp: false, inSight: [] });
      timer ??= setInterval(tick, TICK_MS);
      void begin();
      return () => {
        pages.delete(client);
        if (pages.size === 0) stop();
      };
    },
    see(client, pipelineIds) {
      const page = pages.get(client);
      if (page === undefined) return;
      page.inSight = pipelineIds;
    },
    changed() {
      isStale = true;
      void tick();
    },
    close() {
      stop();
      pages.clear();
    },
  };
}

/** Keeps the new looks, and says which those were. */
function sample(
  { rows }: Known,
  depths: Map<string, DepthSample[]>,
  nowMs: number,
): Readonly<Record<string, DepthSample>> {
  const fresh: Record<string, DepthSample> = {};
  for (const { pipelineId, look } of rows.values()) {
    if (look === undefined) continue;
    const next = depthSample(look);
    const kept = depths.get(pipelineId) ?? [];
    if ((kept.at(-1)?.[0] ?? 0) >= next[0]) continue;
    fresh[pipelineId] = next;
    const recent = [...kept, next].filter(([atMs]) => nowMs - atMs < KEPT_MS);
    depths.set(pipelineId, recent.slice(-KEPT_SAMPLES));
  }
  for (const pipelineId of depths.keys()) if (!rows.has(pipelineId)) depths.delete(pipelineId);
  return fresh;
}
