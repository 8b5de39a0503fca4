import type { PartsId } from '../../core/burst/place.ts';
import type { BurstRecord, BurstSource, SentMark } from '../../core/burst/record.ts';
import type { ShardState } from '../../core/burst/shard.ts';
import type { Page } from './page.ts';

/** The table of bursts and of what becomes of their tasks: `sluice-<stage>-bursts`. Keys: core/burst/place.ts. */
export interface Bursts {
  /** Strongly consistent. */
  read(burstId: string): Promise<BurstRecord | undefined>;
  /** Replaces the record if its revision is still `next.revision` (0: there is none); stores it with the next one. */
  write(next: BurstRecord): Promise<'written' | 'conflict'>;
  /** Bursts that have not ended, the longest not looked at first (index on `checkAtMs`); eventually consistent. */
  open(dueBeforeMs: number, limit: number): Promise<readonly BurstRecord[]>;
  /** Bursts of a pipeline, the newest first; eventually consistent. */
  ofPipeline(pipelineId: string, cursor: string | undefined, limit: number): Promise<Page<BurstRecord>>;

  /**
   * Strongly consistent; `NOTHING_SENT` where nothing is noted. Parts of a burst are told from those of another one by
   * `partsIdOf` its record.
   */
  readSent(partsId: PartsId): Promise<SentMark>;
  /** Adds calls of the round that begins there; `over`: that round is over. */
  noteCalls(partsId: PartsId, fromIndex: number, calls: readonly number[]): Promise<'noted' | 'over'>;
  /** Ends the round that begins at `fromIndex`; `over`: it was ended before. */
  noteRound(partsId: PartsId, fromIndex: number, next: Omit<SentMark, 'calls'>): Promise<'noted' | 'over'>;

  /** Shards by their number; those that nobody has written to are absent. 100 a call, some calls at once. */
  readShards(partsId: PartsId, shards: readonly number[]): Promise<ReadonlyMap<number, ShardState>>;
  /** Which shards of these blocks are over, by block. */
  readBlocks(partsId: PartsId, blocks: readonly number[]): Promise<ReadonlyMap<number, ReadonlySet<number>>>;
  /** Which blocks are over. */
  readEnd(partsId: PartsId): Promise<ReadonlySet<number>>;
  /** Counts tasks as dead letters or as never sent, a call for each shard; adds no more than is there. */
  addOver(partsId: PartsId, how: 'dead' | 'refused', indexes: readonly number[]): Promise<void>;
}

/** JSON Lines in S3. */
export interface TaskObjects {
  /** Undefined where there is none, or one that may not be read. */
  find(
    bucket: string,
    key: string,
  ): Promise<{ readonly etag: string; readonly version?: string; readonly bytes: number } | undefined>;
  /** Keeps lines under a name of Sluice's own, for a burst. In memory: for what one call was given. */
  keep(burstId: string, lines: readonly string[]): Promise<Extract<BurstSource, { kind: 'object' }>>;
  /**
   * Lines from a byte on, without their line ends, in constant memory. A last line needs no line end. Throws an
   * `AwsError` of code `SourceChanged` where the object is not the same any more, or is gone.
   */
  lines(source: Extract<BurstSource, { kind: 'object' }>, fromByte: number): AsyncIterable<TaskLine>;
  remove(source: Extract<BurstSource, { kind: 'object' }>): Promise<void>;
}

export interface TaskLine {
  readonly text: string;
  /** Where the next line begins. */
  readonly endByte: number;
  /** The line is longer than this text, and than any message. */
  readonly isCut?: true;
}
