import { isShardOver, type ShardState } from './shard.ts';

/** What became of the tasks of some shards. Sums of tasks; one that is over is in one of done, dead and refused. */
export interface Counts {
  readonly done: number;
  /** Dead letters that are not done since. */
  readonly dead: number;
  /** SQS never took them, as far as anybody knows. */
  readonly refused: number;
  /** Have failed at least once and are not over. */
  readonly failed: number;
  readonly running: number;
  /** Begun at least once. */
  readonly started: number;
  /** Sums over all attempts that ended well, and over those of them that said their size. */
  readonly ranTasks: number;
  readonly ranMs: number;
  readonly bytes: number;
  readonly bytesMs: number;
}

export const NOTHING_COUNTED: Counts = {
  done: 0,
  dead: 0,
  refused: 0,
  failed: 0,
  running: 0,
  started: 0,
  ranTasks: 0,
  ranMs: 0,
  bytes: 0,
  bytesMs: 0,
};

/**
 * Counts a shard. Done beats dead, and dead beats refused: what has run was taken, whatever the sender heard. A task
 * whose time is over does not run, though nobody has said so: its consumer was killed, or could not say it.
 */
export function countShard(state: ShardState, nowMs: number): Counts {
  const { done, dead, refused, failed, running, ran } = state;
  const isOver = (number: number) => done.has(number) || dead.has(number) || refused.has(number);
  const left = (set: ReadonlySet<number>, ...without: ReadonlySet<number>[]) =>
    [...set].filter((number) => !without.some((other) => other.has(number))).length;
  const runs = [...running].filter(([number, untilMs]) => untilMs > nowMs && !isOver(number));
  return {
    done: done.size,
    dead: left(dead, done),
    refused: left(refused, done, dead),
    failed: left(failed, done, dead, refused),
    running: runs.length,
    started: new Set([...done, ...failed, ...running.keys(), ...ran.keys()]).size,
    ranTasks: state.tasks,
    ranMs: state.ranMs,
    bytes: state.bytes,
    bytesMs: state.bytesMs,
  };
}

/** Whether a shard says the same for ever: a dead letter may be done yet. */
export function isSettled(state: ShardState, shard: number, total: number): boolean {
  return isShardOver(state, shard, total) && [...state.dead].every((number) => state.done.has(number));
}

/** Replaces one part of a sum. */
export function exchange(sum: Counts, before: Counts, now: Counts): Counts {
  const next: Record<string, number> = {};
  for (const name of Object.keys(NOTHING_COUNTED) as (keyof Counts)[]) {
    next[name] = sum[name] - before[name] + now[name];
  }
  return next as unknown as Counts;
}
