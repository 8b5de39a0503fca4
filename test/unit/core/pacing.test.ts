import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeStart, type LedgerState, type Pace, reserve, spacingMs } from '../../../core/pacing.ts';

const pace: fc.Arbitrary<Pace> = fc
  .record({
    starts: fc.integer({ min: 1, max: 200 }),
    perMs: fc.integer({ min: 1_000, max: 60_000 }),
    tolerance: fc.double({ min: 0, max: 0.03, noNaN: true }),
  })
  .map(({ starts, perMs, tolerance }) => ({ starts, perMs, toleranceMs: Math.floor(perMs * tolerance) }));

interface Caller {
  readonly afterMs: number;
  readonly count: number;
  /** How much later than its time each start comes, as a share of twice the tolerance. */
  readonly late: number;
}
const callers: fc.Arbitrary<Caller[]> = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.nat(3_000)),
    count: fc.integer({ min: 1, max: 10 }),
    late: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 120, size: 'max' },
);

/** Floating point may make a distance a millionth of a millisecond short. */
const ROUNDING_MS = 1e-6;

function mostInAWindow(starts: readonly number[], perMs: number): number {
  const sorted = starts.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [last, atMs] of sorted.entries()) {
    while (atMs - (sorted[first] ?? 0) >= perMs - ROUNDING_MS) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

describe('a ledger', () => {
  it('never lets more than N starts into any window [t, t + T), whatever batches come when and however late', () => {
    fc.assert(
      fc.property(pace, callers, (limit, sequence) => {
        const spacing = spacingMs(limit);
        const starts: number[] = [];
        let state: LedgerState | undefined;
        let nowMs = 1_000_000;
        for (const { afterMs, count, late } of sequence) {
          nowMs += afterMs;
          const answer = reserve(state, { nowMs, spacingMs: spacing, count, horizonMs: 1e9 });
          state = answer.state;
          if (answer.result.kind !== 'granted') throw new Error('the horizon is far');
          for (let index = 0; index < count; index += 1) {
            const dueMs = answer.result.startMs + index * spacing;
            const atMs = dueMs + late * 2 * limit.toleranceMs;
            // One that comes too late gives its slot up.
            if (judgeStart(dueMs, atMs, limit.toleranceMs).kind === 'go') starts.push(atMs);
          }
        }
        expect(mostInAWindow(starts, limit.perMs)).toBeLessThanOrEqual(limit.starts);
      }),
      { numRuns: 300 },
    );
  });

  it('lets through at least 95 % of the limit, and no more than it, while somebody always waits, one by one or in batches', () => {
    fc.assert(
      fc.property(pace, fc.integer({ min: 1, max: 20 }), (limit, count) => {
        const spacing = spacingMs(limit);
        const FROM_MS = 1_000_000;
        const windows = 50;
        let state: LedgerState | undefined;
        let started = 0;
        const most = windows * limit.starts + count;
        while (started <= most) {
          const { state: next, result } = reserve(state, {
            nowMs: FROM_MS,
            spacingMs: spacing,
            count,
            horizonMs: windows * limit.perMs,
          });
          state = next;
          if (result.kind === 'full') break;
          started += count;
        }
        expect(started / (windows * limit.starts)).toBeGreaterThanOrEqual(0.95);
        expect(started).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('starts at once when it has been idle, and saves nothing up for a burst', () => {
    const spacing = spacingMs({ starts: 10, perMs: 1_000, toleranceMs: 30 });
    const idle: LedgerState = { nextMs: 5_000 };
    const first = reserve(idle, { nowMs: 900_000, spacingMs: spacing, count: 1, horizonMs: 0 });
    expect(first.result).toEqual({ kind: 'granted', startMs: 900_000 });
    const second = reserve(first.state, { nowMs: 900_000, spacingMs: spacing, count: 1, horizonMs: 1_000 });
    expect(second.result).toEqual({ kind: 'granted', startMs: 900_103 });
  });

  it('reserves nothing beyond the horizon, and says when there is room', () => {
    const state: LedgerState = { nextMs: 2_001 };
    const request = { nowMs: 1_000, spacingMs: 100, count: 5, horizonMs: 1_000 };
    expect(reserve(state, request)).toEqual({ state, result: { kind: 'full', nextFreeMs: 2_001 } });
    expect(reserve({ nextMs: 2_000 }, request)).toEqual({
      state: { nextMs: 2_500 },
      result: { kind: 'granted', startMs: 2_000 },
    });
  });

  it.each([
    { nowMs: 999, answer: { kind: 'wait', waitMs: 1 } },
    { nowMs: 1_000, answer: { kind: 'go' } },
    { nowMs: 1_050, answer: { kind: 'go' } },
    { nowMs: 1_050.5, answer: { kind: 'late' } },
  ])('judges a start at 1000 with a tolerance of 50 at $nowMs: $answer.kind', ({ nowMs, answer }) => {
    expect(judgeStart(1_000, nowMs, 50)).toEqual(answer);
  });
});
