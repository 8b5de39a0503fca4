import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lastDueMs, plannedFinish } from '../../../../core/burst/due.ts';
import { type BurstRecord, NOTHING_SENT } from '../../../../core/burst/record.ts';
import { cancelled, restOfPlan, withPlan } from '../../../../core/burst/segments.ts';
import type { Spread } from '../../../../core/config-record.ts';
import type { BurstPlan } from '../../../../core/spread/plan.ts';
import { planBurst } from '../../../../core/spread/plan-burst.ts';
import { createStarts } from '../../../../core/spread/starts.ts';

const NOW_MS = 1_800_000_000_000;

function planFor(count: number, goal: Spread | undefined, seconds = 2): BurstPlan {
  return planBurst({
    count,
    goal,
    bounds: { concurrency: 10, rateLimits: [], backlog: 0 },
    estimate: { source: 'default', meanSeconds: seconds, p95Seconds: seconds },
    random: () => 0.3,
  }).plan;
}

function burst(count: number, goal: Spread | undefined): BurstRecord {
  const segments = [{ fromIndex: 0, startMs: NOW_MS, plan: planFor(count, goal) }];
  const record = { burstId: 'b', state: 'Sending', isCancelled: false, total: count, given: count, segments };
  return record as unknown as BurstRecord;
}

const goals = fc.constantFrom<Spread | undefined>(
  undefined,
  { minSeconds: 0, maxSeconds: 900 },
  { minSeconds: 60, maxSeconds: 86_400 },
  { maxConcurrency: 3 },
  { finishWithinSeconds: 4_000 },
);

describe('planning what is left of a burst anew', () => {
  it('gives each task one plan, whatever is planned after what, and conserves all of them', () => {
    const change = fc.record({ sent: fc.integer({ min: 0, max: 400 }), goal: goals, again: fc.boolean() });
    const count = fc.integer({ min: 1, max: 2_000 });
    fc.assert(
      fc.property(count, goals, fc.array(change, { maxLength: 6 }), (total, goal, changes) => {
        let record = burst(total, goal);
        let fromIndex = 0;
        let nowMs = NOW_MS;
        for (const { sent, goal: next, again } of changes) {
          fromIndex = Math.min(total, fromIndex + sent);
          nowMs += 1_000 * sent;
          const last = record.segments.at(-1);
          if (last === undefined) throw new Error('a burst has a plan');
          const plan = again
            ? restOfPlan(last.plan, fromIndex - last.fromIndex, total - fromIndex)
            : planFor(total - fromIndex, next);
          record = withPlan(record, { ...NOTHING_SENT, fromIndex }, plan, nowMs);
        }
        const begins = record.segments.map((segment) => segment.fromIndex);
        expect(begins).toEqual([...new Set(begins)].sort((a, b) => a - b));
        record.segments.forEach(({ fromIndex: from, plan }, at) => {
          expect(plan.count).toBe((begins[at + 1] ?? total) - from);
        });
      }),
    );
  });

  it('at the same pace keeps the gaps between the tasks, and begins at once', () => {
    fc.assert(
      fc.property(goals, fc.integer({ min: 1, max: 500 }), (goal, sent) => {
        const plan = planFor(1_000, goal);
        const rest = restOfPlan(plan, sent, 1_000 - sent);
        const times = (one: BurstPlan) => {
          const starts = createStarts(one.starts);
          return Array.from({ length: one.count }, () => starts.next(2));
        };
        const [first = 0, second = 0] = times(rest);
        const before = times(plan);
        if (plan.starts.kind === 'even') {
          expect(second - first).toBeCloseTo((before[1] ?? 0) - (before[0] ?? 0), 6);
          expect(first).toBeLessThan(plan.starts.spacingMs);
        } else {
          expect(first).toBe(0);
        }
        // What is due lies in the window, as a message may be held back no longer.
        expect(Math.floor((times(rest).at(-1) ?? 0) / 1000)).toBeLessThanOrEqual(rest.window.maxSeconds + 1);
        expect(rest.predicted.finishSeconds).toBeLessThanOrEqual(plan.predicted.finishSeconds + 1e-6);
        expect(rest.predicted.peakConcurrency).toBeLessThanOrEqual(plan.predicted.peakConcurrency);
      }),
    );
  });

  it('that has not begun begins as it was planned', () => {
    const plan = planFor(100, { minSeconds: 60, maxSeconds: 600 });
    expect(restOfPlan(plan, 0, 100)).toBe(plan);
  });

  it('lets what was sent be over when that is, not when all would have been', () => {
    const record = burst(1_000, { minSeconds: 0, maxSeconds: 3_600 });
    const sooner = withPlan(
      record,
      { ...NOTHING_SENT, fromIndex: 250 },
      planFor(750, { minSeconds: 0, maxSeconds: 100 }),
      NOW_MS,
    );
    expect(lastDueMs(sooner) - NOW_MS).toBeLessThan(3_600_000 / 4 + 1_000);
    expect(plannedFinish(sooner).atMs - NOW_MS).toBeLessThan(3_600_000 / 4 + 10_000);
  });
});

describe('cancelling', () => {
  it('counts what was sent, by the plans by which it was', () => {
    const record = burst(1_000, { minSeconds: 0, maxSeconds: 3_600 });
    const next = cancelled(
      { ...record, replan: { kind: 'samePace' }, sending: { by: 'x', untilMs: 1 } },
      { ...NOTHING_SENT, fromIndex: 250 },
      NOW_MS + 5,
    );
    expect(next).toMatchObject({
      state: 'Sent',
      isCancelled: true,
      total: 250,
      given: 1_000,
      sentAtMs: NOW_MS + 5,
    });
    expect(next.segments.map(({ plan }) => plan.count)).toEqual([250]);
    expect([next.replan, next.sending]).toEqual([undefined, undefined]);
    expect(plannedFinish(next).atMs - NOW_MS).toBeLessThan(910_000);
  });

  it('before anything was sent leaves a burst of no tasks', () => {
    const next = cancelled(burst(1_000, undefined), NOTHING_SENT, NOW_MS);
    expect(next).toMatchObject({ total: 0, segments: [{ fromIndex: 0, plan: { count: 0 } }] });
    expect(plannedFinish(next).atMs).toBe(NOW_MS);
  });
});
