import { describe, expect, it } from '@jest/globals';
import type { Estimate } from '../../../../core/spread/estimate.ts';
import type { BurstPlan, PlanRequest } from '../../../../core/spread/plan.ts';
import { planBurst } from '../../../../core/spread/plan-burst.ts';

const certain = (meanSeconds: number): Estimate => ({
  source: 'measured',
  meanSeconds,
  p95Seconds: meanSeconds,
});
const varied = (meanSeconds: number): Estimate => ({
  source: 'measured',
  meanSeconds,
  p95Seconds: 2 * meanSeconds,
});
const told: Estimate = { source: 'tasks', meanSeconds: 3, p95Seconds: 5, longestSeconds: 5 };
/** 1, 3, 5, 2, 4, again and again: 3 s on average. */
const durations = (count: number) => Array.from({ length: count }, (_, index) => 1 + ((index * 2) % 5));

const bounds = (changes: Partial<PlanRequest['bounds']> = {}) => ({
  ...{ concurrency: 10, rateLimits: [], backlog: 0 },
  ...changes,
});

function answer(changes: Partial<PlanRequest>) {
  return planBurst({
    ...{ count: 100, goal: undefined, bounds: bounds(), estimate: certain(2), random: () => 0.5 },
    ...changes,
  });
}

function plan(changes: Partial<PlanRequest>): BurstPlan {
  const planned = answer(changes);
  expect(planned.kind).toBe('planned');
  return planned.plan;
}

describe('a burst without a goal', () => {
  it('is handed over at once, and bound by how many the pipeline runs', () => {
    expect(plan({})).toMatchObject({
      starts: { kind: 'atOnce', firstMs: 0 },
      window: { minSeconds: 0, maxSeconds: 0 },
      predicted: { peakConcurrency: 10, finishSeconds: 20 },
      boundBy: 'concurrency',
    });
  });

  it('is bound by nothing but its tasks where the pipeline runs all of them at once', () => {
    expect(plan({ count: 10 })).toMatchObject({ predicted: { finishSeconds: 2 }, boundBy: 'tasks' });
    expect(plan({ count: 0 }).boundBy).toBe('tasks');
  });

  it('is bound by the rate limit where that is slower, and runs as many as start within a task', () => {
    const { predicted, boundBy } = plan({ bounds: bounds({ rateLimits: [{ tasks: 2, perSeconds: 1 }] }) });
    expect(boundBy).toBe('rateLimit');
    // 2 a second for 2 s, and one that is moved.
    expect(predicted.peakConcurrency).toBe(5);
    expect(predicted.finishSeconds).toBeCloseTo(99 / (2 * 0.97) + 2, 6);
  });

  it('comes after the backlog', () => {
    expect(plan({ bounds: bounds({ backlog: 400 }) })).toMatchObject({
      predicted: { peakConcurrency: 10, finishSeconds: 100 },
      boundBy: 'backlog',
    });
  });

  it('of no tasks is over at once', () => {
    expect(plan({ count: 0, goal: { finishWithinSeconds: 1 } })).toMatchObject({
      count: 0,
      predicted: { peakConcurrency: 0, finishSeconds: 0 },
    });
  });
});

describe('a window', () => {
  it('is filled evenly, from a random phase on, both of its seconds included', () => {
    const { starts, window, predicted, boundBy } = plan({
      count: 1000,
      goal: { minSeconds: 10, maxSeconds: 100 },
      estimate: certain(3),
      bounds: bounds({ concurrency: 100 }),
    });
    expect(starts).toEqual({ kind: 'even', firstMs: 10_045.5, spacingMs: 91 });
    expect(window).toEqual({ minSeconds: 10, maxSeconds: 100 });
    expect(predicted.peakConcurrency).toBe(35);
    expect(predicted.finishSeconds).toBeCloseTo(103.9545, 6);
    expect(boundBy).toBe('goal');
  });

  it('begins elsewhere in its first gap with other chance', () => {
    const first = (random: number) =>
      plan({ goal: { minSeconds: 0, maxSeconds: 99 }, random: () => random }).starts.firstMs;
    expect([first(0), first(0.25), first(0.75)]).toEqual([0, 250, 750]);
  });

  it('may be a day long', () => {
    const { starts } = plan({ count: 864, goal: { minSeconds: 0, maxSeconds: 86_399 } });
    expect(starts).toEqual({ kind: 'even', firstMs: 50_000, spacingMs: 100_000 });
  });

  it('is worked through by the fewest slots where the tasks say how long they take', () => {
    const request = { count: 200, goal: { minSeconds: 0, maxSeconds: 89 }, estimate: told };
    const { starts, window, predicted } = plan({ ...request, durationsSeconds: durations(200) });
    // 200 × 3.18 s by 7 are 91 s: the last task starts within 90 s.
    expect(starts).toMatchObject({ kind: 'slots', slots: 7, restMs: 180 });
    expect(window).toEqual({ minSeconds: 0, maxSeconds: 89 });
    expect(predicted.peakConcurrency).toBe(7);
  });

  it('takes as many slots as surely suffice where only the sum of the durations is at hand', () => {
    const request = { goal: { minSeconds: 0, maxSeconds: 29 }, estimate: told };
    const slotsOf = ({ starts }: BurstPlan) => (starts.kind === 'slots' ? starts.slots : 0);
    expect(slotsOf(plan({ ...request, count: 200 }))).toBe(23);
    expect(slotsOf(plan({ ...request, count: 200, durationsSeconds: durations(200) }))).toBe(21);
  });

  it('is filled evenly where each slot would have hardly two tasks', () => {
    expect(plan({ count: 10, goal: { minSeconds: 0, maxSeconds: 4 }, estimate: told }).starts.kind).toBe(
      'even',
    );
  });

  it('that is too short for the pipeline is bound by it', () => {
    expect(plan({ goal: { minSeconds: 0, maxSeconds: 9 } })).toMatchObject({
      predicted: { peakConcurrency: 10 },
      boundBy: 'concurrency',
    });
  });
});

describe('a peak', () => {
  it('is kept by starts that are as far apart as a task takes, divided by it, and moved starts keep clear', () => {
    const { starts, window, predicted, boundBy } = plan({ goal: { maxConcurrency: 4 } });
    // (2 s + 0.18 s) / 4
    expect(starts).toEqual({ kind: 'even', firstMs: 272.5, spacingMs: 545 });
    expect(window).toEqual({ minSeconds: 0, maxSeconds: 54 });
    expect(predicted.peakConcurrency).toBe(4);
    expect(boundBy).toBe('goal');
  });

  it('is kept with more room where tasks take how long they like', () => {
    const { starts, predicted } = plan({ goal: { maxConcurrency: 4 }, estimate: varied(2) });
    expect(starts).toMatchObject({ kind: 'even' });
    expect(starts.kind === 'even' && Math.round(starts.spacingMs)).toBe(1093);
    expect(predicted.peakConcurrency).toBe(4);
  });

  it('is kept by so many slots where the tasks say how long they take', () => {
    const { starts, predicted } = plan({
      ...{ count: 200, goal: { maxConcurrency: 4 }, estimate: told, durationsSeconds: durations(200) },
    });
    expect(starts).toEqual({ kind: 'slots', firstMs: 397.5, slots: 4, staggerMs: 795, restMs: 180 });
    expect(predicted.peakConcurrency).toBe(4);
    expect(predicted.finishSeconds).toBeGreaterThan(159);
    expect(predicted.finishSeconds).toBeLessThan(165);
  });

  it('that the pipeline cannot reach is its own', () => {
    const { starts, predicted, boundBy } = plan({ goal: { maxConcurrency: 40 } });
    expect(starts).toEqual({ kind: 'even', firstMs: 100, spacingMs: 200 });
    expect(predicted.peakConcurrency).toBe(10);
    expect(boundBy).toBe('concurrency');
  });

  it('is not reached where a rate limit is slower', () => {
    const { starts, boundBy } = plan({
      goal: { maxConcurrency: 4 },
      bounds: bounds({ rateLimits: [{ tasks: 60, perSeconds: 60 }] }),
    });
    expect(starts).toMatchObject({ kind: 'even', spacingMs: 1000 / 0.97 });
    expect(boundBy).toBe('rateLimit');
  });

  it('waits until the backlog is over, for what piles up behind it would run at once after it', () => {
    const { starts, window, boundBy } = plan({
      goal: { maxConcurrency: 4 },
      bounds: bounds({ backlog: 50 }),
    });
    expect(starts.firstMs).toBe(10_272.5);
    expect(window.minSeconds).toBe(10);
    expect(boundBy).toBe('goal');
    expect(plan({ goal: { maxConcurrency: 4 }, bounds: bounds({ backlog: 500 }) }).boundBy).toBe('backlog');
  });

  it('is never predicted to be exceeded, not even where a backlog before it takes years', () => {
    const { predicted } = plan({
      ...{ count: 1000, goal: { maxConcurrency: 4 }, estimate: varied(60) },
      bounds: bounds({ rateLimits: [{ tasks: 1, perSeconds: 86_400 }], backlog: 100_000 }),
    });
    expect(predicted.peakConcurrency).toBeLessThanOrEqual(4);
  });

  it('of no fewer tasks than there are needs no spread', () => {
    expect(plan({ count: 4, goal: { maxConcurrency: 4 } }).starts).toEqual({ kind: 'atOnce', firstMs: 0 });
  });

  it('starts the first ones sooner where few come after them', () => {
    const { starts, predicted } = plan({ count: 12, goal: { maxConcurrency: 4 }, estimate: certain(60) });
    expect(starts).toMatchObject({ kind: 'slots', slots: 4, restMs: 180 });
    // Three turns of 60 s, not the 226 s of even starts.
    expect(predicted.finishSeconds).toBeLessThan(200);
  });
});

describe('a deadline', () => {
  it('is kept with the least peak, up to its last second', () => {
    const { starts, predicted, boundBy } = plan({
      count: 340,
      goal: { finishWithinSeconds: 200 },
      estimate: certain(3),
    });
    expect(starts).toMatchObject({ kind: 'even' });
    expect(predicted.peakConcurrency).toBe(6);
    expect(predicted.finishSeconds).toBeGreaterThan(199);
    expect(predicted.finishSeconds).toBeLessThanOrEqual(200);
    expect(boundBy).toBe('goal');
  });

  it('is kept by the fewest slots where the tasks say how long they take', () => {
    const { starts, predicted } = plan({
      ...{ count: 200, goal: { finishWithinSeconds: 90 }, estimate: told, durationsSeconds: durations(200) },
    });
    expect(starts).toMatchObject({ kind: 'slots', slots: 8 });
    expect(predicted.finishSeconds).toBeLessThanOrEqual(90);
  });

  it('that the pipeline only just keeps is left to it', () => {
    expect(plan({ count: 340, goal: { finishWithinSeconds: 102 }, estimate: certain(3) })).toMatchObject({
      starts: { kind: 'atOnce' },
      predicted: { peakConcurrency: 10, finishSeconds: 102 },
      boundBy: 'concurrency',
    });
  });

  it('is met behind a backlog', () => {
    const { starts, predicted } = plan({
      ...{ count: 340, goal: { finishWithinSeconds: 300 }, estimate: certain(3) },
      bounds: bounds({ backlog: 500 }),
    });
    expect(starts.firstMs).toBeGreaterThanOrEqual(150_000);
    expect(predicted.finishSeconds).toBeLessThanOrEqual(300);
  });

  it.each<[string, Partial<PlanRequest>, string]>([
    ['concurrency', {}, '30 s needs 34 at once; this pipeline has 10: 102 s'],
    [
      'concurrency, by a hair',
      { count: 11, goal: { finishWithinSeconds: 5 } },
      '5 s needs 11 at once; this pipeline has 10: 6 s',
    ],
    [
      'concurrency, of tasks that say how long they take',
      { count: 200, estimate: told, durationsSeconds: durations(200) },
      '30 s needs 20 at once; this pipeline has 10: 63 s',
    ],
    [
      'a rate limit',
      { bounds: bounds({ concurrency: 1000, rateLimits: [{ tasks: 600, perSeconds: 60 }] }) },
      "30 s needs 12.6 starts a second; this pipeline's rateLimit allows 600 in 60 s: 38 s",
    ],
    [
      'the backlog',
      { bounds: bounds({ backlog: 500 }) },
      '30 s needs 84 at once, with 500 tasks before it; this pipeline has 10: 252 s',
    ],
    [
      'the tasks themselves',
      { count: 3, goal: { finishWithinSeconds: 2 } },
      '2 s is less than a task takes (3 s): 3 s',
    ],
  ])('that cannot be kept for %s is answered with what is possible', (_, changes, message) => {
    const planned = answer({
      ...{ count: 340, goal: { finishWithinSeconds: 30 }, estimate: certain(3) },
      ...changes,
    });
    expect(planned).toMatchObject({ kind: 'impossible', message, plan: { starts: { kind: 'atOnce' } } });
    const possible = Number(/: (\d+) s$/.exec(message)?.[1]);
    expect(Math.ceil(planned.plan.predicted.finishSeconds - 1e-6)).toBe(possible);
  });
});
