import { timesUnevenness } from '../queueing/kingman.ts';
import { errorFunction } from '../queueing/normal.ts';
import type { Estimate } from './estimate.ts';

/**
 * How far a start may be moved against another, milliseconds: a message comes out up to 100 ms after it is due, its call
 * may be 50 ms late, and two tasks of one call are due up to 20 ms apart.
 */
export const MOVED_MS = 180;

/** Starts that are equally far apart. */
export interface EvenStarts {
  readonly count: number;
  readonly spacingMs: number;
}

/** Fractions this small come of rounding. */
const ROUNDING = 1e-9;

/**
 * How many tasks of even starts run at once, at most.
 *
 * Tasks that all take `d`: as many as start within `d` and what a start may be moved. It is exact.
 *
 * Tasks that take how long they like: the number that runs has the mean `λ d` and, as starts are not random, only the
 * variance `λ ∫ F (1 − F)`, which is `λ d G / 2` for each side of Gini's mean difference, `λ d G` in all; times of work
 * are taken for lognormal, whose Gini coefficient is `G = erf(σ / 2)`. The highest of `n` independent moments lies
 * `√(2 ln n)` deviations above the mean, and a burst has as many as task times fit into it. Likely, not certain.
 * Sources: D. R. Cox and V. Isham, "Point Processes" (1980), section 3.4; J. Aitchison and J. A. C. Brown, "The Lognormal
 * Distribution" (1957), section 2.7; M. R. Leadbetter et al., "Extremes and Related Properties of Random Sequences and
 * Processes" (1983), theorem 1.5.3.
 */
export function peakOfEven({ count, spacingMs }: EvenStarts, estimate: Estimate): number {
  const taskMs = estimate.meanSeconds * 1000;
  const inReach = (taskMs + MOVED_MS) / spacingMs;
  const moments = Math.max(1, (count * spacingMs) / taskMs);
  const above = Math.sqrt(2 * Math.log(moments) * giniOf(estimate) * (taskMs / spacingMs));
  return Math.min(count, Math.ceil(inReach + above - ROUNDING));
}

/** The least spacing at which even starts keep a peak, milliseconds; the other way round than {@link peakOfEven}. */
export function spacingForPeak(count: number, peak: number, estimate: Estimate): number {
  let low = (estimate.meanSeconds * 1000 + MOVED_MS) / peak;
  if (isCertain(estimate)) return low;
  const isKept = (spacingMs: number) => peakOfEven({ count, spacingMs }, estimate) <= peak;
  let high = low;
  while (!isKept(high)) high *= 2;
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2;
    if (isKept(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const BISECTIONS = 30;

/** Whether all tasks take the same time. */
export function isCertain({ meanSeconds, p95Seconds, longestSeconds }: Estimate): boolean {
  return (longestSeconds ?? p95Seconds) <= meanSeconds * (1 + SAME_SHARE);
}

/** Times that differ by less are the same. */
const SAME_SHARE = 0.001;

function giniOf(estimate: Estimate): number {
  if (isCertain(estimate)) return 0;
  const sigma = Math.sqrt(Math.log1p(timesUnevenness(estimate.meanSeconds, estimate.p95Seconds)));
  return errorFunction(sigma / 2);
}
