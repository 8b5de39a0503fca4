import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Spread } from '../../../core/config-record.ts';
import { planSpread, type SpreadRequest } from '../../../core/spread.ts';

/** A small seeded generator (mulberry32), so that a failure replays. */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const range = fc
  .tuple(fc.nat(900), fc.nat(900))
  .map(([a, b]): Spread => ({ minSeconds: Math.min(a, b), maxSeconds: Math.max(a, b) }));
const spread: fc.Arbitrary<Spread | undefined> = fc.oneof(
  fc.constant(undefined),
  range,
  fc.record({ maxConcurrency: fc.integer({ min: 1, max: 1000 }) }),
  fc.record({ finishWithinSeconds: fc.integer({ min: 1, max: 5000 }) }),
);
const request: fc.Arbitrary<SpreadRequest> = fc.record({
  count: fc.nat(300),
  spread,
  concurrency: fc.integer({ min: 1, max: 1000 }),
  estimatedSeconds: fc.double({ min: 0.01, max: 900, noNaN: true }),
  random: fc.integer().map(seeded),
});

describe('planSpread', () => {
  it('gives every task one delay of whole seconds within the window, and the window within 0 to 900', () => {
    fc.assert(
      fc.property(request, (one) => {
        const { delaysSeconds, window } = planSpread(one);
        expect(delaysSeconds).toHaveLength(one.count);
        expect(window.minSeconds).toBeGreaterThanOrEqual(0);
        expect(window.maxSeconds).toBeLessThanOrEqual(900);
        for (const delay of delaysSeconds) {
          expect(Number.isInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(window.minSeconds);
          expect(delay).toBeLessThanOrEqual(window.maxSeconds);
        }
      }),
    );
  });

  it('uses exactly the range that is asked for', () => {
    fc.assert(
      fc.property(request, range, (one, asked) => {
        expect(planSpread({ ...one, spread: asked }).window).toEqual(asked);
      }),
    );
  });

  it('never predicts a peak above the concurrency or the count, nor an end before the tasks can be done', () => {
    fc.assert(
      fc.property(request, (one) => {
        const { predicted, window } = planSpread(one);
        expect(predicted.peakConcurrency).toBeLessThanOrEqual(Math.min(one.concurrency, one.count));
        if (one.count === 0) return;
        expect(predicted.peakConcurrency).toBeGreaterThan(0);
        expect(predicted.finishSeconds).toBeGreaterThanOrEqual(window.maxSeconds + one.estimatedSeconds);
        expect(predicted.finishSeconds).toBeGreaterThanOrEqual(
          (one.count * one.estimatedSeconds) / one.concurrency,
        );
      }),
    );
  });

  it('makes every second of the range equally likely, both ends included', () => {
    const { delaysSeconds } = planSpread({
      count: 100_000,
      spread: { minSeconds: 5, maxSeconds: 14 },
      concurrency: 10,
      estimatedSeconds: 1,
      random: seeded(1),
    });
    const counts = new Map<number, number>();
    for (const delay of delaysSeconds) counts.set(delay, (counts.get(delay) ?? 0) + 1);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    // 10,000 each; 5 standard deviations are 5 * sqrt(100,000 * 0.1 * 0.9) = 474.
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(474);
  });

  it('predicts a peak that at least 99 of 100 moments stay within', () => {
    const estimatedSeconds = 20;
    const plan = planSpread({
      count: 600,
      spread: { minSeconds: 0, maxSeconds: 299 },
      concurrency: 1000,
      estimatedSeconds,
      random: seeded(7),
    });
    const moments = Array.from({ length: 280 }, (_, second) => second + 20);
    const above = moments.filter((second) => {
      const running = plan.delaysSeconds.filter(
        (start) => start <= second && second < start + estimatedSeconds,
      );
      return running.length > plan.predicted.peakConcurrency;
    });
    expect(plan.predicted.peakConcurrency).toBe(59);
    expect(above.length / moments.length).toBeLessThanOrEqual(0.01);
  });

  it.each<[string, Spread | undefined, { minSeconds: number; maxSeconds: number }]>([
    ['no spread', undefined, { minSeconds: 0, maxSeconds: 0 }],
    ['4 at once', { maxConcurrency: 4 }, { minSeconds: 0, maxSeconds: 50 }],
    ['1 at once, longer than SQS can hold', { maxConcurrency: 0.1 }, { minSeconds: 0, maxSeconds: 900 }],
    ['done within 60 s', { finishWithinSeconds: 60 }, { minSeconds: 0, maxSeconds: 58 }],
    ['done before one task can be', { finishWithinSeconds: 1 }, { minSeconds: 0, maxSeconds: 0 }],
  ])('works the window out for 100 tasks of 2 s: %s', (_, asked, window) => {
    const plan = planSpread({
      count: 100,
      spread: asked,
      concurrency: 10,
      estimatedSeconds: 2,
      random: seeded(3),
    });
    expect(plan.window).toEqual(window);
  });

  it('says that a burst without spread fills the pipeline and takes its work divided by the concurrency', () => {
    const plan = planSpread({ count: 101, concurrency: 10, estimatedSeconds: 2, random: seeded(3) });
    expect(plan.predicted).toEqual({ peakConcurrency: 10, finishSeconds: 22 });
  });
});
