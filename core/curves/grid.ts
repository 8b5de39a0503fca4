/** Points in time, as far apart as is wanted, for curves that somebody looks at. */
export interface Grid {
  /** Where the first step begins, epoch milliseconds. */
  readonly fromMs: number;
  readonly stepSeconds: number;
  readonly steps: number;
}

/** What happened in one step of a curve; null where nothing was measured. */
export type Curve = readonly (number | null)[];

/** Steps that people read easily, seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400];
/** No more points than this are drawn. */
const MOST_STEPS = 180;

/**
 * The last so many minutes in steps that begin at round times; the last one is not over.
 * @param leastSeconds no shorter steps: what is measured is measured in such
 */
export function gridOf(minutes: number, nowMs: number, leastSeconds: number): Grid {
  const stepSeconds =
    STEPS.find((step) => step >= leastSeconds && (minutes * 60) / step <= MOST_STEPS) ?? 86_400;
  const stepMs = stepSeconds * 1000;
  const fromMs = Math.floor((nowMs - minutes * 60_000) / stepMs) * stepMs;
  return { fromMs, stepSeconds, steps: Math.floor((nowMs - fromMs) / stepMs) + 1 };
}

/** The step that a moment lies in; undefined outside. */
export function stepAt({ fromMs, stepSeconds, steps }: Grid, atMs: number): number | undefined {
  const step = Math.floor((atMs - fromMs) / (stepSeconds * 1000));
  return step >= 0 && step < steps ? step : undefined;
}
