import type { Bursts, Page } from '../../../aws/ports.ts';
import type { Begun, TaskEnd, TaskRan } from '../../../core/burst/notes.ts';
import {
  blockCount,
  blockOf,
  burstIdOf,
  numberInShard,
  type PartsId,
  type Place,
  partsIdOf,
  shardOf,
  shardsInBlock,
} from '../../../core/burst/place.ts';
import { type BurstRecord, NOTHING_SENT, type SentMark } from '../../../core/burst/record.ts';
import { isShardOver, type ShardState } from '../../../core/burst/shard.ts';
import { pageAfter } from './paging.ts';
import type { Sync } from './sync.ts';

type Sums = 'tasks' | 'ranMs' | 'bytes' | 'bytesMs';

/** A shard that is written to. */
interface Shard extends Pick<{ -readonly [K in keyof ShardState]: ShardState[K] }, Sums> {
  readonly done: Set<number>;
  readonly failed: Set<number>;
  readonly dead: Set<number>;
  readonly refused: Set<number>;
  readonly running: Map<number, number>;
  readonly ran: Map<number, { readonly startedAtMs: number; readonly endedAtMs: number }>;
}

/** The table of bursts: their records, how far they are sent, and what consumers note of their tasks. */
export class SimulatedBursts implements Sync<Bursts> {
  readonly records = new Map<string, BurstRecord>();
  readonly #sent = new Map<string, SentMark>();
  readonly #shards = new Map<string, Map<number, Shard>>();
  readonly #blocks = new Map<string, Map<number, Set<number>>>();
  readonly #ends = new Map<string, { readonly blocks: Set<number>; isOver: boolean }>();
  onWrite: (record: BurstRecord, before: BurstRecord | undefined) => void = () => {};
  /** Every task of a burst is over: what the table's stream tells, once. */
  onEnd: (partsId: PartsId) => void = () => {};

  read(burstId: string): BurstRecord | undefined {
    return this.records.get(burstId);
  }

  write(next: BurstRecord): 'written' | 'conflict' {
    const before = this.records.get(next.burstId);
    if ((before?.revision ?? 0) !== next.revision) return 'conflict';
    // What DynamoDB would keep: a copy, without what is undefined.
    const stored: BurstRecord = { ...JSON.parse(JSON.stringify(next)), revision: next.revision + 1 };
    this.records.set(next.burstId, stored);
    this.onWrite(stored, before);
    return 'written';
  }

  open(dueBeforeMs: number, limit: number): readonly BurstRecord[] {
    const isOpen = ({ checkAtMs }: BurstRecord) => checkAtMs !== undefined && checkAtMs < dueBeforeMs;
    const open = [...this.records.values()].filter(isOpen);
    return open.sort((a, b) => (a.checkAtMs ?? 0) - (b.checkAtMs ?? 0)).slice(0, limit);
  }

  ofPipeline(pipelineId: string, cursor: string | undefined, limit: number): Page<BurstRecord> {
    const keyOf = ({ createdAtMs, burstId }: BurstRecord) =>
      `${String(Number.MAX_SAFE_INTEGER - createdAtMs).padStart(16, '0')} ${burstId}`;
    const byKey = new Map(
      [...this.records.values()]
        .filter((record) => record.pipelineId === pipelineId)
        .map((record) => [keyOf(record), record]),
    );
    const page = pageAfter([...byKey.keys()].sort(), cursor, limit);
    return { ...page, items: page.items.map((key) => byKey.get(key) as BurstRecord) };
  }

  readSent(partsId: PartsId): SentMark {
    return this.#sent.get(partsId) ?? NOTHING_SENT;
  }

  noteCalls(partsId: PartsId, fromIndex: number, calls: readonly number[]): 'noted' | 'over' {
    const mark = this.readSent(partsId);
    if (mark.fromIndex !== fromIndex) return 'over';
    const all = [...new Set([...mark.calls, ...calls])].sort((a, b) => a - b);
    this.#sent.set(partsId, { ...mark, calls: all });
    return 'noted';
  }

  noteRound(partsId: PartsId, fromIndex: number, next: Omit<SentMark, 'calls'>): 'noted' | 'over' {
    if (this.readSent(partsId).fromIndex !== fromIndex) return 'over';
    this.#sent.set(partsId, { ...(JSON.parse(JSON.stringify(next)) as typeof next), calls: [] });
    return 'noted';
  }

  readShards(partsId: PartsId, shards: readonly number[]): ReadonlyMap<number, ShardState> {
    return chosen(this.#shards.get(partsId), shards);
  }

  readBlocks(partsId: PartsId, blocks: readonly number[]): ReadonlyMap<number, ReadonlySet<number>> {
    return chosen(this.#blocks.get(partsId), blocks);
  }

  readEnd(partsId: PartsId): ReadonlySet<number> {
    return this.#ends.get(partsId)?.blocks ?? new Set();
  }

  addOver(partsId: PartsId, how: 'dead' | 'refused', indexes: readonly number[]): void {
    const total = this.#recordOf(partsId)?.total;
    for (const index of indexes) {
      const shard = this.#shardOf(partsId, index);
      shard[how].add(numberInShard(index));
      if (total !== undefined) this.#endShard({ partsId, index, total }, shard);
    }
  }

  /** What a consumer notes of a task that it begins. */
  begin(place: Place, untilMs: number, nowMs: number): Begun {
    const shard = this.#shardOf(place.partsId, place.index);
    const number = numberInShard(place.index);
    if (shard.done.has(number)) return { kind: 'done' };
    const runsUntilMs = shard.running.get(number);
    if (runsUntilMs !== undefined && runsUntilMs !== untilMs && runsUntilMs >= nowMs) {
      return { kind: 'running', untilMs: runsUntilMs };
    }
    shard.running.set(number, untilMs);
    shard.ran.delete(number);
    return { kind: 'begun' };
  }

  /** And of one that has ended. */
  end(place: Place, untilMs: number | undefined, how: TaskEnd, ran: TaskRan | undefined): void {
    const shard = this.#shardOf(place.partsId, place.index);
    const number = numberInShard(place.index);
    if (shard.running.get(number) === untilMs) shard.running.delete(number);
    if (how.kind !== 'givenBack') shard[how.kind].add(number);
    if (ran !== undefined) shard.ran.set(number, { startedAtMs: ran.startedAtMs, endedAtMs: ran.endedAtMs });
    if (how.kind === 'done' && ran !== undefined) addSums(shard, ran);
    this.#endShard(place, shard);
  }

  /** Of this very burst, and not of another one of the same id. */
  #recordOf(partsId: PartsId): BurstRecord | undefined {
    const record = this.records.get(burstIdOf(partsId));
    return record !== undefined && partsIdOf(record) === partsId ? record : undefined;
  }

  #shardOf(partsId: PartsId, index: number): Shard {
    const shards = getOrMake(this.#shards, partsId, () => new Map<number, Shard>());
    return getOrMake(shards, shardOf(index), emptyShard);
  }

  #endShard({ partsId, index, total }: Place, shard: Shard): void {
    const number = shardOf(index);
    if (!isShardOver(shard, number, total)) return;
    const blocks = getOrMake(this.#blocks, partsId, () => new Map<number, Set<number>>());
    const block = getOrMake(blocks, blockOf(number), () => new Set<number>()).add(number);
    if (block.size < shardsInBlock(blockOf(number), total)) return;
    const end = getOrMake(this.#ends, partsId, () => ({ blocks: new Set<number>(), isOver: false }));
    end.blocks.add(blockOf(number));
    if (end.isOver || end.blocks.size < blockCount(total)) return;
    end.isOver = true;
    this.onEnd(partsId);
  }
}

function addSums(shard: Shard, { startedAtMs, endedAtMs, bytes }: TaskRan): void {
  const ranMs = endedAtMs - startedAtMs;
  shard.tasks += 1;
  shard.ranMs += ranMs;
  if (bytes === undefined) return;
  shard.bytes += bytes;
  shard.bytesMs += ranMs;
}

function emptyShard(): Shard {
  const sets = {
    done: new Set<number>(),
    failed: new Set<number>(),
    dead: new Set<number>(),
    refused: new Set<number>(),
  };
  return { ...sets, running: new Map(), ran: new Map(), tasks: 0, ranMs: 0, bytes: 0, bytesMs: 0 };
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function chosen<T>(all: ReadonlyMap<number, T> | undefined, keys: readonly number[]): ReadonlyMap<number, T> {
  const found = new Map<number, T>();
  for (const key of keys) {
    const value = all?.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}
