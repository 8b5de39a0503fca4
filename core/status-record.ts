import type { Measured } from './flow/measured.ts';
import type { Held } from './lifecycle/hold-rest.ts';
import type { LimitsNote } from './lifecycle/limits-note.ts';
import type { Enforced } from './lifecycle/pace-change.ts';
import type { Target } from './lifecycle/target.ts';
import type { Problem } from './problems.ts';

/** Where a pipeline stands, as the status record says it to people and programs. */
export type Phase =
  | 'Creating'
  | 'Active'
  | 'Paused'
  | 'Updating'
  | 'SyncingCode'
  | 'Draining'
  | 'Deleting'
  | 'Deleted'
  | 'Rejected'
  | 'Failed';

/** Why a pipeline is `Rejected` or `Failed`. */
export interface StatusError {
  /** Stable, for programs. */
  readonly code: string;
  /** For people: where, what is allowed, what was given, what to do. */
  readonly message: string;
  /** The config record's field, where one is to blame. */
  readonly path?: string;
  /** The lifecycle step that failed. */
  readonly step?: string;
  /** ISO 8601. */
  readonly at: string;
  /** Everything that is wrong with the record, one by one. */
  readonly problems?: readonly Problem[];
}

/** Tasks that a teardown could not let run: JSON Lines in the salvage bucket. */
export interface Salvage {
  /** `s3://bucket/prefix/` of this pipeline's salvage. */
  readonly uri: string;
  /** Lines written; a crash may have written a task twice, its restore sends it once. */
  readonly count: number;
}

/**
 * The right to change one pipeline's resources.
 * It is free once `untilMs` is past; an attempt of a step may be running until `busyUntilMs`.
 */
export interface Lease {
  /** The execution that holds it. */
  readonly owner: string;
  readonly untilMs: number;
  readonly busyUntilMs: number;
  /** Somebody came by while it was held: go round again before freeing it. */
  readonly pending: boolean;
}

/** What the holder of the lease is doing. */
export interface Run {
  readonly kind: RunKind;
  /** The step whose attempt started last. */
  readonly step: string;
  readonly startedAtMs: number;
  /** What is to be; absent in a teardown. */
  readonly target?: Target;
  /** What the consumer is to rest for, if that is a hold of its group. */
  readonly held?: Held;
  /** Nothing remembered can be trusted: read what is, also where that costs a call. */
  readonly verify: boolean;
}

/**
 * `switch` turns the mapping on or off and nothing else, so that a pause is one call away; `confirm` changes
 * nothing and only settles; the last three tear down.
 */
export type RunKind =
  | 'create'
  | 'update'
  | 'codeSync'
  | 'switch'
  | 'confirm'
  | 'drain'
  | 'salvage'
  | 'discard';

/** Whether a run of this kind takes a pipeline down. */
export function isTeardown(kind: RunKind): boolean {
  return kind === 'drain' || kind === 'salvage' || kind === 'discard';
}

/** A teardown that has begun; it outlives a failed run. */
export interface Closing {
  readonly sinceMs: number;
  /** What is left is not kept: decided once, from a record that had been applied in full. */
  readonly discard?: boolean;
  /** The consumer has been stopped: what is left is salvaged. */
  readonly processingOver: boolean;
}

/** A release that has been replaced. */
export interface FormerCode {
  readonly key: string;
  readonly version: string;
  /** Epoch milliseconds. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** Messages in the dead-letter queue when it came. */
  readonly deadLettersBefore?: number;
}

/** The largest limits that tasks may have started under. */
export interface Ceiling {
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  /** Every way of keeping rate limits that calls may go by. */
  readonly paces?: readonly Enforced[];
}

/**
 * The status record: what is. Table `sluice-<stage>-status`, key `pipelineId`.
 * It is replaced as a whole, only if `revision` is still what was read.
 */
export interface StatusRecord {
  readonly pipelineId: string;
  readonly revision: number;
  readonly phase: Phase;
  readonly queueUrl?: string;
  readonly deadLetterQueueUrl?: string;
  readonly functionName?: string;
  readonly eventSourceMappingId?: string;
  readonly codeKey?: string;
  readonly codeVersion?: string;
  /** Hash of what was last applied. */
  readonly configHash?: string;
  readonly error?: StatusError;
  readonly salvage?: Salvage;
  /** How its limits are kept, and at what price. */
  readonly limits?: LimitsNote;
  /** By how much all pipelines' concurrency together exceeds the account's pool. */
  readonly overcommitted?: number;
  /** ISO 8601. */
  readonly updatedAt: string;
  /** Epoch seconds: a `Deleted` record goes by DynamoDB's TTL. */
  readonly expiresAt?: number;

  /** Counts attempts of steps: each takes the next number, so a stale attempt can tell. */
  readonly fence: number;
  readonly lease?: Lease;
  readonly run?: Run;
  /** Resources may exist: a teardown has something to look for. */
  readonly built: boolean;
  /** A run has begun and not settled: the resources may stand between two targets. */
  readonly dirty: boolean;
  /** A teardown has begun: the queue takes no more tasks. */
  readonly closing?: Closing;
  /** The consumer rests until a task comes, or as long as `hold` says. */
  readonly resting?: boolean;
  /** Its group waits so long that its consumer rests meanwhile. */
  readonly hold?: Held;
  /** How long its tasks take; only where its concurrency follows from that. */
  readonly measured?: Measured;
  /** What was last applied in full. */
  readonly applied?: Target;
  /** Since the last settling: a run that was broken off may have raised a limit before it was lowered again. */
  readonly ceiling?: Ceiling;
  /** Lambda's own digest of the code that `codeVersion` names: another one is drift. */
  readonly codeSha256?: string;
  /** Since when `codeVersion` serves, epoch milliseconds, and the dead letters that there were then. */
  readonly codeSinceMs?: number;
  readonly deadLettersBefore?: number;
  /** The releases that served before it, from when to when: the last three, the latest first. */
  readonly formerCodes?: readonly FormerCode[];
  /** Changes that wait for a better moment, for instance a shorter retention for an empty queue. */
  readonly deferred?: readonly string[];
  /** Failed runs in a row and when the reconciler may try again. */
  readonly failures?: { readonly count: number; readonly retryAtMs: number };
  /** When the queues were deleted: SQS blocks their names for a while. */
  readonly deletedAtMs?: number;
  /** When a task was last sent or seen; an idle pipeline may rest. */
  readonly lastActivityAtMs?: number;
}

/** A status record for a pipeline that nobody has looked at yet. */
export function newStatus(pipelineId: string, now: string): StatusRecord {
  return { pipelineId, revision: 0, phase: 'Creating', updatedAt: now, fence: 0, built: false, dirty: false };
}

/**
 * Whether a pipeline's queue takes tasks. One whose record is now bad, or whose last run failed, goes on as
 * it was.
 */
export function acceptsTasks(status: StatusRecord): boolean {
  return status.applied !== undefined && status.closing === undefined && status.phase !== 'Deleted';
}
