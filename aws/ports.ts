import type { Account } from './ports/account.ts';
import type { Bursts, TaskObjects } from './ports/bursts.ts';
import type { Clock } from './ports/clock.ts';
import type { CodeBucket } from './ports/code.ts';
import type { BurstRuns, Executions, Redrives, Rollouts } from './ports/executions.ts';
import type { ConsumerFunctions } from './ports/functions.ts';
import type { Mappings } from './ports/mappings.ts';
import type { QueueAges } from './ports/queue-ages.ts';
import type { TaskQueues } from './ports/queues.ts';
import type { Events, HealthReports, Releases } from './ports/releases.ts';
import type { SalvageStore } from './ports/salvage.ts';
import type { ConfigRecords, Flow, Holds, Ledgers, StatusRecords } from './ports/tables.ts';
import type { Log, Metrics } from './ports/telemetry.ts';

export type { Account, AccountLimits } from './ports/account.ts';
export type { Bursts, TaskLine, TaskObjects } from './ports/bursts.ts';
export type { Clock } from './ports/clock.ts';
export type { CodeBucket, CodeObject, CodeVersion } from './ports/code.ts';
export type {
  BurstRunInput,
  BurstRuns,
  Executions,
  LifecycleInput,
  RedriveInput,
  Redrives,
  RolloutInput,
  Rollouts,
} from './ports/executions.ts';
export type { ConsumerFunctions, FunctionAnswer, FunctionState, InvokeAnswer } from './ports/functions.ts';
export type { MappingState, Mappings } from './ports/mappings.ts';
export type { Page } from './ports/page.ts';
export type { Permit } from './ports/permit.ts';
export type { QueueAges } from './ports/queue-ages.ts';
export type {
  OutgoingMessage,
  QueueCounts,
  QueueMessage,
  QueueState,
  SendFailure,
  TaskQueues,
} from './ports/queues.ts';
export type { Events, HealthReports, Releases } from './ports/releases.ts';
export type { SalvagedMessage, SalvageStore } from './ports/salvage.ts';
export type { ConfigRecords, Fact, Flow, Holds, Ledgers, StatusRecords } from './ports/tables.ts';
export type { Log, Metrics } from './ports/telemetry.ts';

/**
 * Everything a function acts through: what Sluice needs of AWS, in its own words. One method is one call of
 * AWS, unless its comment says more. Expected answers ("already there", "already gone", "not yet") are results;
 * anything else throws an `AwsError` (aws/errors.ts) that keeps the cause, the request id and whether a retry
 * can help.
 * Two implementations: aws/ with the SDK, lab/simulator on a virtual clock. One test suite holds both.
 */
export interface Ports {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly configs: ConfigRecords;
  readonly statuses: StatusRecords;
  readonly ledgers: Ledgers;
  readonly holds: Holds;
  readonly flow: Flow;
  readonly queues: TaskQueues;
  readonly queueAges: QueueAges;
  readonly functions: ConsumerFunctions;
  readonly mappings: Mappings;
  readonly account: Account;
  readonly code: CodeBucket;
  readonly salvage: SalvageStore;
  readonly executions: Executions;
  readonly rollouts: Rollouts;
  readonly redrives: Redrives;
  readonly burstRuns: BurstRuns;
  readonly bursts: Bursts;
  readonly taskObjects: TaskObjects;
  readonly releases: Releases;
  readonly health: HealthReports;
  readonly events: Events;
  readonly log: Log;
  readonly metrics: Metrics;
}
