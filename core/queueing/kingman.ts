import { erlangWaitSeconds, type Station, utilization } from './erlang.ts';

/** How uneven arrivals and times are: squared coefficients of variation, variance / mean². */
export interface Unevenness {
  /** 1: at random; 0: like a clock. */
  readonly arrivals: number;
  /** 1: exponential; 0: all the same. */
  readonly times: number;
}

export interface WaitRange {
  readonly seconds: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/**
 * How far the truth lies from the approximation, as factors: the more slots stand idle now and then, the less the wait is
 * that of heavy traffic. The scale is Halfin and Whitt's β = (1 − ρ) √c ("Heavy-traffic limits for queues with many
 * exponential servers", Operations Research 29, 1981); the factors are this project's own, measured in its simulator from
 * clockwork to very uneven arrivals and times and from 1 to 50 slots, and the tests hold them to it.
 */
function rangeOf(station: Station): { readonly from: number; readonly to: number } {
  const beta = (1 - utilization(station)) * Math.sqrt(station.slots);
  // Beyond, waits are rare, and clockwork has none at all.
  return { from: beta > 1 ? 0 : 0.9 * Math.exp(-2 * beta), to: 1.1 * Math.exp(beta) };
}

/**
 * Mean wait in the queue of a station with any arrivals and any times (G/G/c): Kingman's product of unevenness,
 * utilization and time, in which Erlang C's wait stands for the latter two where there are several slots.
 * Sources: J. F. C. Kingman, "The single server queue in heavy traffic", Mathematical Proceedings of the Cambridge
 * Philosophical Society 57 (1961), 902–904; for several slots A. O. Allen, "Probability, Statistics, and Queueing
 * Theory" (1990), the Allen–Cunneen approximation.
 * @returns infinite where the queue grows for ever
 */
export function kingmanWait(station: Station, { arrivals, times }: Unevenness): WaitRange {
  const atRandom = erlangWaitSeconds(station);
  if (!Number.isFinite(atRandom)) return { seconds: atRandom, fromSeconds: atRandom, toSeconds: atRandom };
  const seconds = ((arrivals + times) / 2) * atRandom;
  const { from, to } = rangeOf(station);
  return { seconds, fromSeconds: seconds * from, toSeconds: seconds * to };
}

/** 95 of 100 values of a normal distribution lie below so many standard deviations above its mean. */
const Z95 = 1.644_853_627;

/**
 * How uneven times are whose mean and 95th percentile are known, taken for lognormal, as times of work mostly are:
 * ln(p95 / mean) = z σ − σ² / 2, and the squared coefficient of variation is exp(σ²) − 1. Of p95 above 3.87 × mean, which
 * no lognormal distribution has, as for that.
 * Source: https://en.wikipedia.org/wiki/Log-normal_distribution
 */
export function timesUnevenness(meanSeconds: number, p95Seconds: number): number {
  const above = Math.log(Math.max(1, p95Seconds / meanSeconds));
  const sigma = Z95 - Math.sqrt(Math.max(0, Z95 ** 2 - 2 * above));
  return Math.expm1(sigma ** 2);
}

/** Lognormal times of this unevenness, so many standard deviations above their median, as a multiple of their mean. */
export function timesFactor(unevenness: number, sigmas: number): number {
  const variance = Math.log1p(unevenness);
  return Math.exp(sigmas * Math.sqrt(variance) - variance / 2);
}

/** The 95th percentile of lognormal times of this mean and unevenness; the other way round than {@link timesUnevenness}. */
export function percentile95(meanSeconds: number, unevenness: number): number {
  return meanSeconds * timesFactor(unevenness, Z95);
}
