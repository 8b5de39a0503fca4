import { describe, expect, it } from '@jest/globals';
import { erlangWaitSeconds } from '../../../../core/queueing/erlang.ts';
import { kingmanWait, timesUnevenness } from '../../../../core/queueing/kingman.ts';
import { Chance } from '../../../../lab/simulator/chance.ts';
import { workThrough } from '../../../../lab/simulator/queueing/station.ts';
import {
  arrivalsOf,
  constant,
  type Draw,
  erlang,
  exponential,
  hyperexponential,
  lognormal,
  type Random,
} from '../../../../lab/simulator/queueing/times.ts';

const clockwork = { slots: 4, perSecond: 3.6, seconds: 1 };

describe('Kingman’s approximation', () => {
  it('is Erlang C’s wait where all is at random', () => {
    const { seconds } = kingmanWait(clockwork, { arrivals: 1, times: 1 });
    expect(seconds).toBeCloseTo(erlangWaitSeconds(clockwork), 12);
  });

  it('is nothing where all goes like a clock, and never over where more comes than goes', () => {
    expect(kingmanWait(clockwork, { arrivals: 0, times: 0 }).seconds).toBe(0);
    const flooded = kingmanWait({ ...clockwork, perSecond: 5 }, { arrivals: 0, times: 1 });
    expect(flooded).toEqual({ seconds: Infinity, fromSeconds: Infinity, toSeconds: Infinity });
  });

  const arrivals: [string, number, (mean: number, random: Random) => Draw][] = [
    ['even', 0, constant],
    ['rather even', 1 / 4, (mean, random) => erlang(mean, 4, random)],
    ['random', 1, exponential],
    ['uneven', 4, (mean, random) => hyperexponential(mean, 4, random)],
  ];
  const times: [string, number, (mean: number, random: Random) => Draw][] = [
    ['the same', 0, constant],
    ['lognormal', Math.expm1(0.25), (mean, random) => lognormal(mean, 0.5, random)],
    ['exponential', 1, exponential],
  ];
  const cases = arrivals.flatMap(([coming, ofArrivals, gaps]) =>
    times
      .filter(([, ofTimes]) => ofArrivals + ofTimes > 0)
      .map(([taking, ofTimes, draws]) => ({ coming, ofArrivals, gaps, taking, ofTimes, draws })),
  );

  it.each(cases)(
    'has $coming arrivals of $taking times within its range, from four fifths in use on',
    (one) => {
      for (const slots of [1, 4, 20]) {
        for (const busy of [0.8, 0.9]) {
          const chance = new Chance(11, `${one.coming} ${one.taking} ${slots} ${busy}`);
          const random = () => chance.next();
          const perSecond = (busy * slots) / 2;
          const gaps = arrivalsOf(one.gaps(1 / perSecond, random), 50_000);
          const { waitSeconds } = workThrough(gaps, one.draws(2, random), slots);
          const said = kingmanWait(
            { perSecond, seconds: 2, slots },
            { arrivals: one.ofArrivals, times: one.ofTimes },
          );
          const range = [said.fromSeconds, waitSeconds, said.toSeconds];
          expect([slots, busy, ...range]).toEqual([slots, busy, ...range.toSorted((a, b) => a - b)]);
        }
      }
    },
  );
});

describe('the unevenness of times', () => {
  it('is that of the lognormal distribution of the same mean and 95th percentile', () => {
    const sigma = 0.5;
    const p95 = Math.exp(-(sigma ** 2) / 2 + 1.644_853_627 * sigma);
    expect(timesUnevenness(3, 3 * p95)).toBeCloseTo(Math.expm1(sigma ** 2), 9);
  });

  it('is none where nineteen of twenty take no longer than the mean, and bounded where they take far longer', () => {
    expect(timesUnevenness(3, 2)).toBe(0);
    expect(timesUnevenness(3, 3)).toBe(0);
    expect(timesUnevenness(1, 100)).toBeCloseTo(Math.expm1(1.644_853_627 ** 2), 9);
  });
});
