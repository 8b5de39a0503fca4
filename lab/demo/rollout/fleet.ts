/** One task group of the demo. */
export interface Group {
  readonly pipelineId: string;
  readonly limit: number;
}

/** Twelve groups with limits from one to four. Nobody is marked `canary`: a share of all, at least one, goes first. */
export const FLEET: readonly Group[] = Array.from({ length: 12 }, (_, index) => ({
  pipelineId: `group-${String(index + 1).padStart(2, '0')}`,
  limit: (index % 4) + 1,
}));

/** How long a task takes. */
export const TASK_MS = 500;

/** Every group gets as many tasks as its limit so often: half of what it can do, so that it catches up after a rest. */
export const SEND_EVERY_MS = 1_000;

/** A task as it is sent. */
export interface DemoTask {
  readonly task: number;
}

/**
 * The record of a group. A task has one attempt, so that what a bad release fails is a dead letter, in seconds; but
 * a consumer that starts for the first time on a busy machine is no reason for one.
 */
export function recordOf({ pipelineId, limit }: Group) {
  return {
    pipelineId,
    concurrency: limit,
    timeoutSeconds: 6,
    visibilityTimeoutSeconds: 6,
    maxAttempts: 1,
    maxReceiveCount: 1,
  };
}
