/**
 * Where in the bursts table a task is counted. A shard has as many tasks as an update can write in one write unit
 * (1 KB) however they stand; a block has as many shards. Items of one burst `b` that was handed over at `t`:
 *
 * | key `burstKey` | what |
 * |---|---|
 * | `b` | the burst's record |
 * | `b#t#sent` | which calls of SQS are done |
 * | `b#t#0`, `b#t#1`, … | shards: what became of each task |
 * | `b#t#b0`, `b#t#b1`, … | blocks: which of their shards are over |
 * | `b#t#end` | which blocks are over |
 *
 * Whatever is counted is added to a set of numbers, so that it counts once however often it is told. DynamoDB removes
 * each item at a time of its own, and a dead letter of an old burst may come back: another burst of the same id begins
 * with parts of its own.
 */
export const TASKS_PER_SHARD = 32;
export const SHARDS_PER_BLOCK = 64;

/**
 * What tells the parts of one burst from those of any other, also of one that had the same id before: the id, which has
 * no `#`, and when the burst was handed over. Its messages carry it.
 */
export type PartsId = `${string}#${string}`;

/** Longest that it is more than the burst's id, characters: until the year 5188. */
export const GENERATION_CHARACTERS = 10;

export function partsIdOf({ burstId, createdAtMs }: Burst): PartsId {
  return `${burstId}#${Math.floor(createdAtMs).toString(36)}`;
}

export function burstIdOf(partsId: PartsId): string {
  return partsId.slice(0, partsId.indexOf('#'));
}

/** Of its record. */
interface Burst {
  readonly burstId: string;
  readonly createdAtMs: number;
}

/** A task's place, from its index in the burst. */
export interface Place {
  readonly partsId: PartsId;
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

export function shardKey(partsId: PartsId, shard: number): string {
  return `${partsId}#${shard}`;
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

export function blockKey(partsId: PartsId, block: number): string {
  return `${partsId}#b${block}`;
}

export function blockCount(total: number): number {
  return Math.ceil(shardCount(total) / SHARDS_PER_BLOCK);
}

export function shardsInBlock(block: number, total: number): number {
  return Math.max(0, Math.min(SHARDS_PER_BLOCK, shardCount(total) - block * SHARDS_PER_BLOCK));
}

export function endKey(partsId: PartsId): string {
  return `${partsId}#end`;
}

/** The burst whose end an item of this key stands for; undefined where it is another item. */
export function burstOfEnd(burstKey: string): PartsId | undefined {
  const id = burstKey.endsWith('#end') ? burstKey.slice(0, -'#end'.length) : '';
  return isPartsId(id) ? id : undefined;
}

export function isPartsId(text: string): text is PartsId {
  return /^[^#]+#[0-9a-z]+$/.test(text);
}

export function sentKey(partsId: PartsId): string {
  return `${partsId}#sent`;
}
