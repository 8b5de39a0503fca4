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
  readonly ran: ReadonlyMap<number, Stamp>;
  /** Sums over all attempts that ended well: for estimates, not exact under duplicates. */
  readonly tasks: number;
  readonly ranMs: number;
  /** Of those of them that said their size. */
  readonly bytes: number;
  readonly bytesMs: number;
}

/** Attributes of a shard's item, each a set of tasks' numbers. */
export const SHARD_SETS = { done: 'done', failed: 'failed', dead: 'dead', refused: 'refused' } as const;

/** Its sums, of attempts that ended well. */
export const SHARD_SUMS = { tasks: 'tasks', ranMs: 'ranMs', bytes: 'bytes', bytesMs: 'bytesMs' } as const;

/** When a running task's time is over, epoch milliseconds, with a fraction that tells one run from another. */
export function runningAttribute(number: number): string {
  return `r${number}`;
}

/** {@link stampOf} a task's last attempt; gone while it runs. */
export function stampAttribute(number: number): string {
  return `t${number}`;
}

/** The set of its shards that are over, in a block's item; that of its blocks, in the end's; and that all of them are. */
export const OVER = { shards: 'shards', blocks: 'blocks', ended: 'ended', yes: 'yes' } as const;

/**
 * When an attempt began, and how long it took: short, for a shard is to fit into one write unit. As text a later one is
 * greater (until the year 2059, when times get another digit).
 */
export function stampOf({ startedAtMs, endedAtMs }: Stamp): string {
  return `${Math.round(startedAtMs).toString(36)}+${Math.max(0, Math.round(endedAtMs - startedAtMs)).toString(36)}`;
}

/** @returns undefined for anything else */
export function readStamp(text: unknown): Stamp | undefined {
  const [, started, took] = /^([0-9a-z]{1,9})\+([0-9a-z]{1,9})$/.exec(String(text)) ?? [];
  if (started === undefined || took === undefined) return undefined;
  const startedAtMs = Number.parseInt(started, 36);
  return { startedAtMs, endedAtMs: startedAtMs + Number.parseInt(took, 36) };
}

/** When an attempt ran, epoch milliseconds. */
export interface Stamp {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

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
