/**
 * Where in the bursts table a task is counted. A shard has as many tasks as an update can write in one write unit
 * (1 KB) however they stand; a block has as many shards. Items of one burst `b`:
 *
 * | key `burstKey` | what |
 * |---|---|
 * | `b` | the burst's record |
 * | `b#sent` | which calls of SQS are done |
 * | `b#0`, `b#1`, … | shards: what became of each task |
 * | `b#b0`, `b#b1`, … | blocks: which of their shards are over |
 * | `b#end` | which blocks are over |
 *
 * Whatever is counted is added to a set of numbers, so that it counts once however often it is told.
 */
export const TASKS_PER_SHARD = 32;
export const SHARDS_PER_BLOCK = 64;

/** A task's place, from its index in the burst. */
export interface Place {
  readonly burstId: string;
  /** From 0. */
  readonly index: number;
  /** Tasks of the burst. */
  readonly total: number;
}

export function shardOf(index: number): number {
  return Math.floor(index / TASKS_PER_SHARD);
}

/** The number under which a task stands in its shard. */
export function numberInShard(index: number): number {
  return index % TASKS_PER_SHARD;
}

export function shardKey(burstId: string, shard: number): string {
  return `${burstId}#${shard}`;
}

export function shardCount(total: number): number {
  return Math.ceil(total / TASKS_PER_SHARD);
}

/** How many tasks a shard has: the last one's may be fewer. */
export function tasksInShard(shard: number, total: number): number {
  return Math.max(0, Math.min(TASKS_PER_SHARD, total - shard * TASKS_PER_SHARD));
}

export function blockOf(shard: number): number {
  return Math.floor(shard / SHARDS_PER_BLOCK);
}

export function blockKey(burstId: string, block: number): string {
  return `${burstId}#b${block}`;
}

export function blockCount(total: number): number {
  return Math.ceil(shardCount(total) / SHARDS_PER_BLOCK);
}

export function shardsInBlock(block: number, total: number): number {
  return Math.max(0, Math.min(SHARDS_PER_BLOCK, shardCount(total) - block * SHARDS_PER_BLOCK));
}

export function endKey(burstId: string): string {
  return `${burstId}#end`;
}

/** The burst whose end an item of this key stands for; undefined where it is another item. */
export function burstOfEnd(burstKey: string): string | undefined {
  return burstKey.endsWith('#end') ? burstKey.slice(0, -'#end'.length) : undefined;
}

export function sentKey(burstId: string): string {
  return `${burstId}#sent`;
}
