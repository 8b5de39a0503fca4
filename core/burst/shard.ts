import { tasksInShard } from './place.ts';

/** What became of the tasks of one shard, by their number in it. */
export interface ShardState {
  readonly done: ReadonlySet<number>;
  /** Have failed at least once. */
  readonly failed: ReadonlySet<number>;
  readonly dead: ReadonlySet<number>;
  /** SQS never took them. */
  readonly refused: ReadonlySet<number>;
  /** Running ones, and when that ends at the latest, epoch milliseconds. */
  readonly running: ReadonlyMap<number, number>;
  /** When the last attempt of each ran, epoch milliseconds. */
  readonly ran: ReadonlyMap<number, { readonly startedAtMs: number; readonly endedAtMs: number }>;
  /** Sums over all attempts that ended well: for estimates, not exact under duplicates. */
  readonly tasks: number;
  readonly ranMs: number;
  /** Of those of them that said their size. */
  readonly bytes: number;
  readonly bytesMs: number;
}

/** Attributes of a shard's item. `r<number>` is when a running task's time is over, `t<number>` its stamps. */
export const SHARD_SETS = { done: 'done', failed: 'failed', dead: 'dead', refused: 'refused' } as const;

/** Tasks of the shard that are over: done, refused, or dead letters that are not done since. */
export function overInShard({ done, dead, refused }: Pick<ShardState, 'done' | 'dead' | 'refused'>): number {
  return new Set([...done, ...dead, ...refused]).size;
}

export function isShardOver(
  state: Pick<ShardState, 'done' | 'dead' | 'refused'>,
  shard: number,
  total: number,
): boolean {
  return overInShard(state) >= tasksInShard(shard, total);
}
