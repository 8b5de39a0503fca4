import { describe, expect, it } from '@jest/globals';
import { capacityPerSecond, runningOnAverage } from '../../../../core/queueing/little.ts';
import { Chance } from '../../../../lab/simulator/chance.ts';
import { workThrough } from '../../../../lab/simulator/queueing/station.ts';
import { arrivalsOf, exponential, lognormal } from '../../../../lab/simulator/queueing/times.ts';

describe('Little’s law', () => {
  it('says how many run, and what so many can do', () => {
    expect(runningOnAverage(11, 3)).toBe(33);
    expect(capacityPerSecond(10, 2)).toBe(5);
  });

  it.each([1, 5, 30])('holds within a tenth in the simulator, for %s slots', (slots) => {
    const chance = new Chance(slots, 'little');
    const random = () => chance.next();
    const perSecond = (0.7 * slots) / 3;
    const seen = workThrough(
      arrivalsOf(exponential(1 / perSecond, random), 50_000),
      lognormal(3, 0.5, random),
      slots,
    );
    expect(seen.running / runningOnAverage(perSecond, 3)).toBeCloseTo(1, 1);
  });
});
