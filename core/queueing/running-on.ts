import { timesUnevenness } from './kingman.ts';
import { normalShare } from './normal.ts';

/**
 * What a task that is met running has still to run, mean, seconds: half its time, and more the more uneven times are, for
 * long ones are met more often.
 * Source: D. R. Cox, "Renewal Theory" (1962), section 5.4.
 */
export function leftOfRunning(meanSeconds: number, unevenness: number): number {
  return (meanSeconds * (1 + unevenness)) / 2;
}

/**
 * What the longest of `running` tasks has still to run, median, seconds. Of one the share `∫ S / m` has more than x to
 * run, where S is the share of times above x; the median of the longest is where `running` times that is ln 2. Times are
 * taken for lognormal, of which `∫ S` is m Φ((μ + σ² − ln x) / σ) − x Φ((μ − ln x) / σ).
 * Source: the same, section 5.2.
 */
export function longestOfRunning(running: number, meanSeconds: number, p95Seconds: number): number {
  const variance = Math.log1p(timesUnevenness(meanSeconds, p95Seconds));
  const sigma = Math.sqrt(variance);
  const location = Math.log(meanSeconds) - variance / 2;
  const shareAbove = (seconds: number): number => {
    if (sigma === 0) return Math.max(0, 1 - seconds / meanSeconds);
    const z = (location - Math.log(seconds)) / sigma;
    return normalShare(z + sigma) - (seconds / meanSeconds) * normalShare(z);
  };
  let [low, high] = [0, meanSeconds];
  while (running * shareAbove(high) > Math.LN2) high *= 2;
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2;
    if (running * shareAbove(middle) > Math.LN2) low = middle;
    else high = middle;
  }
  return high;
}

const BISECTIONS = 30;
