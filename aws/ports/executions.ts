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
  /** The run begins at this time (ISO 8601), not at once. */
  readonly wakeAt?: string;
}

export interface Redrives {
  /** Starts the redrive machine; `already`: an execution of that name runs or ran. */
  start(name: string, input: RedriveInput): Promise<'started' | 'already'>;
}

/** Whose dead letters; all else stands in the record of the redrive. */
export interface RedriveInput {
  readonly pipelineId: string;
}

export interface BurstRuns {
  /** Starts the burst machine; `already`: an execution of that name runs or ran. */
  start(name: string, input: BurstRunInput): Promise<'started' | 'already'>;
}

/** Which burst; all else stands in its record. */
export interface BurstRunInput {
  readonly burstId: string;
}

export interface Rollouts {
  /** Starts the rollout machine; `already`: an execution of that name runs or ran. */
  start(name: string, input: RolloutInput): Promise<'started' | 'already'>;
}

/** What starts a rollout: an upload that was seen. The rollout admits what is current when it looks. */
export interface RolloutInput {
  readonly key: string;
  readonly version: string;
  /** S3's order of uploads of one key; only where it is known to be this version's. */
  readonly sequencer?: string;
}
