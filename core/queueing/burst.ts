import { LEAST_RATE_SHARE, startsPerSecond } from '../flow/pace.ts';
import type { Estimate, EstimateSource } from '../spread/estimate.ts';
import type { BoundBy, PipelineBounds, Prediction, SpreadWindow } from '../spread/plan.ts';
import { kingmanWait, timesFactor, timesUnevenness, type WaitRange } from './kingman.ts';
import { capacityPerSecond } from './little.ts';
import { leftOfRunning, longestOfRunning } from './running-on.ts';

/** A burst whose tasks are due evenly over a window, in front of a pipeline. */
export interface BurstAhead {
  readonly count: number;
  readonly window: SpreadWindow;
  readonly bounds: PipelineBounds;
  readonly estimate: Estimate;
}

/** What is to be expected of it, and what keeps it from being over sooner. */
export type Foreseen = Pick<Prediction, 'finishSeconds' | 'finishRange' | 'waitSeconds'> & {
  readonly boundBy: BoundBy;
  /** The finish of a pipeline that has all of its slots from the first moment on and ends with all of them at once. */
  readonly steadySeconds: number;
};

/** How far the mean of the tasks may lie from its estimate, as factors. */
const TRUST: Readonly<Record<EstimateSource, { readonly from: number; readonly to: number }>> = {
  tasks: { from: 0.9, to: 1.1 },
  bytes: { from: 0.7, to: 1.4 },
  measured: { from: 0.8, to: 1.25 },
  default: { from: 0.25, to: 4 },
};

/**
 * How many slots an event source mapping begins with, and how many more it gets each second (300 a minute).
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const FIRST_SLOTS = 5;
const SLOTS_PER_SECOND = 5;

/** Nineteen of twenty sums lie within so many standard deviations of their mean. */
const TWO_SIGMAS = 2;
/** Of 37 values all lie below this in nineteen of twenty cases. */
const THREE_SIGMAS = 3;

/**
 * Predicts by the fluid model, in which work flows in at an even rate and out at the pipeline's, with the sums' own
 * deviation and the estimate's on top; waits of a pipeline that keeps up are Kingman's.
 * Source of the fluid model: G. F. Newell, "Applications of Queueing Theory" (1971), chapter 2.
 */
export function foreseeBurst(burst: BurstAhead): Foreseen {
  const { count, estimate, bounds } = burst;
  const { meanSeconds, p95Seconds, source } = estimate;
  if (count === 0) {
    const finishRange = { fromSeconds: 0, toSeconds: 0 };
    return { finishSeconds: 0, finishRange, waitSeconds: 0, boundBy: 'goal', steadySeconds: 0 };
  }
  const unevenness = timesUnevenness(meanSeconds, p95Seconds);
  const trust = TRUST[source];
  const likely = lastStart(burst, meanSeconds, LEAST_RATE_SHARE);
  const soonest = lastStart(burst, meanSeconds * trust.from, 1);
  const latest = lastStart(burst, meanSeconds * trust.to, LEAST_RATE_SHARE);
  const ramped = rampedLastStart(burst, unevenness);
  const startSeconds = Math.max(likely.seconds, ramped);
  const isBySlots = isByConcurrency(likely.boundBy, bounds, meanSeconds) || startSeconds > likely.seconds;
  const deviation = TWO_SIGMAS * Math.sqrt((count + bounds.backlog) * unevenness) * meanSeconds;
  const sway = isBySlots ? deviation / bounds.concurrency : 0;
  const waitSeconds = meanWait(burst, startSeconds, unevenness);
  const lateEnd = isBySlots ? lateEndSeconds(burst, unevenness, ramped > 0) : 0;
  const finishSeconds = startSeconds + meanSeconds + lateEnd;
  const shortest = meanSeconds * timesFactor(unevenness, -TWO_SIGMAS) * trust.from;
  const fromSeconds = Math.max(0, soonest.seconds + shortest - sway);
  // The longest of those that run at the end, which are some.
  const tail = meanSeconds * timesFactor(unevenness, THREE_SIGMAS) * trust.to;
  const toSeconds = latest.seconds + tail + sway + rampSeconds(burst) + worstWait(burst, unevenness);
  return {
    finishSeconds,
    finishRange: { fromSeconds, toSeconds },
    waitSeconds,
    boundBy: likely.boundBy,
    steadySeconds: likely.seconds + meanSeconds,
  };
}

interface LastStart {
  readonly seconds: number;
  readonly boundBy: BoundBy;
}

/** When the last task starts: when it is due, or when the pipeline has done all that was before it. */
function lastStart(burst: BurstAhead, meanSeconds: number, rateShare: number): LastStart {
  const { count, window, bounds } = burst;
  const { concurrency, backlog } = bounds;
  const after = (tasks: number): LastStart => {
    const bySlots = Math.max(0, tasks - concurrency) / capacityPerSecond(concurrency, meanSeconds);
    const byRate = (tasks - 1) / (startsPerSecond(bounds.rateLimits) * rateShare);
    return byRate > bySlots
      ? { seconds: byRate, boundBy: 'rateLimit' }
      : { seconds: bySlots, boundBy: 'concurrency' };
  };
  const alone = after(count);
  const behind = after(backlog + count);
  const ends: LastStart[] = [
    { seconds: window.maxSeconds, boundBy: 'goal' },
    { seconds: window.minSeconds + alone.seconds, boundBy: alone.boundBy },
    { seconds: behind.seconds, boundBy: backlog > 0 ? 'backlog' : behind.boundBy },
  ];
  // Of equal ones the first: nothing but the goal holds a burst up that the pipeline keeps up with.
  return ends.reduce((latest, end) => (end.seconds > latest.seconds ? end : latest));
}

/** Whether it is slots, not a rate, that the work waits for. */
function isByConcurrency(boundBy: BoundBy, { rateLimits, concurrency }: PipelineBounds, meanSeconds: number) {
  if (boundBy === 'goal' || boundBy === 'rateLimit') return false;
  return capacityPerSecond(concurrency, meanSeconds) <= startsPerSecond(rateLimits);
}

/** Seconds that a task waits after it is due, on average. */
function meanWait(burst: BurstAhead, lastStartSeconds: number, unevenness: number): number {
  const { window, bounds } = burst;
  const perSecond = workedPerSecond(burst);
  const behindBacklog = Math.max(0, bounds.backlog / perSecond - window.minSeconds);
  const ofLast = lastStartSeconds - window.maxSeconds;
  // The queue grows from its first task to its last, or shrinks until it is gone.
  if (ofLast > 0) return (behindBacklog + ofLast) / 2;
  const spare = perSecond - arrivals(burst);
  const goneSeconds = spare <= 0 ? 0 : bounds.backlog / spare;
  const share = Math.min(1, goneSeconds / Math.max(length(window), 1));
  return (behindBacklog / 2) * share + stationWait(burst, unevenness).seconds;
}

/** What the last task may wait on top where the pipeline keeps up: waits vary as much as they last. */
function worstWait(burst: BurstAhead, unevenness: number): number {
  return TWO_SIGMAS * stationWait(burst, unevenness).toSeconds;
}

/** Tasks that are due evenly come like a clock. */
function stationWait(burst: BurstAhead, times: number): Pick<WaitRange, 'seconds' | 'toSeconds'> {
  const { count, estimate, bounds } = burst;
  const { meanSeconds } = estimate;
  const station = { perSecond: arrivals(burst), seconds: meanSeconds, slots: bounds.concurrency };
  const { seconds, toSeconds } = kingmanWait(station, { arrivals: 0, times });
  // A queue that would grow for ever, or for long, has only as long as the burst to do so.
  const most = (TWO_SIGMAS * Math.sqrt(count * times) * meanSeconds) / bounds.concurrency;
  return { seconds: Math.min(seconds, most), toSeconds: Math.min(toSeconds, most) };
}

function arrivals({ count, window }: BurstAhead): number {
  return length(window) === 0 ? Number.POSITIVE_INFINITY : count / length(window);
}

function length({ minSeconds, maxSeconds }: SpreadWindow): number {
  return maxSeconds - minSeconds;
}

/** Tasks that a pipeline works off each second, with a full queue. */
export function workedPerSecond({ bounds, estimate }: Pick<BurstAhead, 'bounds' | 'estimate'>): number {
  const bySlots = capacityPerSecond(bounds.concurrency, estimate.meanSeconds);
  return Math.min(bySlots, startsPerSecond(bounds.rateLimits) * LEAST_RATE_SHARE);
}

/** What a pipeline at rest loses until it has all of its slots: half of those that are missing, so long as they are. */
function rampSeconds({ count, bounds: { concurrency } }: BurstAhead): number {
  const missing = Math.max(0, Math.min(concurrency, count) - FIRST_SLOTS);
  return missing ** 2 / (2 * SLOTS_PER_SECOND * concurrency);
}

/** Who has lost less until all slots are there is not taken to have lost anything. */
const RAMP_COUNTS_SECONDS = 1;

/** How many slots a pipeline at rest has, so long after a burst came to it all at once. */
export function slotsAfter(seconds: number, slots: number): number {
  const missing = Math.max(0, slots - FIRST_SLOTS);
  if (missing ** 2 / (2 * SLOTS_PER_SECOND * slots) < RAMP_COUNTS_SECONDS) return slots;
  return Math.min(slots, FIRST_SLOTS + SLOTS_PER_SECOND * seconds);
}

/**
 * When the last task starts of those that come all at once to a pipeline at rest: by then its slots, which become more and
 * more, have done all the work but what the running ones have left. 0 where that is no matter.
 */
function rampedLastStart(burst: BurstAhead, unevenness: number): number {
  const { count, bounds, estimate, window } = burst;
  const isAtOnce = length(window) === 0 && bounds.backlog === 0;
  if (!isAtOnce || rampSeconds(burst) < RAMP_COUNTS_SECONDS) return 0;
  const slots = Math.min(bounds.concurrency, count);
  const left = leftOfRunning(estimate.meanSeconds, unevenness);
  const work = count * estimate.meanSeconds;
  const rampEnds = (slots - FIRST_SLOTS) / SLOTS_PER_SECOND;
  // (first + r t / 2) t + (first + r t) left = work, of t while slots are added.
  const b = FIRST_SLOTS + SLOTS_PER_SECOND * left;
  const spare = Math.max(0, work - FIRST_SLOTS * left);
  const within = (Math.sqrt(b ** 2 + 2 * SLOTS_PER_SECOND * spare) - b) / SLOTS_PER_SECOND;
  if (within <= rampEnds) return window.minSeconds + within;
  if (count <= bounds.concurrency) return window.minSeconds + rampEnds;
  const doneByThen = ((FIRST_SLOTS + slots) / 2) * rampEnds;
  return window.minSeconds + rampEnds + (work - slots * left - doneByThen) / slots;
}

/**
 * How much later than a mean time after its last start a burst is over that keeps all slots busy: slots end one after
 * another, and the last of them is long at it.
 */
function lateEndSeconds(
  { count, bounds, estimate }: BurstAhead,
  unevenness: number,
  isRamped: boolean,
): number {
  const { meanSeconds, p95Seconds, longestSeconds = Number.POSITIVE_INFINITY } = estimate;
  if (unevenness === 0) return 0;
  const running = Math.min(bounds.concurrency, count);
  const longest = Math.min(longestSeconds, longestOfRunning(running, meanSeconds, p95Seconds));
  return Math.max(0, longest - (isRamped ? meanSeconds : leftOfRunning(meanSeconds, unevenness)));
}
