import type { Chance } from '../chance.ts';

/** How long tasks take, as a distribution. */
export interface Durations {
  readonly name: string;
  draw(chance: Chance): number;
}

export function constantDurations(seconds: number): Durations {
  return { name: `${seconds} s each`, draw: () => seconds };
}

/** Lognormal, by its mean and the deviation of its logarithm. */
export function lognormalDurations(meanSeconds: number, sigma: number): Durations {
  const mu = Math.log(meanSeconds) - sigma ** 2 / 2;
  return {
    name: `lognormal, mean ${meanSeconds} s, σ ${sigma}`,
    draw: (chance) => Math.exp(mu + sigma * normal(chance)),
  };
}

/** Standard normal: G. E. P. Box and M. E. Muller, Annals of Mathematical Statistics 29 (1958). */
function normal(chance: Chance): number {
  return Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next());
}
