import * as z from 'zod';
import type { Spread } from '../config-record/spread.ts';
import type { MeasuredTasks } from '../spread/estimate.ts';
import type { BurstPlan } from '../spread/plan.ts';
import type { KeptStarts } from './kept-starts.ts';
import type { LetterLooks } from './letter-looks.ts';

/** Where a burst's tasks are read from. */
export type BurstSource =
  /** Handed over with the call, and kept nowhere else: only whoever has them can go on. */
  | { readonly kind: 'inline' }
  /** `{"document": 1}` to `{"document": total}`. */
  | { readonly kind: 'numbered' }
  /** JSON Lines in S3: this very version of the object, or none. */
  | {
      readonly kind: 'object';
      readonly bucket: string;
      readonly key: string;
      /** Of an unversioned bucket it is absent; `etag` is then what must still be the same. */
      readonly version?: string;
      readonly etag: string;
      /** Sluice has written it itself, and removes it when the burst has ended. */
      readonly isOwn: boolean;
    };

/** The plan of all tasks from one index on, until the next segment's. */
export interface Segment {
  readonly fromIndex: number;
  /** The hand-over, from which the plan's times count, epoch milliseconds. */
  readonly startMs: number;
  readonly plan: BurstPlan;
}

/**
 * `Sending`: not all are handed to SQS yet. `Paused`: the same, and nothing more is sent for now. `Sent`: all that
 * will ever be sent are. `Ended`: every task is over.
 */
export const BURST_STATES = ['Sending', 'Paused', 'Sent', 'Ended'] as const;
export type BurstState = (typeof BURST_STATES)[number];

/** Whether all that will ever be sent of it is with SQS. */
export function isSent({ state }: { readonly state: BurstState }): boolean {
  return state === 'Sent' || state === 'Ended';
}

/** A task that SQS never took, and why. */
export interface Refusal {
  readonly index: number;
  readonly code: string;
}

/** No more are kept by name; all are counted. */
export const REFUSALS_KEPT = 100;

/** What came of a burst, as far as it has come. Tasks, each in one of them, except that `failed` also wait or run. */
export interface BurstTotals {
  readonly total: number;
  /** SQS has taken them. */
  readonly sent: number;
  /** SQS never took them. */
  readonly refused: number;
  /** Begun at least once. */
  readonly started: number;
  readonly running: number;
  readonly done: number;
  /** Have failed at least once and are not over: they come back. */
  readonly failed: number;
  readonly deadLettered: number;
  /** Of a burst that has ended: nobody knows what became of them, for they are in no queue and nothing was noted. */
  readonly unaccounted: number;
}

/** `samePace`: as it was planned, but from now on; it was paused, or nobody sent it. */
export type Replan = { readonly kind: 'samePace' } | { readonly kind: 'goal'; readonly goal?: Spread };

/** A burst's record: item `<burstId>` of the table `sluice-<stage>-bursts`, replaced as a whole by compare-and-set. */
export interface BurstRecord {
  readonly burstId: string;
  readonly pipelineId: string;
  readonly revision: number;
  readonly state: BurstState;
  /** Somebody has cancelled what was not sent yet; `total` counts what was. */
  readonly isCancelled: boolean;
  /** Tasks that it counts. */
  readonly total: number;
  /** Tasks as they were handed over. */
  readonly given: number;
  /** Of the tasks as they were handed over: another burst under the same id has another one. */
  readonly fingerprint: string;
  readonly source: BurstSource;
  /** The goal of its first plan: its own or the group's; absent where there was none. */
  readonly spread?: Spread;
  /** In order; the first begins at 0. */
  readonly segments: readonly Segment[];
  /** What was known of the pipeline when its tasks were estimated: whoever goes on comes to the same times. */
  readonly known?: { readonly measured?: MeasuredTasks; readonly timeoutSeconds: number };
  /** The runtime notes what becomes of each task. */
  readonly isCounted: boolean;
  readonly refusals: readonly Refusal[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** When the last task was handed to SQS. */
  readonly sentAtMs?: number;
  readonly endedAtMs?: number;
  /** The execution that sends it, and no other does; absent where one call of the trigger does. */
  readonly driver?: { readonly owner: string; readonly executions: number; readonly dueAtMs: number };
  /** A call that sends it just now, and is over by then, epoch milliseconds: nobody else does until then. */
  readonly sending?: { readonly by: string; readonly untilMs: number };
  /** What is not sent yet gets another plan: whoever sends it makes that before the next round. */
  readonly replan?: Replan;
  /** Why somebody has not sent all of it, has paused it, or waits; for people. */
  readonly because?: string;
  /** Since when its pipeline has taken nothing of it, epoch milliseconds; absent while it does. */
  readonly stuckSinceMs?: number;
  /** Of a paused one: since when, epoch milliseconds. */
  readonly pausedAtMs?: number;
  /** Some of it is with SQS: without its mark nobody can send the rest. */
  readonly hasBegun?: boolean;
  /** As they were last summed up; final once it has ended. */
  readonly totals?: BurstTotals;
  /** When the reconciler has summed up `totals`, epoch milliseconds. */
  readonly summedAtMs?: number;
  /** The most tasks of it that ran at once, from the tasks' own stamps; only once it has ended. */
  readonly peakConcurrency?: number;
  /** What its tasks took, of those that are done; only once it has ended. */
  readonly took?: {
    readonly tasks: number;
    readonly meanSeconds: number;
    readonly p95Seconds: number;
    /** Of those that said their size. */
    readonly secondsPerByte?: number;
  };
  /**
   * When the reconciler looks at it next, epoch milliseconds: until it has ended, and all have been told. It is the key
   * of an index.
   */
  readonly checkAtMs?: number;
  /** Since when its pipeline's queue has been seen empty, though not all of its tasks are over; epoch milliseconds. */
  readonly quietSinceMs?: number;
  /** Looks for dead letters of it that were cut short; absent where none was. */
  readonly letterLooks?: LetterLooks;
  /** Only once it has ended: when the record goes, epoch seconds. */
  readonly expiresAt?: number;
}

/** How far the sending is: item `<burstId>#sent`. Written by whoever sends. */
export interface SentMark {
  /** All tasks before this index are with SQS, or refused. */
  readonly fromIndex: number;
  /** Where the line of that index begins in the source object, bytes. */
  readonly fromByte: number;
  readonly accepted: number;
  readonly refused: number;
  /** Where the segment's starts were at `fromIndex`; absent at the beginning. */
  readonly starts?: KeptStarts;
  /**
   * Calls of the round that begins at `fromIndex` which SQS has answered, by their number; and below zero the tasks that
   * it has refused for good: core/burst/noted.ts.
   */
  readonly calls: readonly number[];
}

export const NOTHING_SENT: SentMark = { fromIndex: 0, fromByte: 0, accepted: 0, refused: 0, calls: [] };

/** Record fields that an item must have to be one; all else is trusted, for only Sluice writes the table. */
const recordSchema = z.looseObject({
  burstId: z.string(),
  pipelineId: z.string(),
  revision: z.number(),
  state: z.enum(BURST_STATES),
  total: z.number(),
  segments: z.array(z.looseObject({ fromIndex: z.number(), startMs: z.number() })),
});

/** @throws where the item is no record of a burst */
export function readBurstRecord(item: unknown): BurstRecord {
  return recordSchema.parse(item) as unknown as BurstRecord;
}

/** The plan that places a task, and the index from which it counts. */
export function segmentOf({ segments }: Pick<BurstRecord, 'segments'>, index: number): Segment {
  const segment = segments.findLast(({ fromIndex }) => fromIndex <= index);
  if (segment === undefined) throw new RangeError(`no segment of the burst has the task ${index}`);
  return segment;
}
