import type { Estimate } from './estimate.ts';
import { isCertain, MOVED_MS } from './peak.ts';
import type { PlanRequest, StartRule } from './plan.ts';
import { createStarts } from './starts.ts';

export type SlotsRule = Extract<StartRule, { kind: 'slots' }>;

/** More are not planned for: so many tasks at once even each other out, and who goes on with a burst keeps each slot. */
const MOST_SLOTS = 1_000;

/** A slot rests between two tasks for what a start may be moved, but for no larger share of a task. */
const REST_SHARE = 0.06;

/** Whether starts can go where slots come free: each task says how long it takes, and not all say the same. */
export function areSlotsKnown({ estimate }: Pick<PlanRequest, 'estimate'>): boolean {
  const { source, longestSeconds } = estimate;
  return (source === 'tasks' || source === 'bytes') && longestSeconds !== undefined && !isCertain(estimate);
}

/** When the last task of a rule starts, and when the last one ends. */
export interface Ends {
  readonly lastStartMs: number;
  readonly lastEndMs: number;
}

/** Goes through a burst without running it. */
export function endsOf(rule: StartRule, durationsSeconds: Iterable<number>): Ends {
  const starts = createStarts(rule);
  let [lastStartMs, lastEndMs] = [0, 0];
  for (const seconds of durationsSeconds) {
    lastStartMs = starts.next(seconds);
    lastEndMs = Math.max(lastEndMs, lastStartMs + seconds * 1000);
  }
  return { lastStartMs, lastEndMs };
}

/**
 * About the same, from the sum of the durations: each slot works its share of them, and comes to the end in the midst of
 * a task.
 */
export function likelyEnds(
  { firstMs, slots, staggerMs, restMs }: SlotsRule,
  count: number,
  e: Estimate,
): Ends {
  const turnMs = e.meanSeconds * 1000 + restMs;
  const rampMs = ((Math.min(slots, count) - 1) * staggerMs) / 2;
  const lastStartMs = firstMs + Math.max(rampMs, rampMs + (count * turnMs) / slots - turnMs / 2);
  return { lastStartMs, lastEndMs: lastStartMs + (e.longestSeconds ?? e.p95Seconds) * 1000 };
}

export interface SlotsWindow {
  readonly firstMs: number;
  /** The last task starts no later, or ends no later. */
  readonly untilMs: number;
  readonly of: keyof Ends;
}

/**
 * The fewest slots that get all tasks into a window. Undefined where slots would be of no use: there would be too many
 * of them, or each would have hardly two tasks.
 *
 * Their sum gives a number that is surely enough. A task starts as soon as any slot is free, so before the last start no
 * slot is idle: `slots · window ≤ work + ramp`. From there trying finds the fewest.
 */
export function fewestSlots(
  { count, estimate, durationsSeconds, random }: PlanRequest,
  { firstMs, untilMs, of }: SlotsWindow,
): SlotsRule | undefined {
  const taskMs = estimate.meanSeconds * 1000;
  const longestMs = (estimate.longestSeconds ?? estimate.meanSeconds) * 1000;
  const restMs = Math.min(MOVED_MS, REST_SHARE * taskMs);
  const turnMs = taskMs + restMs;
  const phase = random();
  const ruleOf = (slots: number): SlotsRule => {
    const staggerMs = turnMs / slots;
    return { kind: 'slots', firstMs: firstMs + phase * staggerMs, slots, staggerMs, restMs };
  };
  const windowMs = untilMs - firstMs - (of === 'lastEndMs' ? longestMs : 0);
  // The ramp takes half a turn, the first start up to one stagger.
  const enough = Math.ceil((count + 1) / (windowMs / turnMs - 0.5));
  if (!(enough > 0 && enough <= MOST_SLOTS && enough <= count / 2)) return undefined;
  if (durationsSeconds === undefined) return ruleOf(enough);
  const fits = (slots: number) => endsOf(ruleOf(slots), durationsSeconds)[of] <= untilMs;
  let [low, high] = [Math.max(0, Math.floor((count * taskMs) / (untilMs - firstMs + longestMs)) - 1), enough];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return ruleOf(high);
}
