import { expect, it } from '@jest/globals';
import { plannedCurve } from '../../../../core/burst/planned-curve.ts';
import { planBurst } from '../../../../core/spread/plan-burst.ts';

const { plan } = planBurst({
  count: 100,
  goal: { minSeconds: 0, maxSeconds: 100 },
  bounds: { concurrency: 10, rateLimits: [], backlog: 0 },
  estimate: { source: 'measured', meanSeconds: 2, p95Seconds: 2 },
  random: () => 0.5,
});

it('a burst that was planned once runs as its plan says', () => {
  const curve = plannedCurve({ segments: [{ fromIndex: 0, startMs: 5_000, plan }] }, 10);
  expect(curve).toHaveLength(11);
  expect(curve.at(-1)?.atSeconds).toBeCloseTo(plan.predicted.finishSeconds);
});

it('once it is planned anew, the former plan counts no more', () => {
  const segments = [
    { fromIndex: 0, startMs: 5_000, plan },
    { fromIndex: 30, startMs: 35_000, plan },
  ];
  const curve = plannedCurve({ segments }, 10);
  const times = curve.map(({ atSeconds }) => atSeconds);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times.filter((seconds) => seconds < 30).length).toBeLessThan(5);
  expect(times.at(-1)).toBeCloseTo(30 + plan.predicted.finishSeconds);
});

it('a burst without a plan has no curve', () => {
  expect(plannedCurve({ segments: [] })).toEqual([]);
});
