import { describe, expect, it } from '@jest/globals';
import { type BurstAhead, foreseeBurst } from '../../../../core/queueing/burst.ts';
import { percentile95 } from '../../../../core/queueing/kingman.ts';
import type { Estimate } from '../../../../core/spread/estimate.ts';
import { Chance } from '../../../../lab/simulator/chance.ts';
import { workThrough } from '../../../../lab/simulator/queueing/station.ts';
import { lognormal } from '../../../../lab/simulator/queueing/times.ts';

const exactly = (seconds: number): Estimate => ({
  source: 'tasks',
  meanSeconds: seconds,
  p95Seconds: seconds,
  longestSeconds: seconds,
});

type Change = Partial<Omit<BurstAhead, 'bounds'>> & { readonly bounds?: Partial<BurstAhead['bounds']> };

const burst = ({ bounds, ...change }: Change = {}): BurstAhead => ({
  count: 1_000,
  window: { minSeconds: 0, maxSeconds: 0 },
  estimate: exactly(3),
  ...change,
  bounds: { concurrency: 10, rateLimits: [], backlog: 0, ...bounds },
});

describe('what is foreseen of a burst', () => {
  it('handed over at once is bound by concurrency: so many rounds of it', () => {
    const foreseen = foreseeBurst(burst({ count: 340 }));
    expect(foreseen).toMatchObject({ boundBy: 'concurrency', finishSeconds: 102 });
    expect(foreseen.waitSeconds).toBeCloseTo(99 / 2, 6);
  });

  it('is bound by the strictest rate where that is slower than its slots', () => {
    const rateLimits = [
      { tasks: 10, perSeconds: 1 },
      { tasks: 60, perSeconds: 60 },
    ];
    const foreseen = foreseeBurst(burst({ bounds: { rateLimits } }));
    expect(foreseen.boundBy).toBe('rateLimit');
    expect(foreseen.finishSeconds).toBeCloseTo(999 / 0.97 + 3, 6);
  });

  it('that the pipeline keeps up with is over when the last one is due and done', () => {
    const window = { minSeconds: 10, maxSeconds: 400 };
    expect(foreseeBurst(burst({ window }))).toMatchObject({
      boundBy: 'goal',
      finishSeconds: 403,
      waitSeconds: 0,
    });
  });

  it('waits behind what was there before', () => {
    const foreseen = foreseeBurst(burst({ count: 10, bounds: { backlog: 200 } }));
    expect(foreseen).toMatchObject({ boundBy: 'backlog', finishSeconds: 63 });
    expect(foreseen.waitSeconds).toBeCloseTo(60, 6);
  });

  it('of a few tasks and many slots is one task’s time, and of none no time', () => {
    expect(foreseeBurst(burst({ count: 5 }))).toMatchObject({ boundBy: 'goal', finishSeconds: 3 });
    expect(foreseeBurst(burst({ count: 0 }))).toEqual({
      boundBy: 'goal',
      finishSeconds: 0,
      waitSeconds: 0,
      finishRange: { fromSeconds: 0, toSeconds: 0 },
      steadySeconds: 0,
    });
  });

  it('of many slots takes as long as AWS takes to add them: five at first, and five more a second', () => {
    const foreseen = foreseeBurst(burst({ count: 600, bounds: { concurrency: 100 } }));
    expect(foreseen.steadySeconds).toBe(18);
    // 19 s until all are there, with 997.5 of 1,800 s done; what is left less half a task in each slot, and then a task.
    expect(foreseen.finishSeconds).toBeCloseTo(19 + (1_800 - 997.5 - 150) / 100 + 3, 6);
    expect(foreseen.finishRange.fromSeconds).toBeLessThan(18);
  });

  it('of a few long tasks and many slots lasts until the last slot is there, and its task is over', () => {
    const long = foreseeBurst(burst({ count: 55, estimate: exactly(100), bounds: { concurrency: 100 } }));
    expect(long.finishSeconds).toBeCloseTo(10 + 100, 6);
    const busy = foreseeBurst(
      burst({ count: 55, estimate: exactly(100), bounds: { concurrency: 100, backlog: 1 } }),
    );
    expect(busy.finishSeconds).toBe(100);
  });

  it('is over later the more uneven its tasks are, for the last of many slots is long at it', () => {
    const finishOf = (concurrency: number, p95Seconds: number) => {
      const estimate: Estimate = { source: 'measured', meanSeconds: 3, p95Seconds };
      const { finishSeconds, steadySeconds } = foreseeBurst(
        burst({ estimate, bounds: { concurrency, backlog: 1 } }),
      );
      return finishSeconds - steadySeconds;
    };
    expect(finishOf(10, 3)).toBe(0);
    expect(finishOf(10, 6)).toBeGreaterThan(0);
    expect(finishOf(50, 6)).toBeGreaterThan(finishOf(10, 6));
  });

  it('is vaguer the worse its estimate is known', () => {
    const sources = ['tasks', 'measured', 'bytes', 'default'] as const;
    const widths = sources.map((source) => {
      const { fromSeconds, toSeconds } = foreseeBurst(
        burst({ estimate: { ...exactly(3), source } }),
      ).finishRange;
      return toSeconds - fromSeconds;
    });
    expect(widths).toEqual(widths.toSorted((a, b) => a - b));
    expect(new Set(widths).size).toBe(4);
  });

  const sigma = 0.5;
  const uneven: Estimate = {
    source: 'measured',
    meanSeconds: 3,
    p95Seconds: percentile95(3, Math.expm1(sigma ** 2)),
  };
  it.each<[string, BurstAhead]>([
    ['at once', burst({ estimate: uneven })],
    [
      'over a window that is too short',
      burst({ estimate: uneven, window: { minSeconds: 5, maxSeconds: 200 } }),
    ],
    ['over a window that just does', burst({ estimate: uneven, window: { minSeconds: 0, maxSeconds: 320 } })],
    ['over a long window', burst({ estimate: uneven, window: { minSeconds: 0, maxSeconds: 900 } })],
    ['behind others', burst({ estimate: uneven, count: 300, bounds: { backlog: 400 } })],
  ])(
    '%s is what the simulator sees: the mean within a tenth, nineteen of twenty within the range',
    (_, ahead) => {
      const foreseen = foreseeBurst(ahead);
      const finishes = Array.from({ length: 60 }, (_none, seed) => {
        const chance = new Chance(seed, 'burst');
        const { backlog, concurrency } = ahead.bounds;
        const times = lognormal(3, sigma, () => chance.next());
        return workThrough(arrivalsOf(ahead, backlog), times, concurrency).finishSeconds;
      });
      const mean = finishes.reduce((sum, seconds) => sum + seconds, 0) / finishes.length;
      expect(Math.abs(mean / foreseen.finishSeconds - 1)).toBeLessThan(0.1);
      const { fromSeconds, toSeconds } = foreseen.finishRange;
      const within = finishes.filter((seconds) => seconds >= fromSeconds && seconds <= toSeconds);
      expect(within.length).toBeGreaterThanOrEqual(57);
    },
  );
});

function* arrivalsOf({ count, window }: BurstAhead, backlog: number): Generator<number> {
  for (let index = 0; index < backlog; index += 1) yield 0;
  const { minSeconds, maxSeconds } = window;
  for (let index = 0; index < count; index += 1) {
    yield minSeconds + ((maxSeconds - minSeconds) * index) / Math.max(1, count - 1);
  }
}
