/** Where an estimate comes from, best first. */
export type EstimateSource = 'tasks' | 'bytes' | 'measured' | 'default';

/** How long the tasks of a burst take, seconds. */
export interface Estimate {
  readonly source: EstimateSource;
  readonly meanSeconds: number;
  /** Nineteen of twenty take no longer. */
  readonly p95Seconds: number;
  /** Of all tasks together; only where tasks say it themselves, or their bytes do. */
  readonly longestSeconds?: number;
}
