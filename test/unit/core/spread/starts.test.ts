import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StartRule } from '../../../../core/spread/plan.ts';
import { createStarts, type StartsState } from '../../../../core/spread/starts.ts';

const rule: fc.Arbitrary<StartRule> = fc.oneof(
  fc.record({ kind: fc.constant('atOnce' as const), firstMs: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
  fc.record({
    kind: fc.constant('even' as const),
    firstMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    spacingMs: fc.double({ min: 0, max: 1e4, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('slots' as const),
    firstMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    slots: fc.integer({ min: 1, max: 40 }),
    staggerMs: fc.double({ min: 0, max: 1e3, noNaN: true }),
    restMs: fc.double({ min: 0, max: 1e3, noNaN: true }),
  }),
);
const durations = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 200 });

function tell(one: StartRule, seconds: readonly number[], state?: StartsState) {
  const starts = createStarts(one, state);
  return { dueMs: seconds.map((each) => starts.next(each)), state: starts.state() };
}

describe('createStarts', () => {
  it('starts all tasks at the first moment where the rule says at once', () => {
    expect(tell({ kind: 'atOnce', firstMs: 250 }, [1, 2, 3]).dueMs).toEqual([250, 250, 250]);
  });

  it('keeps even starts apart by the spacing, whatever the tasks take', () => {
    expect(tell({ kind: 'even', firstMs: 40.5, spacingMs: 91 }, [9, 0, 1]).dueMs).toEqual([
      40.5, 131.5, 222.5,
    ]);
  });

  it('does not drift over a million even starts', () => {
    const starts = createStarts({ kind: 'even', firstMs: 0.1, spacingMs: 0.1 }, { told: 999_999 });
    expect(starts.next(1)).toBe(0.1 + 999_999 * 0.1);
  });

  it('puts each task where a slot is free first, after its rest', () => {
    const slots: StartRule = { kind: 'slots', firstMs: 1000, slots: 2, staggerMs: 500, restMs: 100 };
    // Slot one: 1.0–3.0, 3.1–4.1. Slot two: 1.5–2.0, 2.1–3.6, 3.7.
    expect(tell(slots, [2, 0.5, 1.5, 1, 1]).dueMs).toEqual([1000, 1500, 2100, 3100, 3700]);
  });

  it('never goes back in time', () => {
    fc.assert(
      fc.property(rule, durations, (one, seconds) => {
        const { dueMs } = tell(one, seconds);
        for (const [at, due] of dueMs.entries()) expect(due).toBeGreaterThanOrEqual(dueMs[at - 1] ?? 0);
      }),
    );
  });

  it('never has more tasks running than it has slots', () => {
    fc.assert(
      fc.property(rule, durations, (one, seconds) => {
        if (one.kind !== 'slots') return;
        const { dueMs } = tell(one, seconds);
        const endsMs = dueMs.map((due, at) => due + (seconds[at] ?? 0) * 1000);
        for (const [at, due] of dueMs.entries()) {
          const running = endsMs.slice(0, at).filter((end) => end > due + 1e-6).length;
          expect(running).toBeLessThan(one.slots);
        }
      }),
    );
  });

  it('goes on from a state that was kept as JSON as if it had never stopped', () => {
    fc.assert(
      fc.property(rule, durations, durations, (one, before, after) => {
        const whole = tell(one, [...before, ...after]);
        const kept = JSON.parse(JSON.stringify(tell(one, before).state)) as StartsState;
        const rest = tell(one, after, kept);
        expect(rest.dueMs).toEqual(whole.dueMs.slice(before.length));
        expect(rest.state).toEqual(whole.state);
      }),
    );
  });
});
