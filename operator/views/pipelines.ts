import type { AccountFact } from '../../core/account.ts';
import type { BurstProgress } from '../../core/burst/progress.ts';
import type { FieldChange } from '../../core/config-record/changes.ts';
import type { GroupState } from '../../core/flow/hold.ts';
import type { Ending } from '../../core/lifecycle/what-happens.ts';
import type { Problem } from '../../core/problems.ts';
import type { Phase, StatusRecord } from '../../core/status-record.ts';
import type { Remedy, Verdict } from '../../core/verdict/verdict.ts';

/** What stands for a value that is not shown. */
export const MASKED = '••••••••';

/** What the queues of a pipeline hold, as SQS counts them: approximate. */
export interface QueueLook {
  readonly atMs: number;
  readonly waiting: number;
  /** Received and not over: those that run, and those that are held back until they may start. */
  readonly running: number;
  readonly delayed: number;
  readonly deadLetters: number;
}

/** A pipeline in a list. Plain JSON, as all views are; times are epoch milliseconds. */
export interface PipelineRow {
  readonly pipelineId: string;
  readonly phase: Phase;
  /** Why it waits, or that it does not; without `look` as far as can be told without its queues. */
  readonly verdict: Verdict;
  /** The verdict in words. */
  readonly says: string;
  readonly remedy?: Remedy;
  /** Tasks at once that it may run; absent while nothing of it is applied. */
  readonly concurrency?: number;
  /** Starts a second that its rate limits come to; absent: it has none. */
  readonly perSecond?: number;
  /** Absent where nobody has looked. */
  readonly look?: QueueLook;
  /** Since when its oldest task is there, of a pipeline with tasks; `isAtMost`: no longer than that. */
  readonly oldest?: { readonly sinceMs: number; readonly isAtMost: boolean };
  readonly codeKey?: string;
  readonly codeVersion?: string;
  readonly isPaused: boolean;
  /** Its record is deleted: it drains, or is about to. */
  readonly isLeaving?: true;
}

/** All pipelines of a stage. */
export interface Overview {
  readonly stage: string;
  readonly atMs: number;
  readonly rows: readonly PipelineRow[];
  /** What the account allows, as the reconciler last saw it. */
  readonly account?: AccountFact;
}

/** One pipeline, with all that is written down of it. */
export interface PipelineView {
  readonly row: PipelineRow;
  /** The config record as it stands in the table; absent: it is deleted. Values of its environment, and of what is no field, are masked. */
  readonly record?: Readonly<Record<string, unknown>>;
  /** Stands for that record with its values, for a put that nobody else's edit is lost by; good within this process. */
  readonly standing: string;
  readonly status?: StatusRecord;
  readonly group?: GroupState;
  /** What becomes of its tasks if its record is deleted now. */
  readonly ending?: Ending;
  /** The newest bursts, at most ten. */
  readonly bursts: readonly BurstProgress[];
}

/** What putting a record would do; nothing is written. */
export interface RecordCheck {
  /** Everything that is wrong; empty: it may be put. */
  readonly problems: readonly Problem[];
  /** Fields that would change, by their path in the record. */
  readonly changes: readonly FieldChange[];
  /** Stands for the record that is there now, for a put that nobody else's edit is lost by; good within this process. */
  readonly standing: string;
}

/** One dead letter, for people to look at. */
export interface LetterSample {
  readonly messageId: string;
  readonly reason: string;
  readonly attempts: number;
  readonly error?: { readonly name: string; readonly message: string };
  readonly firstSentAtMs: number;
  /** The task, cut off after some hundred characters. */
  readonly body: string;
}

/** Dead letters of a pipeline. A look hides none of them for longer than some seconds. */
export interface DeadLetterView {
  /** As SQS counts them: approximate. */
  readonly total: number;
  /** How many were looked at. */
  readonly sampled: number;
  /** Of those: how many for each reason, the most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly letters: number }[];
  readonly samples: readonly LetterSample[];
}

/** Measured over time, a point each `stepSeconds`; undefined where nothing was measured. */
export interface Curves {
  readonly fromMs: number;
  readonly stepSeconds: number;
  readonly running: readonly (number | null)[];
  readonly waiting: readonly (number | null)[];
  /** Nobody measures it: it is what somebody who looks has seen since then. */
  readonly waitingSinceMs?: number;
  readonly p50Seconds: readonly (number | null)[];
  readonly p95Seconds: readonly (number | null)[];
  /** Refusals of the other side in each step. */
  readonly throttled: readonly (number | null)[];
  readonly done: readonly (number | null)[];
}

/** Something that the system did, and why. */
export interface StageEvent {
  readonly atMs: number;
  /** The detail-type of its EventBridge event, or the message of the log line. */
  readonly what: string;
  readonly pipelineId?: string;
  /** One line for people. */
  readonly says: string;
  /** What it has changed of a pipeline, field by field; absent where it tells of no change. */
  readonly changes?: readonly FieldChange[];
  /** So many more fields, which are not told. */
  readonly moreChanges?: number;
  readonly detail: Readonly<Record<string, unknown>>;
}
