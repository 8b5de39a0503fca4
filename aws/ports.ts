import type { Lane } from '../core/lanes.ts';
import type {
  FunctionSettings,
  MappingSettings,
  QueueChange,
  QueueSettings,
} from '../core/lifecycle/differences.ts';
import type { CodeRef, FunctionSpec, MappingSpec, QueueSpec } from '../core/lifecycle/target.ts';
import type { Reservation, ReservationResult } from '../core/pacing.ts';
import type { StatusRecord } from '../core/status-record.ts';

/**
 * What Sluice needs of AWS, in its own words. One method is one call of AWS, unless its comment says more.
 * Expected answers ("already there", "already gone", "not yet") are results; anything else throws an
 * `AwsError` (aws/errors.ts) that keeps the cause, the request id and whether a retry can help.
 * Two implementations: aws/ with the SDK, lab/simulator on a virtual clock. One test suite holds both.
 */

export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

/** The table of config records: Sluice only reads it. */
export interface ConfigRecords {
  /** Strongly consistent. */
  read(pipelineId: string): Promise<Record<string, unknown> | undefined>;
  /** A slice of all records, in the table's own order. */
  page(cursor: string | undefined, limit: number): Promise<Page<Record<string, unknown>>>;
}

export interface StatusRecords {
  /** Strongly consistent. */
  read(pipelineId: string): Promise<StatusRecord | undefined>;
  /**
   * Replaces the record if its revision is still `next.revision` (0: there is none) and stores it with
   * the next revision.
   */
  write(next: StatusRecord): Promise<'written' | 'conflict'>;
  page(cursor: string | undefined, limit: number): Promise<Page<StatusRecord>>;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly cursor?: string;
}

/** Small shared facts with a revision each, and the ledgers that pace. Table `sluice-<stage>-ledgers`. */
export interface Ledgers {
  /** At most two conditional updates, three in a race; see core/pacing.ts. */
  reserve(ledgerId: string, request: Reservation): Promise<ReservationResult>;
  read(ledgerId: string): Promise<Fact | undefined>;
  /** Writes if the revision is still `expectedRevision` (0: there is none). */
  write(ledgerId: string, value: unknown, expectedRevision: number): Promise<'written' | 'conflict'>;
}

export interface Fact {
  readonly value: unknown;
  readonly revision: number;
}

/** Leave to make one call in Lambda's control-plane bucket, now. Only the budget gives it. */
export interface Permit {
  readonly lane: Lane;
  readonly startMs: number;
}

export interface QueueCounts {
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
}

export interface QueueState extends QueueSettings {
  readonly url: string;
  readonly arn: string;
  /** Approximate, as SQS says. */
  readonly counts: QueueCounts;
}

export interface QueueMessage {
  readonly messageId: string;
  readonly receipt: string;
  readonly body: string;
  /** A binary value is Base64. */
  readonly attributes: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
  readonly receiveCount: number;
  /** Epoch milliseconds; retention runs from here. */
  readonly sentAtMs: number;
}

export interface OutgoingMessage {
  /** Unique within the call. */
  readonly id: string;
  readonly body: string;
  readonly delaySeconds?: number;
  readonly attributes?: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
}

export interface SendFailure {
  readonly id: string;
  readonly code: string;
  /** The sender's fault: sending it again cannot help. */
  readonly senderFault: boolean;
}

/** SQS. None of it is in Lambda's bucket. */
export interface TaskQueues {
  /** The queue's url, or undefined if there is none of that name. */
  find(name: string): Promise<string | undefined>;
  /**
   * `created` also where one with the same attributes is there already: look at its tags before using it.
   * `nameBlocked`: a queue of this name was deleted within the last minute.
   * `differs`: there is one with other attributes.
   */
  create(
    spec: QueueSpec,
  ): Promise<
    | { readonly kind: 'created'; readonly url: string }
    | { readonly kind: 'nameBlocked' }
    | { readonly kind: 'differs' }
  >;
  tags(url: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Undefined if the queue is gone. */
  read(url: string): Promise<QueueState | undefined>;
  /** One call; `closed` and `sealed` read the queue's policy first, so as to keep what others wrote there. */
  change(url: string, change: QueueChange): Promise<'done' | 'gone'>;
  delete(url: string): Promise<'deleted' | 'gone'>;
  /** At most 10 messages, hidden from others for `visibilityTimeoutSeconds`; short poll. */
  receive(url: string, visibilityTimeoutSeconds: number): Promise<readonly QueueMessage[]>;
  /** At most 10; answers the receipts that could not be deleted. */
  deleteMessages(url: string, receipts: readonly string[]): Promise<readonly string[]>;
  /** At most 10 and 1 MiB together; answers what was not accepted. */
  send(url: string, messages: readonly OutgoingMessage[]): Promise<readonly SendFailure[]>;
  /** Urls of the queues whose names start so; a name is the url's last segment. */
  page(namePrefix: string, cursor: string | undefined): Promise<Page<string>>;
  /** Stops redrives out of this queue. Lists and cancels: one call, and one more for each that runs. */
  cancelRedrives(queueArn: string): Promise<void>;
}

export interface FunctionState extends FunctionSettings {
  readonly arn: string;
  /** Changes with the code only. */
  readonly architecture: 'arm64' | 'x86_64';
  readonly state: 'Pending' | 'Active' | 'Inactive' | 'Failed';
  readonly stateReason?: string;
  readonly lastUpdate: 'InProgress' | 'Successful' | 'Failed';
  readonly lastUpdateReason?: string;
  readonly codeSha256: string;
  readonly reservedConcurrency?: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Changes of a function: `busy` while it is Pending or an update is in progress. */
export type FunctionAnswer = 'done' | 'busy' | 'gone';

/** Lambda functions. All but `read` count in Lambda's bucket and take a permit. */
export interface ConsumerFunctions {
  /** GetFunction, which has a bucket of its own (100/s). */
  read(name: string): Promise<FunctionState | undefined>;
  /** `notReady`: the role cannot be assumed yet; `noCode`: the object is not there. */
  create(
    spec: FunctionSpec,
    code: CodeRef,
    permit: Permit,
  ): Promise<
    | { readonly kind: 'created'; readonly codeSha256: string }
    | { readonly kind: 'exists' | 'notReady' | 'noCode' }
  >;
  configure(spec: FunctionSpec, permit: Permit): Promise<FunctionAnswer>;
  updateCode(
    spec: FunctionSpec,
    code: CodeRef,
    permit: Permit,
  ): Promise<
    { readonly kind: 'done'; readonly codeSha256: string } | { readonly kind: 'busy' | 'gone' | 'noCode' }
  >;
  /** Reserves one unit of concurrency. `noRoom`: the account has none left to reserve. */
  reserveOne(name: string, permit: Permit): Promise<FunctionAnswer | 'noRoom'>;
  releaseReservation(name: string, permit: Permit): Promise<FunctionAnswer>;
  delete(name: string, permit: Permit): Promise<'deleted' | 'gone' | 'busy'>;
  /** Names of all functions of the account and region, at most 50. */
  page(cursor: string | undefined, permit: Permit): Promise<Page<string>>;
}

export interface MappingState extends MappingSettings {
  readonly id: string;
  readonly functionName: string;
  readonly queueArn: string;
  readonly state: 'Creating' | 'Enabling' | 'Enabled' | 'Disabling' | 'Disabled' | 'Updating' | 'Deleting';
}

/** Event source mappings. All of it counts in Lambda's bucket and takes a permit. */
export interface Mappings {
  /** `exists`: the pair has one already, perhaps one that is being deleted. `notReady`: the function or role is not. */
  create(
    spec: MappingSpec,
    permit: Permit,
  ): Promise<
    | { readonly kind: 'created'; readonly mapping: MappingState }
    | { readonly kind: 'exists'; readonly id: string | undefined }
    | { readonly kind: 'notReady'; readonly reason: string }
  >;
  read(id: string, permit: Permit): Promise<MappingState | undefined>;
  /** The mapping between this function and queue, if there is one. */
  find(functionName: string, queueArn: string, permit: Permit): Promise<MappingState | undefined>;
  change(
    id: string,
    change: Partial<MappingSettings>,
    permit: Permit,
  ): Promise<{ readonly kind: 'done'; readonly mapping: MappingState } | { readonly kind: 'inUse' | 'gone' }>;
  delete(id: string, permit: Permit): Promise<'deleting' | 'gone' | 'inUse'>;
  /** All of the account and region, at most 100. */
  page(cursor: string | undefined, permit: Permit): Promise<Page<MappingState>>;
}

export interface AccountLimits {
  readonly concurrency: number;
  readonly unreservedConcurrency: number;
  readonly codeBytesUsed: number;
  readonly codeBytesAllowed: number;
}

export interface Account {
  /** GetAccountSettings. */
  read(permit: Permit): Promise<AccountLimits>;
}

export interface CodeObject {
  readonly key: string;
  readonly version: string;
  readonly sizeBytes: number;
  readonly etag: string;
}

export interface CodeBucket {
  /** The object's current version, or the one named; undefined if there is none. */
  head(key: string, version?: string): Promise<CodeObject | undefined>;
}

/** A message as salvage keeps it: one JSON line. */
export interface SalvagedMessage {
  readonly messageId: string;
  readonly from: 'queue' | 'deadLetterQueue';
  readonly body: string;
  readonly attributes: QueueMessage['attributes'];
  readonly receiveCount: number;
  readonly sentAtMs: number;
}

export interface SalvageStore {
  /** `s3://bucket/prefix/` of a pipeline. */
  uri(pipelineId: string): string;
  /** Writes one object and answers its key; the line count stands in the key. */
  write(pipelineId: string, part: string, messages: readonly SalvagedMessage[]): Promise<string>;
  page(
    pipelineId: string,
    cursor: string | undefined,
  ): Promise<Page<{ readonly key: string; readonly count: number }>>;
  read(key: string): Promise<readonly SalvagedMessage[]>;
  delete(key: string): Promise<void>;
}

export interface Executions {
  /** Starts the lifecycle machine; `already`: an execution of that name runs or ran. */
  start(name: string, input: LifecycleInput): Promise<'started' | 'already'>;
}

/** What starts a run: a hint. The run reads everything it needs. */
export interface LifecycleInput {
  readonly pipelineId: string;
  /** Compare with the real resources even where nothing seems changed. */
  readonly verify: boolean;
  /** For people who read execution histories. */
  readonly reason: string;
}

export interface Rollouts {
  /** Starts the rollout machine; `already`: an execution of that name runs or ran. */
  start(name: string, input: RolloutInput): Promise<'started' | 'already'>;
}

/** What starts a rollout: an upload that was seen. The rollout admits what is current when it looks. */
export interface RolloutInput {
  readonly key: string;
  readonly version: string;
}

export interface Log {
  info(message: string, data?: Readonly<Record<string, unknown>>): void;
  warn(message: string, data?: Readonly<Record<string, unknown>>): void;
}

export interface Metrics {
  /** One EMF line; properties are searchable but are not dimensions, so they cost nothing. */
  count(name: string, value: number, properties?: Readonly<Record<string, string | number>>): void;
}

/** Everything a function acts through. */
export interface Ports {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly configs: ConfigRecords;
  readonly statuses: StatusRecords;
  readonly ledgers: Ledgers;
  readonly queues: TaskQueues;
  readonly functions: ConsumerFunctions;
  readonly mappings: Mappings;
  readonly account: Account;
  readonly code: CodeBucket;
  readonly salvage: SalvageStore;
  readonly executions: Executions;
  readonly rollouts: Rollouts;
  readonly log: Log;
  readonly metrics: Metrics;
}
