import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fullJitter } from '../../../core/backoff.ts';

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('fullJitter', () => {
  it('waits anywhere between nothing and the doubled base, never longer than the cap', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 900_000 }),
        fraction,
        (attempt, baseMs, capMs, chance) => {
          const waitMs = fullJitter({ attempt, baseMs, capMs, random: () => chance });
          expect(waitMs).toBeGreaterThanOrEqual(0);
          expect(waitMs).toBeLessThanOrEqual(Math.min(capMs, baseMs * 2 ** attempt));
        },
      ),
    );
  });

  it.each([
    [0, 50],
    [1, 100],
    [3, 400],
    [10, 500],
  ])('at attempt %i waits %i ms on average, from base 100 ms up to cap 1000 ms', (attempt, waitMs) => {
    expect(fullJitter({ attempt, baseMs: 100, capMs: 1000, random: () => 0.5 })).toBe(waitMs);
  });
});
