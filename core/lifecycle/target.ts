import { MAPPING_CONCURRENCY_MIN, SQS_RETENTION_MAX_SECONDS } from '../aws-limits.ts';
import { configHash } from '../config-hash.ts';
import type { Wanted } from '../config-record.ts';
import { CONSUMER_ENVIRONMENT } from '../consumer-code.ts';
import { type ConsumerLimits, limitsText } from '../flow/limits.ts';
import { planPace } from '../flow/pace.ts';
import { ownerTags, pipelineNames } from '../names.ts';

/** One release of consumer code: an object in the code bucket, one version of it. */
export interface CodeRef {
  readonly key: string;
  readonly version: string;
}

/** What every consumer of a stage has in common; comes from serverless.yml, not from a record. */
export interface ConsumerSettings {
  readonly stage: string;
  readonly roleArn: string;
  readonly codeBucket: string;
  /** The table in which consumers count attempts, reserve starts and take leases. */
  readonly flowTable: string;
  /** The table of what a group's tasks share: its hold, its breaker. */
  readonly holdsTable: string;
  /** The table in which consumers note what becomes of the tasks of bursts. */
  readonly burstsTable: string;
  readonly logGroup: string;
  readonly runtime: string;
  readonly architecture: 'arm64' | 'x86_64';
  readonly handler: string;
  readonly layers: readonly string[];
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly tracing: boolean;
}

/** What is to be: the record's wishes, the code admitted to it, and whether its consumer should run. */
export interface Target {
  readonly wanted: Wanted;
  readonly code: CodeRef;
  /** False while paused, held or resting. */
  readonly enabled: boolean;
  /** One task at a time is kept by the runtime's lease, as no unit of concurrency is to be had; else absent. */
  readonly lease?: true;
  /** Hash of what the stage decides for all its consumers. */
  readonly settingsHash: string;
  /** Hash of everything that is applied to resources. */
  readonly hash: string;
}

/** Puts a target together. */
export function targetOf(
  wanted: Wanted,
  code: CodeRef,
  enabled: boolean,
  settings: ConsumerSettings,
  lease = false,
): Target {
  const settingsHash = configHash(settings);
  const wish = { wanted, code, enabled, ...(lease && { lease: true as const }), settingsHash };
  return { ...wish, hash: configHash(wish) };
}

/** What of a target the consumer itself is told. */
export type Told = Pick<Target, 'wanted' | 'lease'>;

/** The limits that the consumer's runtime keeps. */
export function limitsOf({ wanted, lease }: Told): ConsumerLimits {
  const { breaker, idempotency, maxReceiveCount } = wanted;
  return {
    pace: planPace(wanted),
    lease: lease === true,
    ...(breaker && { breaker: inOrder(breaker) }),
    ...(idempotency && { idempotency: inOrder(idempotency) }),
    maxReceives: maxReceiveCount,
  };
}

/** A target that has been in a table comes back with its fields in another order, and the text that is made of it must be the same. */
function inOrder<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))) as T;
}

export interface QueueSpec {
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  readonly messageRetentionSeconds: number;
  /** Where SQS itself puts a message received too often; absent on the dead-letter queue. */
  readonly redrive?: { readonly deadLetterQueueArn: string; readonly maxReceiveCount: number };
  readonly tags: Readonly<Record<string, string>>;
}

export interface FunctionSpec {
  readonly name: string;
  readonly roleArn: string;
  readonly handler: string;
  readonly runtime: string;
  readonly architecture: 'arm64' | 'x86_64';
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly layers: readonly string[];
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly tracing: boolean;
  readonly logGroup: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface MappingSpec {
  readonly functionName: string;
  readonly queueArn: string;
  readonly enabled: boolean;
  /** 2 is the least that an event source mapping takes. */
  readonly maximumConcurrency: number;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  /** A batch may succeed in part: the consumer reports message by message. Never anything else. */
  readonly partialFailures: true;
  readonly tags: Readonly<Record<string, string>>;
}

/** SQS's default; nothing but salvage receives from a dead-letter queue. */
const DEAD_LETTER_VISIBILITY_SECONDS = 30;

export function deadLetterQueueSpec(pipelineId: string, stage: string): QueueSpec {
  return {
    name: pipelineNames(stage, pipelineId).deadLetterQueue,
    visibilityTimeoutSeconds: DEAD_LETTER_VISIBILITY_SECONDS,
    // Dead letters are kept as long as SQS allows.
    messageRetentionSeconds: SQS_RETENTION_MAX_SECONDS,
    tags: ownerTags(stage, pipelineId),
  };
}

export function queueSpec(wanted: Wanted, stage: string, deadLetterQueueArn: string): QueueSpec {
  return {
    name: pipelineNames(stage, wanted.pipelineId).queue,
    visibilityTimeoutSeconds: wanted.visibilityTimeoutSeconds,
    messageRetentionSeconds: wanted.messageRetentionSeconds,
    redrive: { deadLetterQueueArn, maxReceiveCount: wanted.maxReceiveCount },
    tags: ownerTags(stage, wanted.pipelineId),
  };
}

export function functionSpec(told: Told, settings: ConsumerSettings): FunctionSpec {
  const { wanted } = told;
  return {
    name: pipelineNames(settings.stage, wanted.pipelineId).function,
    roleArn: settings.roleArn,
    handler: settings.handler,
    runtime: settings.runtime,
    architecture: settings.architecture,
    timeoutSeconds: wanted.timeoutSeconds,
    memoryMb: wanted.memoryMb,
    environment: {
      ...wanted.environment,
      [CONSUMER_ENVIRONMENT.stage]: settings.stage,
      [CONSUMER_ENVIRONMENT.pipelineId]: wanted.pipelineId,
      [CONSUMER_ENVIRONMENT.maxAttempts]: String(wanted.maxAttempts),
      [CONSUMER_ENVIRONMENT.flowTable]: settings.flowTable,
      [CONSUMER_ENVIRONMENT.holdsTable]: settings.holdsTable,
      ...(wanted.progress !== false && { [CONSUMER_ENVIRONMENT.burstsTable]: settings.burstsTable }),
      [CONSUMER_ENVIRONMENT.limits]: limitsText(limitsOf(told)),
    },
    layers: settings.layers,
    subnetIds: settings.subnetIds,
    securityGroupIds: settings.securityGroupIds,
    tracing: settings.tracing,
    logGroup: settings.logGroup,
    tags: ownerTags(settings.stage, wanted.pipelineId),
  };
}

export function mappingSpec(target: Target, stage: string, queueArn: string): MappingSpec {
  const { wanted } = target;
  return {
    functionName: pipelineNames(stage, wanted.pipelineId).function,
    queueArn,
    enabled: target.enabled,
    maximumConcurrency: Math.max(MAPPING_CONCURRENCY_MIN, wanted.concurrency),
    batchSize: wanted.batchSize,
    batchWindowSeconds: wanted.batchWindowSeconds,
    partialFailures: true,
    tags: ownerTags(stage, wanted.pipelineId),
  };
}

/**
 * An event source mapping cannot be limited below 2, so one at a time takes one unit of the account's
 * reserved concurrency on the function besides; or else the runtime's lease.
 */
export function reservedConcurrency({ wanted, lease }: Told): 1 | undefined {
  return wanted.concurrency === 1 && !lease ? 1 : undefined;
}
