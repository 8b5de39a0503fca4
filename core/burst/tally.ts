import { ROUND_TASKS } from '../spread/phases.ts';
import { type Counts, countShard, exchange, isSettled, NOTHING_COUNTED } from './counts.ts';
import { createDurations, type Durations } from './durations.ts';
import { shardCount } from './place.ts';
import { type BurstRecord, isSent, type SentMark } from './record.ts';
import type { ShardState, Stamp } from './shard.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/** What is known of a burst's shards, read once or again and again. */
export interface Tally {
  /**
   * What a shard says now, in the place of what it said before.
   * @param state undefined where nobody has written to it
   * @param nowMs when it was read, epoch milliseconds: what was running then, runs
   */
  see(shard: number, state: ShardState | undefined, nowMs: number): void;
  /** What it says will be the same for ever: it need not be read again. */
  isSettled(shard: number): boolean;
  counts(): Counts;
  /** Tasks that ended after this moment; of the last {@link RECENT_SECONDS} only. */
  endedSince(fromMs: number): number;
  /** Of the last attempts of tasks that are over. */
  readonly timeline: Omit<Timeline, 'add'>;
  /** Of those that are done. */
  readonly durations: Omit<Durations, 'add'>;
}

export const RECENT_SECONDS = 900;

/** How far the clocks of environments may be from ours. */
const SKEW_MS = 60_000;

/** A shard that may say something else the next time. */
interface OpenShard {
  readonly counts: Counts;
  /** Those whose stamps are in the sums, by their numbers. */
  readonly stamped: ReadonlySet<number>;
}

/**
 * The memory is that of the shards which are not over, and a byte for each other one.
 * @param total tasks of the burst
 * @param fromMs when it was handed over, epoch milliseconds
 */
export function createTally(total: number, fromMs: number): Tally {
  const settled = new Uint8Array(shardCount(total));
  const open = new Map<number, OpenShard>();
  const timeline = createTimeline(fromMs);
  const durations = createDurations();
  const recent = countRecent();
  let sum = NOTHING_COUNTED;

  const stamp = ({ startedAtMs, endedAtMs }: Stamp, isDone: boolean, nowMs: number) => {
    // One clock that is years ahead must not make all else unreadable.
    const untilMs = Math.min(endedAtMs, nowMs + SKEW_MS);
    const ran = { startedAtMs: Math.min(startedAtMs, untilMs), endedAtMs: untilMs };
    timeline.add(ran);
    if (isDone) durations.add(ran.endedAtMs - ran.startedAtMs);
    recent.add(ran.endedAtMs);
  };

  return {
    see(shard, state, nowMs) {
      if (state === undefined || settled[shard]) return;
      const before = open.get(shard);
      const counts = countShard(state, nowMs);
      sum = exchange(sum, before?.counts ?? NOTHING_COUNTED, counts);
      const stamped = new Set(before?.stamped);
      for (const [number, ran] of state.ran) {
        const isDone = state.done.has(number);
        if (stamped.has(number) || !(isDone || state.dead.has(number))) continue;
        stamped.add(number);
        stamp(ran, isDone, nowMs);
      }
      if (isSettled(state, shard, total)) {
        settled[shard] = 1;
        open.delete(shard);
      } else open.set(shard, { counts, stamped });
    },
    isSettled: (shard) => settled[shard] === 1,
    counts: () => sum,
    endedSince: recent.since,
    timeline,
    durations,
  };
}

/** An empty tally of a burst. */
export function tallyOf({ total, segments, createdAtMs }: Counted): Tally {
  return createTally(total, segments[0]?.startMs ?? createdAtMs);
}

type Counted = Pick<BurstRecord, 'total' | 'segments' | 'createdAtMs'>;

/** How many shards anybody may have written to: what lies beyond the round under way is not sent. */
export function shardsBegun(
  record: Pick<BurstRecord, 'total' | 'state'>,
  { fromIndex }: Pick<SentMark, 'fromIndex'>,
): number {
  const { total } = record;
  return shardCount(isSent(record) ? total : Math.min(total, fromIndex + ROUND_TASKS));
}

/** Moments of the last while, by their seconds. */
function countRecent() {
  const seconds = new Map<number, number>();
  let newest = 0;
  return {
    add(atMs: number) {
      const second = Math.floor(atMs / 1000);
      if (second <= newest - RECENT_SECONDS) return;
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
      if (second <= newest) return;
      newest = second;
      for (const one of seconds.keys()) if (one <= newest - RECENT_SECONDS) seconds.delete(one);
    },
    since(fromMs: number) {
      let count = 0;
      for (const [second, tasks] of seconds) if (second * 1000 >= fromMs) count += tasks;
      return count;
    },
  };
}
