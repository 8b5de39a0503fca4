import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RateLimit } from '../../../../core/config-record/rate-limit.ts';
import { clockSkewMs, type Paced, planPace, startsPerSecond } from '../../../../core/flow/pace.ts';

const limit = (tasks: number, perSeconds: number): RateLimit => ({ tasks, perSeconds });
const record = (
  concurrency: number,
  rateLimits: readonly RateLimit[],
  changes: Partial<Paced> = {},
): Paced => ({
  rateLimits,
  concurrency,
  concurrencySource: 'record',
  batchSize: 1,
  timeoutSeconds: 30,
  ...changes,
});

const rateLimits = fc.array(
  fc.record({ tasks: fc.integer({ min: 1, max: 2_000 }), perSeconds: fc.integer({ min: 1, max: 86_400 }) }),
  { minLength: 1, maxLength: 4 },
);

/** Where slots are often a way. */
const shortWindows = fc.array(
  fc.record({ tasks: fc.integer({ min: 1, max: 500 }), perSeconds: fc.integer({ min: 1, max: 20 }) }),
  { minLength: 1, maxLength: 2 },
);

/** Floating point may make a distance a millionth of a millisecond short. */
const ROUNDING_MS = 1e-6;

describe('how a record’s rate limits are kept', () => {
  it('needs nothing where there are none', () => {
    expect(planPace(record(2, []))).toEqual({ kind: 'none' });
  });

  it.each<[string, Paced, number]>([
    ['two slots that share ten a second evenly', record(2, [limit(10, 1)], { batchSize: 10 }), 200],
    ['a slot for each start of the window', record(10, [limit(10, 1)]), 1_000],
    ['one slot, whole milliseconds, and rather longer', record(1, [limit(3, 1)], { batchSize: 10 }), 334],
    ['slots that leave two hundredths of the limit', record(98, [limit(100, 1)], { batchSize: 100 }), 1_000],
    ['a rest of two seconds', record(10, [limit(10, 2)]), 2_000],
    ['a rest of a third of the call’s time', record(10, [limit(10, 1)], { timeoutSeconds: 3 }), 1_000],
    ['the longest rest of several limits', record(5, [limit(10, 1), limit(300, 60)]), 1_000],
    ['the longest rest, whichever comes first', record(5, [limit(300, 60), limit(10, 1)]), 1_000],
  ])('is by holding slots for %s', (_, paced, holdMs) => {
    expect(planPace(paced)).toEqual({ kind: 'slots', holdMs });
  });

  it.each<[string, Paced]>([
    ['slots would leave more of the limit', record(96, [limit(100, 1)], { batchSize: 100 })],
    ['slots would stand idle too often, from call to call', record(2, [limit(10, 1)])],
    ['they would, though their rest is longer', record(5, [limit(25, 4)])],
    ['slots cannot share it: 3 × ⌊10 / 3⌋ is 9', record(3, [limit(10, 1)])],
    ['there are more slots than starts in a window', record(11, [limit(10, 1)])],
    ['a slot would rest longer than two seconds', record(2_001, [limit(2_001, 2), limit(4_000, 5)])],
    [
      'a slot would rest longer than a third of the call’s time',
      record(10, [limit(10, 2)], { timeoutSeconds: 5 }),
    ],
    [
      'the number of slots follows from the limit',
      record(2, [limit(10, 1)], { concurrencySource: 'rateLimit' }),
    ],
    ['the number of slots is nobody’s choice', record(2, [limit(10, 1)], { concurrencySource: 'default' })],
  ])('is by the ledger where %s', (_, paced) => {
    expect(planPace(paced).kind).toBe('ledger');
  });

  it('is by slots only where they keep every limit, and reach 97 % of the strictest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), shortWindows, (concurrency, limits) => {
        const plan = planPace(record(concurrency, limits, { timeoutSeconds: 900 }));
        if (plan.kind !== 'slots') return;
        for (const { tasks, perSeconds } of limits) {
          // A slot that starts at 0 starts again at each multiple of its hold.
          const startsOfASlot = Math.ceil((perSeconds * 1000) / plan.holdMs);
          expect(concurrency * startsOfASlot).toBeLessThanOrEqual(tasks);
        }
        expect((concurrency * 1000) / plan.holdMs).toBeGreaterThanOrEqual(0.97 * startsPerSecond(limits));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the ledger’s plan', () => {
  const plan = (...limits: readonly RateLimit[]) =>
    planPace(record(2, limits, { concurrencySource: 'rateLimit' }));

  it.each([
    ['ten a second', [limit(10, 1)], 102.2, 18],
    ['one a minute', [limit(1, 60)], 61_320, 1_080],
    [
      'one an hour, late by two seconds and with clocks a second off at most',
      [limit(1, 3_600)],
      3_604_000,
      2_000,
    ],
    [
      'the strictest of two, of which the other leaves more room',
      [limit(10, 1), limit(100, 60)],
      613.2,
      1_080,
    ],
    ['the strictest of two, whichever comes first', [limit(100, 60), limit(10, 1)], 613.2, 1_080],
    [
      'the strictest of two, of which the other leaves less room',
      [limit(10, 1), limit(1_175, 120)],
      122_480 / 1_175,
      1_224_800 / 1_175 - 1_004,
    ],
  ])('spaces %s', (_, limits, spacingMs, toleranceMs) => {
    expect(plan(...limits)).toEqual({
      kind: 'ledger',
      spacingMs: expect.closeTo(spacingMs, 6),
      toleranceMs: expect.closeTo(toleranceMs, 6),
    });
  });

  it('keeps every limit: N + 1 starts span T, with the first as late and the clocks as wrong as they may be', () => {
    fc.assert(
      fc.property(rateLimits, (limits) => {
        const found = plan(...limits);
        if (found.kind !== 'ledger') throw new Error('expected the ledger');
        for (const { tasks, perSeconds } of limits) {
          const perMs = perSeconds * 1000;
          const spanMs = tasks * found.spacingMs - found.toleranceMs - 2 * clockSkewMs(perMs);
          expect(spanMs).toBeGreaterThanOrEqual(perMs - ROUNDING_MS);
        }
      }),
    );
  });

  it('reaches 97 % of the strictest limit, and leaves room for a late start', () => {
    fc.assert(
      fc.property(rateLimits, (limits) => {
        const found = plan(...limits);
        if (found.kind !== 'ledger') throw new Error('expected the ledger');
        expect(1000 / found.spacingMs).toBeGreaterThanOrEqual(0.97 * startsPerSecond(limits));
        expect(found.toleranceMs).toBeGreaterThan(0);
        expect(found.toleranceMs).toBeLessThanOrEqual(2_000);
      }),
    );
  });
});

describe('clockSkewMs', () => {
  it.each([
    [1_000, 2],
    [60_000, 120],
    [500_000, 1_000],
    [3_600_000, 1_000],
  ])('of a window of %i ms is %i ms', (perMs, skewMs) => {
    expect(clockSkewMs(perMs)).toBeCloseTo(skewMs, 9);
  });
});

describe('startsPerSecond', () => {
  it('is that of the strictest limit', () => {
    expect(startsPerSecond([limit(10, 1), limit(100, 60), limit(3, 1)])).toBeCloseTo(100 / 60, 9);
  });
});
