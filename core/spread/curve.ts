import { slotsAfter } from '../queueing/burst.ts';
import type { BurstPlan, StartRule } from './plan.ts';

/** When a task ran, on any clock. Its end is no longer part of it. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** So many tasks run from this moment on, until the next step. */
export interface Step {
  readonly atMs: number;
  readonly running: number;
}

/**
 * How many of these ran at once, moment by moment: a step wherever that changes. A task that begins at the very moment at
 * which another ends is not at once with it.
 */
export function curveOf(intervals: Iterable<Interval>): Step[] {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { startMs, endMs } of intervals) {
    if (endMs <= startMs) continue;
    starts.push(startMs);
    ends.push(endMs);
  }
  const startsMs = Float64Array.from(starts).sort();
  const endsMs = Float64Array.from(ends).sort();
  const steps: Step[] = [];
  let [started, ended] = [0, 0];
  while (ended < endsMs.length) {
    const atMs = Math.min(startsMs[started] ?? Infinity, endsMs[ended] ?? Infinity);
    while ((endsMs[ended] ?? Infinity) <= atMs) ended += 1;
    while ((startsMs[started] ?? Infinity) <= atMs) started += 1;
    const running = started - ended;
    if (running !== (steps.at(-1)?.running ?? 0)) steps.push({ atMs, running });
  }
  return steps;
}

/** The most that ran at once, and when that was first so; nothing of none. */
export function peakOf(intervals: Iterable<Interval>): Step {
  let peak: Step = { atMs: 0, running: 0 };
  for (const step of curveOf(intervals)) if (step.running > peak.running) peak = step;
  return peak;
}

/** How many tasks of a burst are likely to run, at one of many moments. */
export interface CurvePoint {
  /** After the hand-over. */
  readonly atSeconds: number;
  /** On average: a fraction is as good as a whole. */
  readonly running: number;
}

/**
 * The curve that a plan predicts, by the fluid model: tasks flow in as they are due, run for their mean time, and wait
 * where more would run than the predicted peak. What runs is what has started within the last task time.
 * @param points how many, evenly from the hand-over to the predicted finish
 */
export function predictedCurve(
  { count, starts, window, estimate, predicted, boundBy }: BurstPlan,
  points = 120,
): CurvePoint[] {
  const { peakConcurrency, finishSeconds } = predicted;
  const taskSeconds = estimate.meanSeconds;
  if (count === 0 || points < 1 || finishSeconds <= 0) return [];
  const stepSeconds = finishSeconds / points;
  const started = new Float64Array(points + 1);
  const startedAt = (seconds: number): number => {
    const at = seconds / stepSeconds;
    const before = Math.floor(at);
    if (before < 0) return 0;
    const low = started[before] ?? 0;
    return low + (at - before) * ((started[before + 1] ?? low) - low);
  };
  const isRamped = starts.kind === 'atOnce' && boundBy !== 'backlog';
  const slotsAt = (seconds: number) => (isRamped ? slotsAfter(seconds, peakConcurrency) : peakConcurrency);
  const curve: CurvePoint[] = [];
  for (let point = 0; point <= points; point += 1) {
    const atSeconds = point * stepSeconds;
    const due = dueBy(starts, window.maxSeconds, count, atSeconds);
    // Those that started a task time ago have made room; of shorter tasks many have come and gone within one step.
    const slots = slotsAt(atSeconds);
    const room =
      taskSeconds >= stepSeconds
        ? startedAt(atSeconds - taskSeconds) + slots
        : (started[point - 1] ?? 0) + (slots * stepSeconds) / taskSeconds;
    started[point] = Math.min(due, room);
    const span = Math.max(taskSeconds, stepSeconds);
    const running = (((started[point] ?? 0) - startedAt(atSeconds - span)) * taskSeconds) / span;
    curve.push({ atSeconds, running: Math.max(0, running) });
  }
  return curve;
}

/** Tasks that are due by a moment, a fraction of one as it comes nearer. */
function dueBy(starts: StartRule, lastSeconds: number, count: number, seconds: number): number {
  const sinceMs = seconds * 1000 - starts.firstMs;
  if (sinceMs < 0) return 0;
  if (starts.kind === 'atOnce') return count;
  if (starts.kind === 'even') return Math.min(count, 1 + sinceMs / starts.spacingMs);
  const spanMs = Math.max(1, lastSeconds * 1000 - starts.firstMs);
  const rampMs = (starts.slots - 1) * starts.staggerMs;
  const ramped = Math.min(count, starts.slots);
  if (sinceMs < rampMs) return Math.min(ramped, 1 + sinceMs / starts.staggerMs);
  return Math.min(count, ramped + ((count - ramped) * (sinceMs - rampMs)) / Math.max(1, spanMs - rampMs));
}
