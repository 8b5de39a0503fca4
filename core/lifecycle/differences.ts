import { equalJson } from '../equal-json.ts';
import type { FunctionSpec, MappingSpec, QueueSpec } from './target.ts';

/** The settings of a queue that Sluice looks after. */
export interface QueueSettings {
  readonly visibilityTimeoutSeconds: number;
  readonly messageRetentionSeconds: number;
  readonly redrive?: { readonly deadLetterQueueArn: string; readonly maxReceiveCount: number };
  /** Nobody but the consumers may send: a teardown is under way. */
  readonly closed: boolean;
  /** Nobody at all may send: no task runs any more that could. */
  readonly sealed?: boolean;
}

/** A change of a queue's attributes; only what is named changes. */
export interface QueueChange {
  readonly visibilityTimeoutSeconds?: number;
  readonly messageRetentionSeconds?: number;
  readonly redrive?: { readonly deadLetterQueueArn: string; readonly maxReceiveCount: number };
  readonly closed?: boolean;
  readonly sealed?: true;
}

/** When a change of a queue may be made: before the function changes, or only after. */
export type QueueMoment = 'before' | 'after';

/**
 * What to set on a queue at this moment. The visibility timeout must never be below the function's, so it
 * is raised before and lowered after; retention is raised before and lowered after, and only while the
 * queue is empty: SQS deletes what is older than a lowered retention.
 */
export function queueChange(
  wanted: QueueSpec,
  actual: QueueSettings,
  moment: QueueMoment,
  empty: boolean,
): QueueChange | undefined {
  const change: { -readonly [K in keyof QueueChange]: QueueChange[K] } = {};
  const raisesVisibility = wanted.visibilityTimeoutSeconds > actual.visibilityTimeoutSeconds;
  const lowersVisibility = wanted.visibilityTimeoutSeconds < actual.visibilityTimeoutSeconds;
  const raisesRetention = wanted.messageRetentionSeconds > actual.messageRetentionSeconds;
  const lowersRetention = wanted.messageRetentionSeconds < actual.messageRetentionSeconds;
  if (moment === 'before' ? raisesVisibility : lowersVisibility) {
    change.visibilityTimeoutSeconds = wanted.visibilityTimeoutSeconds;
  }
  if (moment === 'before' ? raisesRetention : lowersRetention && empty) {
    change.messageRetentionSeconds = wanted.messageRetentionSeconds;
  }
  if (moment === 'before' && wanted.redrive && !equalJson(wanted.redrive, actual.redrive ?? null)) {
    change.redrive = wanted.redrive;
  }
  if (moment === 'before' && actual.closed) change.closed = false;
  return Object.keys(change).length > 0 ? change : undefined;
}

/** Whether a shorter retention is wanted and still to be set. */
export function defersRetention(wanted: QueueSpec, actual: QueueSettings): boolean {
  return wanted.messageRetentionSeconds < actual.messageRetentionSeconds;
}

/** The settings of a function that Sluice looks after, without its code and its tags. */
export type FunctionSettings = Omit<FunctionSpec, 'name' | 'tags' | 'architecture'>;

/** The fields of a function that differ from what is wanted. */
export function functionDifferences(
  wanted: FunctionSpec,
  actual: FunctionSettings,
): (keyof FunctionSettings)[] {
  const fields: (keyof FunctionSettings)[] = [
    'roleArn',
    'handler',
    'runtime',
    'timeoutSeconds',
    'memoryMb',
    'environment',
    'layers',
    'subnetIds',
    'securityGroupIds',
    'tracing',
    'logGroup',
  ];
  return fields.filter((field) => !equalJson(inOrder(field, wanted), inOrder(field, actual)));
}

/** Lambda answers a VPC's lists in an order of its own; that of layers has a meaning. */
function inOrder(field: keyof FunctionSettings, settings: FunctionSettings): unknown {
  return field === 'subnetIds' || field === 'securityGroupIds' ? settings[field].toSorted() : settings[field];
}

/** The settings of a mapping that Sluice looks after. */
export type MappingSettings = Pick<
  MappingSpec,
  'enabled' | 'maximumConcurrency' | 'batchSize' | 'batchWindowSeconds'
> & { readonly partialFailures: boolean };

/** The settings of a mapping to change; undefined if all is well. */
export function mappingChange(
  wanted: MappingSpec,
  actual: MappingSettings,
): Partial<MappingSettings> | undefined {
  const change: { -readonly [K in keyof MappingSettings]?: MappingSettings[K] } = {};
  if (wanted.enabled !== actual.enabled) change.enabled = wanted.enabled;
  if (wanted.maximumConcurrency !== actual.maximumConcurrency)
    change.maximumConcurrency = wanted.maximumConcurrency;
  if (wanted.batchSize !== actual.batchSize) change.batchSize = wanted.batchSize;
  if (wanted.batchWindowSeconds !== actual.batchWindowSeconds)
    change.batchWindowSeconds = wanted.batchWindowSeconds;
  if (wanted.partialFailures !== actual.partialFailures) change.partialFailures = wanted.partialFailures;
  return Object.keys(change).length > 0 ? change : undefined;
}
