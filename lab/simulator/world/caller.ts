/** Who makes a call: one run of one of our functions, or a person. */
export interface Caller {
  /** Unique in a run: one attempt of one step is one caller. */
  readonly id: number;
  /** `pipeline-lifecycle`, `config-listener`, `reconciler`, `hand` … */
  readonly functionName: string;
  /** The step, or what else tells runs of one function apart. */
  readonly label: string;
  /** The execution that runs the step. */
  readonly owner: string;
  /** The pipeline it is about; empty where it is about all. */
  readonly pipelineId: string;
  readonly startedAtMs: number;
  /** A run that has crashed, timed out or ended: nothing that it waits for comes any more. */
  alive: boolean;
  /** Many of its calls take almost as long as a call may. */
  readonly sluggish: boolean;
  /** Calls made so far. */
  calls: number;
  /** Ends the run as a crash does. */
  crash(reason: string): void;
}
