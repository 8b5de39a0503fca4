import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { curveOf, type Interval, peakOf, predictedCurve } from '../../../../core/spread/curve.ts';
import type { PlanRequest } from '../../../../core/spread/plan.ts';
import { planBurst } from '../../../../core/spread/plan-burst.ts';

const interval = ([startMs, endMs]: readonly [number, number]): Interval => ({ startMs, endMs });

describe('curveOf', () => {
  it('has a step wherever more or fewer run', () => {
    const intervals = (
      [
        [0, 30],
        [10, 20],
        [30, 40],
      ] as const
    ).map(interval);
    expect(curveOf(intervals)).toEqual([
      { atMs: 0, running: 1 },
      { atMs: 10, running: 2 },
      { atMs: 20, running: 1 },
      { atMs: 40, running: 0 },
    ]);
  });

  it('does not count a task that ends as another begins together with it', () => {
    expect(
      peakOf(
        (
          [
            [0, 10],
            [10, 20],
          ] as const
        ).map(interval),
      ),
    ).toEqual({ atMs: 0, running: 1 });
  });

  it('leaves out what took no time', () => {
    expect(curveOf([interval([5, 5])])).toEqual([]);
    expect(peakOf([])).toEqual({ atMs: 0, running: 0 });
  });

  it('comes to the same as counting at every start', () => {
    const some = fc.array(fc.tuple(fc.nat(50), fc.nat(50)).map(([at, took]) => interval([at, at + took])));
    fc.assert(
      fc.property(some, (intervals) => {
        const counts = intervals
          .filter(({ startMs, endMs }) => endMs > startMs)
          .map(
            ({ startMs }) => intervals.filter((one) => one.startMs <= startMs && startMs < one.endMs).length,
          );
        expect(peakOf(intervals).running).toBe(Math.max(0, ...counts));
        expect(curveOf(intervals).at(-1)?.running ?? 0).toBe(0);
      }),
    );
  });
});

describe('predictedCurve', () => {
  const request: PlanRequest = {
    count: 200,
    goal: undefined,
    bounds: { concurrency: 10, rateLimits: [], backlog: 0 },
    estimate: { source: 'measured', meanSeconds: 2, p95Seconds: 2 },
    random: () => 0.5,
  };
  const curve = (changes: Partial<PlanRequest>, points = 100) =>
    predictedCurve(planBurst({ ...request, ...changes }).plan, points);

  it('fills the pipeline from the beginning to the end where all come at once', () => {
    const points = curve({});
    expect(points[0]).toEqual({ atSeconds: 0, running: 10 });
    expect(points[50]?.running).toBeCloseTo(10, 6);
    expect(points.at(-1)).toEqual({ atSeconds: 40, running: 0 });
  });

  it('rises as AWS adds slots where all come at once to a pipeline of many', () => {
    const points = curve({ count: 1_000, bounds: { concurrency: 100, rateLimits: [], backlog: 0 } });
    const at = (seconds: number) => points.findLast((point) => point.atSeconds <= seconds)?.running ?? 0;
    expect(at(0)).toBe(5);
    expect(at(10)).toBeGreaterThan(40);
    expect(at(10)).toBeLessThan(56);
    expect(at(22)).toBeCloseTo(100, 0);
    const finish = points.at(-1)?.atSeconds ?? 0;
    const work = points.reduce((sum, { running }) => sum + running, 0) * (finish / 100);
    expect(Math.abs(work / 2_000 - 1)).toBeLessThan(0.05);
  });

  it('lies at starts per second × task time over an even window, and rises and falls within a task time', () => {
    const points = curve({ goal: { minSeconds: 10, maxSeconds: 89 } });
    const at = (seconds: number) => points.findLast((point) => point.atSeconds <= seconds)?.running;
    expect(at(9)).toBe(0);
    expect(at(15)).toBeCloseTo(5, 6);
    expect(at(80)).toBeCloseTo(5, 6);
    expect(points.at(-1)?.running).toBeLessThan(0.5);
  });

  it.each([
    ['at once', {}],
    ['even', { goal: { minSeconds: 0, maxSeconds: 99 } }],
    [
      'even, of very short tasks',
      {
        goal: { minSeconds: 0, maxSeconds: 899 },
        estimate: { source: 'measured', meanSeconds: 0.05, p95Seconds: 0.05 },
      },
    ],
    [
      'slots',
      {
        goal: { maxConcurrency: 4 },
        estimate: { source: 'tasks', meanSeconds: 2, p95Seconds: 4, longestSeconds: 5 },
      },
    ],
  ] as [string, Partial<PlanRequest>][])('has as much work under it as the tasks have: %s', (_, changes) => {
    const points = curve(changes, 1000);
    const finish = points.at(-1)?.atSeconds ?? 0;
    const work = points.reduce((sum, { running }) => sum + running, 0) * (finish / 1000);
    const expected = 200 * (changes.estimate?.meanSeconds ?? 2);
    expect(work / expected).toBeGreaterThan(0.95);
    expect(work / expected).toBeLessThan(1.05);
  });

  it('never lies above the predicted peak', () => {
    const { predicted } = planBurst(request).plan;
    for (const { running } of curve({}))
      expect(running).toBeLessThanOrEqual(predicted.peakConcurrency + 1e-9);
  });

  it('is empty for a burst of nothing', () => {
    expect(curve({ count: 0 })).toEqual([]);
  });
});
