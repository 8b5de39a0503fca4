import type { ConsumerSettings } from './lifecycle/target.ts';
import type { RolloutSettings } from './release/rollout-settings.ts';

/** What a stage decides for all its pipelines; set in serverless.yml under `custom`. */
export interface StageSettings {
  readonly stage: string;
  readonly consumers: ConsumerSettings;
  readonly salvageBucket: string;
  /** Calls per second in Lambda's control-plane bucket, all functions of the stage together. */
  readonly controlPlanePerSecond: number;
  /** Orphans are reported; `drain` also tears them down by the drain path. */
  readonly orphans: 'report' | 'drain';
  /** How many config records, and how many status records, the reconciler looks at in one tick. */
  readonly reconcileSlice: number;
  /** How releases go out, unless a release says otherwise. */
  readonly rollout: RolloutSettings;
  /** Where a rollout looks how consumers do: CloudWatch's metrics, or the lines that the runtime logs. */
  readonly healthSource: 'metrics' | 'logs';
  /** A pipeline whose oldest message is older needs attention. */
  readonly lateSeconds: number;
  /** The newest releases of a key are kept in the code bucket, also those that nobody runs. */
  readonly keepReleases: number;
  /**
   * Whether a consumer rests while its code or its settings change. Lambda lets calls that run finish on the old code: only an
   * emulator that ends them needs this.
   */
  readonly restsForCode: boolean;
  readonly timings: Timings;
}

/** Waits, in seconds. AWS's own times are the defaults; the local stage, which has no such delays, sets short ones. */
export interface Timings {
  /** Between two looks at a function that is not ready. */
  readonly functionPollSeconds: number;
  /** First look at a mapping that was not ready at once, and every look after it. */
  readonly mappingPollSeconds: number;
  readonly mappingPollAgainSeconds: number;
  /** How long a queue's policy may take to reach everywhere. */
  readonly policyPropagationSeconds: number;
  /** Between two looks at a queue that drains. */
  readonly drainPollSeconds: number;
  /** Over how long a queue's approximate counts must be 0 before it counts as empty. */
  readonly emptySpanSeconds: number;
  /** Longest single wait of the machine. */
  readonly longestWaitSeconds: number;
  /** How long a lease lasts: more than a step and the longest wait together. */
  readonly leaseSeconds: number;
  /** Longest run of one step's function. */
  readonly stepSeconds: number;
  /** Longest that one call of AWS may take; none is started with less time left. */
  readonly callSeconds: number;
  /** First retry of a failed run, and the cap of its growth. */
  readonly retryBaseSeconds: number;
  readonly retryCapSeconds: number;
  /** A consumer rests while its group waits longer than this; switching its mapping off and on takes time, too. */
  readonly restHoldSeconds: number;
  /** How long before the end of the wait it is woken, where its runtime waits for that. */
  readonly wakeLeadSeconds: number;
}

/** Figures for AWS; the reasons stand in docs/limits.md. */
export const AWS_TIMINGS: Timings = {
  functionPollSeconds: 3,
  mappingPollSeconds: 15,
  mappingPollAgainSeconds: 30,
  policyPropagationSeconds: 60,
  drainPollSeconds: 60,
  emptySpanSeconds: 120,
  longestWaitSeconds: 120,
  leaseSeconds: 300,
  stepSeconds: 60,
  callSeconds: 10,
  retryBaseSeconds: 30,
  retryCapSeconds: 3600,
  restHoldSeconds: 120,
  wakeLeadSeconds: 45,
};
