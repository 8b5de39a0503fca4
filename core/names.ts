/** Every name Sluice gives, in one place. Other people's programs rely on them: change none. */

/** A stage: letters and digits, short enough that a 40-character pipelineId still fits in Lambda's 64. */
export const STAGE_PATTERN = /^[a-z0-9]{1,10}$/;

/** A task group's id. `-dlq` at the end would collide with another pipeline's dead-letter queue. */
export const PIPELINE_ID_PATTERN = /^(?!.*-dlq$)[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

export const TAG_STAGE = 'sluice:stage';
export const TAG_PIPELINE_ID = 'sluice:pipelineId';
export const TAG_TRIAL = 'sluice:trial';

/** What a pipeline's resources are called. */
export interface PipelineNames {
  readonly queue: string;
  readonly deadLetterQueue: string;
  readonly function: string;
}

/** The prefix of all run-time resources of a stage; nothing else in the account starts with it. */
export function pipelinePrefix(stage: string): string {
  return `sluice-pipe-${stage}-`;
}

/**
 * The names of one pipeline's queue, dead-letter queue and function.
 * @param stage matches {@link STAGE_PATTERN}
 * @param pipelineId matches {@link PIPELINE_ID_PATTERN}; longest result is 67 characters for the
 *   dead-letter queue (SQS allows 80) and 63 for the function (Lambda allows 64)
 */
export function pipelineNames(stage: string, pipelineId: string): PipelineNames {
  const name = `${pipelinePrefix(stage)}${pipelineId}`;
  return { queue: name, deadLetterQueue: deadLetterQueueOf(name), function: name };
}

/** The name of the dead-letter queue of a pipeline's queue. */
export function deadLetterQueueOf(queueName: string): string {
  return `${queueName}-dlq`;
}

/**
 * Reads the pipelineId back out of a function's or a queue's name.
 * @returns undefined for a name that is not of this stage
 */
export function pipelineIdOf(stage: string, resourceName: string): string | undefined {
  const prefix = pipelinePrefix(stage);
  if (!resourceName.startsWith(prefix)) return undefined;
  const id = resourceName.slice(prefix.length).replace(/-dlq$/, '');
  return PIPELINE_ID_PATTERN.test(id) ? id : undefined;
}

/** The tags that mark a resource as ours; without them nothing is adopted, changed or deleted. */
export function ownerTags(stage: string, pipelineId: string): Record<string, string> {
  return { [TAG_STAGE]: stage, [TAG_PIPELINE_ID]: pipelineId };
}

/** Whether a resource with these tags belongs to this stage's pipeline. */
export function isOurs(tags: Readonly<Record<string, string>>, stage: string, pipelineId: string): boolean {
  return tags[TAG_STAGE] === stage && tags[TAG_PIPELINE_ID] === pipelineId;
}

/** The ARN of a queue of the account and region that a function's ARN names. */
export function queueArnBeside(functionArn: string, queueName: string): string {
  const [arn, partition, , region, account] = functionArn.split(':');
  return [arn, partition, 'sqs', region, account, queueName].join(':');
}

/** Functions that releases are tried with; gone once the trial is over. */
export function trialPrefix(stage: string): string {
  return `sluice-${stage}-trial-`;
}

/**
 * The function that a release is tried with before any pipeline gets it.
 * @param release a short fingerprint of it, hexadecimal
 */
export function trialFunction(stage: string, release: string): string {
  return `${trialPrefix(stage)}${release}`;
}

/** The tags of such a function. */
export function trialTags(stage: string, release: string): Record<string, string> {
  return { [TAG_STAGE]: stage, [TAG_TRIAL]: release };
}

/** What a stage's own things are called, as far as that does not depend on account and region. */
export interface StageNames {
  readonly stack: string;
  readonly tables: Readonly<
    Record<'pipelines' | 'status' | 'ledgers' | 'releases' | 'flow' | 'holds' | 'bursts', string>
  >;
  /** Those that people call. */
  readonly functions: Readonly<
    Record<'trigger' | 'burst' | 'redrive' | 'restoreSalvage' | 'rolloutControl', string>
  >;
  /** The log group of all consumers. */
  readonly consumerLogs: string;
}

/**
 * The names that serverless.yml and resources/ give.
 * @param stage matches {@link STAGE_PATTERN}
 */
export function stageNames(stage: string): StageNames {
  const own = (name: string) => `sluice-${stage}-${name}`;
  return {
    stack: `sluice-${stage}`,
    tables: {
      pipelines: own('pipelines'),
      status: own('status'),
      ledgers: own('ledgers'),
      releases: own('releases'),
      flow: own('flow'),
      holds: own('holds'),
      bursts: own('bursts'),
    },
    functions: {
      trigger: own('trigger'),
      burst: own('burst'),
      redrive: own('redrive'),
      restoreSalvage: own('restore-salvage'),
      rolloutControl: own('rollout-control'),
    },
    consumerLogs: `/sluice/${stage}/consumers`,
  };
}
