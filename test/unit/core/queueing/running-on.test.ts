import { describe, expect, it } from '@jest/globals';
import { percentile95 } from '../../../../core/queueing/kingman.ts';
import { normalShare } from '../../../../core/queueing/normal.ts';
import { leftOfRunning, longestOfRunning } from '../../../../core/queueing/running-on.ts';
import { median } from '../../../../lab/bench/statistics.ts';
import { Chance } from '../../../../lab/simulator/chance.ts';
import { lognormal } from '../../../../lab/simulator/queueing/times.ts';

const UNEVENNESS = Math.expm1(0.5 ** 2);

describe('a task that is met running', () => {
  it('has half of its time left where all take the same', () => {
    expect(leftOfRunning(3, 0)).toBe(1.5);
  });

  it.each([10, 100])(
    'among %d of uneven times has left what is seen of slots that are always busy',
    (slots) => {
      const chance = new Chance(1, `${slots}`);
      const draw = lognormal(3, 0.5, () => chance.next());
      const left = () => {
        let end = 0;
        while (end < 60) end += draw();
        return end - 60;
      };
      const seen = Array.from({ length: 400 }, () => Array.from({ length: slots }, left));
      const all = seen.flat();
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
      expect(leftOfRunning(3, UNEVENNESS) / mean).toBeCloseTo(1, 1);
      const longest = median(seen.map((one) => Math.max(...one)));
      const reckoned = longestOfRunning(slots, 3, percentile95(3, UNEVENNESS));
      expect(Math.abs(reckoned / longest - 1)).toBeLessThan(0.05);
    },
  );

  it('is nearly a whole one, of many that all take the same', () => {
    expect(longestOfRunning(1_000, 3, 3)).toBeCloseTo(3, 2);
  });
});

describe('normalShare', () => {
  it.each([
    [0, 0.5],
    [1.644_853_627, 0.95],
    [-1.644_853_627, 0.05],
  ])('of %d is %d', (z, share) => {
    expect(normalShare(z)).toBeCloseTo(share, 6);
  });
});
