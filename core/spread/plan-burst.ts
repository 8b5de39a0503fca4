import { assertNever } from '../assert-never.ts';
import type { RateLimit } from '../config-record/rate-limit.ts';
import { LEAST_RATE_SHARE, startsPerSecond } from '../flow/pace.ts';
import { foreseeBurst, workedPerSecond } from '../queueing/burst.ts';
import { isCertain, MOVED_MS, peakOfEven, spacingForPeak } from './peak.ts';
import type { BoundBy, BurstPlan, Planned, PlanRequest, SpreadWindow, StartRule } from './plan.ts';
import { predict } from './predict.ts';
import { areSlotsKnown, endsOf, fewestSlots, likelyEnds, type SlotsRule } from './slots.ts';

/** The first tasks of a burst start one after another for this share of its time at most. */
const RAMP_SHARE = 0.1;

/**
 * Plans a burst: when each of its tasks starts, and what is to be expected of it.
 *
 * - no goal: all at once; the pipeline's own limits flatten it.
 * - `{minSeconds, maxSeconds}`: evenly over the window, or, where tasks say how long they take, by the fewest slots that
 *   get through them within it. Due times lie in [minSeconds, maxSeconds + 1).
 * - `{maxConcurrency}`: the least time with that peak, or with the pipeline's own where that is lower. It waits until the
 *   backlog is worked off: tasks that pile up behind it would all run at once after it.
 * - `{finishWithinSeconds}`: the least peak that keeps the deadline. The only goal that can be impossible.
 */
export function planBurst(request: PlanRequest): Planned {
  const { count, goal } = request;
  if (goal === undefined) return planned(withoutGoal(planOf(request, atOnce())));
  if (count === 0) return planned(planOf(request, atOnce()));
  if ('minSeconds' in goal) return planned(planWindow(request, goal));
  if ('maxConcurrency' in goal) return planned(planPeak(request, goal.maxConcurrency));
  if ('finishWithinSeconds' in goal) return planDeadline(request, goal.finishWithinSeconds);
  return assertNever(goal);
}

function planned(plan: BurstPlan): Planned {
  return { kind: 'planned', plan };
}

/** What would be the goal's is the tasks' own. */
function withoutGoal(plan: BurstPlan): BurstPlan {
  return plan.boundBy === 'goal' ? { ...plan, boundBy: 'tasks' } : plan;
}

function planWindow(request: PlanRequest, { minSeconds, maxSeconds }: SpreadWindow): BurstPlan {
  const firstMs = minSeconds * 1000;
  const untilMs = (maxSeconds + 1) * 1000;
  const slots = areSlotsKnown(request)
    ? fewestSlots(request, { firstMs, untilMs, of: 'lastStartMs' })
    : undefined;
  const starts = slots ?? evenly(request, firstMs, untilMs);
  return { ...planOf(request, starts), window: { minSeconds, maxSeconds } };
}

/** From one moment to another, both not beyond. */
function evenly({ count, random }: PlanRequest, fromMs: number, untilMs: number): StartRule {
  const spacingMs = (untilMs - fromMs) / count;
  return { kind: 'even', firstMs: fromMs + random() * spacingMs, spacingMs };
}

function planPeak(request: PlanRequest, most: number): BurstPlan {
  const { count, bounds } = request;
  if (count <= most) return planOf(request, atOnce());
  const isOwn = most < bounds.concurrency;
  const firstMs = isOwn ? drainSeconds(request) * 1000 : 0;
  const { starts, isSlowed } = startsForPeak(request, firstMs, Math.min(most, bounds.concurrency), isOwn);
  const workMs = lastOf(request, starts).dueMs - firstMs;
  const byGoal: BoundBy = firstMs > workMs ? 'backlog' : 'goal';
  const boundBy: BoundBy = isSlowed ? 'rateLimit' : isOwn ? byGoal : 'concurrency';
  const plan = planOf(request, starts);
  const peakConcurrency = Math.min(plan.predicted.peakConcurrency, most);
  return { ...plan, predicted: { ...plan.predicted, peakConcurrency }, boundBy };
}

/** `isSlowed`: by the pipeline's rate limits. */
interface PeakStarts {
  readonly starts: StartRule;
  readonly isSlowed: boolean;
}

/**
 * @param peak tasks at once
 * @param isOwn the pipeline would let more run at once, so that each start has to keep clear of those before it
 */
function startsForPeak(request: PlanRequest, firstMs: number, peak: number, isOwn: boolean): PeakStarts {
  const { count, bounds, estimate, random } = request;
  const rateMs = 1000 / (startsPerSecond(bounds.rateLimits) * LEAST_RATE_SHARE);
  const taskMs = estimate.meanSeconds * 1000;
  if (!isCertain(estimate) && !areSlotsKnown(request)) {
    const peakMs = isOwn ? spacingForPeak(count, peak, estimate) : taskMs / peak;
    const spacingMs = Math.max(peakMs, rateMs);
    return {
      starts: { kind: 'even', firstMs: firstMs + random() * spacingMs, spacingMs },
      isSlowed: rateMs > peakMs,
    };
  }
  const ownMs = taskMs + (isOwn ? MOVED_MS : 0);
  const turnMs = Math.max(ownMs, rateMs * peak);
  const isSlowed = turnMs > ownMs;
  const evenMs = turnMs / peak;
  const rampMs = (RAMP_SHARE * count * evenMs) / peak;
  if (isCertain(estimate) && rampMs >= evenMs) {
    return {
      starts: { kind: 'even', firstMs: firstMs + random() * evenMs, spacingMs: evenMs },
      isSlowed,
    };
  }
  // Few turns: those who start first do so sooner after one another, for nobody comes after the last.
  const staggerMs = Math.max(Math.min(evenMs, rampMs), rateMs);
  const restMs = turnMs - taskMs;
  return {
    starts: { kind: 'slots', firstMs: firstMs + random() * staggerMs, slots: peak, staggerMs, restMs },
    isSlowed,
  };
}

function planDeadline(request: PlanRequest, seconds: number): Planned {
  const spread = spreadUntil(request, seconds);
  if (spread !== undefined) return planned(spread);
  // The pipeline itself then runs as many as it can.
  const plan = planOf(request, atOnce());
  const soonest = soonestSeconds(request, plan);
  if (soonest <= seconds)
    return planned({ ...plan, predicted: { ...plan.predicted, finishSeconds: soonest } });
  const finishRange = {
    ...plan.predicted.finishRange,
    toSeconds: Math.max(plan.predicted.finishRange.toSeconds, soonest),
  };
  return {
    kind: 'impossible',
    message: whyImpossible(request, seconds, soonest, plan),
    plan: { ...plan, predicted: { ...plan.predicted, finishSeconds: soonest, finishRange } },
  };
}

/** Undefined where the pipeline would not keep up with it. */
function spreadUntil(request: PlanRequest, seconds: number): BurstPlan | undefined {
  const firstMs = drainSeconds(request) * 1000;
  const untilMs = seconds * 1000 - MOVED_MS;
  const lastStartMs = untilMs - tailSeconds(request) * 1000;
  if (lastStartMs <= firstMs) return undefined;
  const slots = areSlotsKnown(request)
    ? fewestSlots(request, { firstMs, untilMs, of: 'lastEndMs' })
    : undefined;
  const starts = slots ?? evenly(request, firstMs, lastStartMs);
  const plan = planOf(request, starts);
  const keepsUp = firstMs > 0 ? plan.boundBy !== 'concurrency' : plan.boundBy === 'goal';
  const isKept = keepsUp && hasRoom(request, starts) && plan.predicted.finishSeconds <= seconds;
  return isKept ? { ...plan, boundBy: 'goal' } : undefined;
}

/**
 * Whether the pipeline has a slot for each start, even if every task took as long as the longest. Where nobody knows
 * how long they take, some may wait a little.
 */
function hasRoom({ count, bounds, estimate }: PlanRequest, starts: StartRule): boolean {
  if (starts.kind === 'slots') return starts.slots <= bounds.concurrency;
  if (starts.kind === 'atOnce') return true;
  const longest = isCertain(estimate) ? estimate.meanSeconds : estimate.longestSeconds;
  if (longest === undefined) return true;
  const worst = { ...estimate, meanSeconds: longest, p95Seconds: longest, longestSeconds: longest };
  return peakOfEven({ count, spacingMs: starts.spacingMs }, worst) <= bounds.concurrency;
}

/** How long the last task is taken to run. */
function tailSeconds({ estimate }: PlanRequest): number {
  return estimate.longestSeconds ?? Math.max(estimate.meanSeconds, estimate.p95Seconds);
}

/** When the last task ends if all come at once. */
function soonestSeconds(request: PlanRequest, plan: BurstPlan): number {
  const { count, bounds, estimate, durationsSeconds } = request;
  const tail = tailSeconds(request);
  const window = { minSeconds: 0, maxSeconds: 0 };
  const { steadySeconds } = foreseeBurst({ count, window, bounds, estimate });
  const byFluid = steadySeconds - estimate.meanSeconds + tail;
  if (isCertain(estimate)) {
    const rounds = Math.ceil((bounds.backlog + count) / bounds.concurrency);
    return Math.max(byFluid, rounds * estimate.meanSeconds);
  }
  if (!areSlotsKnown(request) || durationsSeconds === undefined) return byFluid;
  const firstMs = drainSeconds(request) * 1000;
  const slots: SlotsRule = { kind: 'slots', firstMs, slots: bounds.concurrency, staggerMs: 0, restMs: 0 };
  const bySlots = endsOf(slots, durationsSeconds).lastEndMs / 1000;
  return plan.boundBy === 'rateLimit' ? Math.max(byFluid, bySlots) : bySlots;
}

/** Reads like "30 s needs 34 at once; this pipeline has 10: 102 s". */
function whyImpossible(request: PlanRequest, seconds: number, soonest: number, plan: BurstPlan): string {
  const { count, bounds, estimate } = request;
  const possible = `${Math.ceil(soonest - ROUNDING)} s`;
  const tail = tailSeconds(request);
  if (tail > seconds) return `${seconds} s is less than a task takes (${short(tail)} s): ${possible}`;
  const tasks = bounds.backlog + count;
  const behind = bounds.backlog > 0 ? `, with ${bounds.backlog} tasks before it` : '';
  const strictest = bounds.rateLimits.toSorted((a, b) => rateOf(a) - rateOf(b))[0];
  if (plan.boundBy === 'rateLimit' && strictest !== undefined) {
    const needed = short(tasks / Math.max(1, seconds - estimate.meanSeconds));
    const allowed = `${strictest.tasks} in ${strictest.perSeconds} s`;
    return `${seconds} s needs ${needed} starts a second${behind}; this pipeline's rateLimit allows ${allowed}: ${possible}`;
  }
  const byWork = Math.ceil((tasks * estimate.meanSeconds) / seconds - ROUNDING);
  const byRounds = isCertain(estimate) ? Math.ceil(tasks / Math.floor(seconds / estimate.meanSeconds)) : 0;
  const needed = Math.max(byWork, byRounds, bounds.concurrency + 1);
  return `${seconds} s needs ${needed} at once${behind}; this pipeline has ${bounds.concurrency}: ${possible}`;
}

const ROUNDING = 1e-6;

function rateOf({ tasks, perSeconds }: RateLimit): number {
  return tasks / perSeconds;
}

/** With as many decimals as help. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** How long the pipeline takes over what comes before the burst. */
function drainSeconds(request: PlanRequest): number {
  return request.bounds.backlog / workedPerSecond(request);
}

function atOnce(): StartRule {
  return { kind: 'atOnce', firstMs: 0 };
}

function planOf(request: PlanRequest, starts: StartRule): BurstPlan {
  const { count, bounds, estimate } = request;
  const { dueMs, endMs } = lastOf(request, starts);
  const ahead = { count, bounds, estimate, starts, lastDueMs: dueMs };
  const { predicted, boundBy } = predict({ ...ahead, ...(endMs !== undefined && { lastEndMs: endMs }) });
  const window = { minSeconds: Math.floor(starts.firstMs / 1000), maxSeconds: Math.floor(dueMs / 1000) };
  return { count, starts, window, estimate, predicted, boundBy };
}

interface Last {
  readonly dueMs: number;
  /** Only where the tasks' durations are known one by one. */
  readonly endMs?: number;
}

function lastOf({ count, estimate, durationsSeconds }: PlanRequest, starts: StartRule): Last {
  if (starts.kind === 'atOnce') return { dueMs: starts.firstMs };
  if (starts.kind === 'even') return { dueMs: starts.firstMs + (count - 1) * starts.spacingMs };
  const known = durationsSeconds ?? (isCertain(estimate) ? times(count, estimate.meanSeconds) : undefined);
  if (known === undefined) return { dueMs: likelyEnds(starts, count, estimate).lastStartMs };
  const { lastStartMs, lastEndMs } = endsOf(starts, known);
  return { dueMs: lastStartMs, endMs: lastEndMs };
}

function* times(count: number, value: number): Generator<number, void> {
  for (let told = 0; told < count; told += 1) yield value;
}
