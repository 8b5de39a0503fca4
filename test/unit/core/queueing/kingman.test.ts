import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { erlangWaitSeconds } from '../../../../core/queueing/erlang.ts';
import { kingmanWait, timesUnevenness } from '../../../../core/queueing/kingman.ts';
import { projectRoot } from '../../../../lab/local-stage/paths.ts';
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

  const stations = [1, 4, 20].flatMap((slots) => [0.8, 0.9].map((busy) => ({ slots, busy })));
  type Case = (typeof cases)[number];

  /** The wait that is reckoned, and the one that a simulated station shows. */
  function compare({ coming, taking, ...one }: Case, slots: number, busy: number) {
    const chance = new Chance(11, `${coming} ${taking} ${slots} ${busy}`);
    const random = () => chance.next();
    const perSecond = (busy * slots) / 2;
    const gaps = arrivalsOf(one.gaps(1 / perSecond, random), 50_000);
    const { waitSeconds } = workThrough(gaps, one.draws(2, random), slots);
    const unevenness = { arrivals: one.ofArrivals, times: one.ofTimes };
    return { waitSeconds, said: kingmanWait({ perSecond, seconds: 2, slots }, unevenness) };
  }
  let compared: (ReturnType<typeof compare> & { one: Case; slots: number; busy: number })[] = [];
  beforeAll(() => {
    compared = cases.flatMap((one) =>
      stations.map(({ slots, busy }) => ({ one, slots, busy, ...compare(one, slots, busy) })),
    );
  }, 60_000);

  it.each(cases)(
    'has $coming arrivals of $taking times within its range, from four fifths in use on',
    (one) => {
      const all = compared.filter((each) => each.one === one);
      expect(all).toHaveLength(stations.length);
      for (const { slots, busy, waitSeconds, said } of all) {
        const range = [said.fromSeconds, waitSeconds, said.toSeconds];
        expect([slots, busy, ...range]).toEqual([slots, busy, ...range.toSorted((a, b) => a - b)]);
      }
    },
  );

  it.each(stations)(
    'with $slots slots, $busy in use, has a range hardly wider than what is seen',
    ({ slots, busy }) => {
      const all = compared.filter((each) => each.slots === slots && each.busy === busy);
      expect(all).toHaveLength(cases.length);
      const seen = all.map(({ waitSeconds, said }) => waitSeconds / said.seconds);
      const { from, to } = factorsOf(slots, busy);
      expect(to / Math.max(...seen)).toBeLessThan(1.5);
      expect(Math.min(...seen) / from).toBeLessThan(1.5);
    },
  );

  it.each([
    [1, 0.8, 2.5],
    [1, 0.9, 1.7],
    [4, 0.8, 4.5],
    [4, 0.9, 2.5],
    [10, 0.9, 3.5],
    [20, 0.9, 5],
    [20, 0.95, 2.5],
    [50, 0.95, 4],
    [50, 0.99, 1.6],
  ])('with %i slots, %d in use, is known within a factor of %d', (slots, busy, factor) => {
    const { from, to } = factorsOf(slots, busy);
    expect(from).toBeLessThan(1);
    expect(to).toBeGreaterThan(1);
    expect(to / from).toBeLessThanOrEqual(factor);
  });

  it('has the range that docs/how-it-works.md says', () => {
    const docs = readFileSync(join(projectRoot, 'docs/how-it-works.md'), 'utf8');
    const table = docs.split('\n| tasks at once | ')[1]?.split('\n\n')[0] ?? '';
    const [head = '', , ...rows] = table.split('\n');
    const shares = [...head.matchAll(/(\d+) %/g)].map(([, percent]) => Number(percent) / 100);
    const said = rows.map((row) => row.split('|').flatMap((cell) => cell.trim() || []));
    const is = said.map(([slots]) => [
      slots,
      ...shares.map((busy) => {
        const { from, to } = factorsOf(Number(slots), busy);
        return `${from.toFixed(2)} to ${to.toFixed(2)}`;
      }),
    ]);
    expect(shares.length * rows.length).toBeGreaterThanOrEqual(12);
    expect(said).toEqual(is);
  });
});

/** The ends of the range as multiples of the wait. */
function factorsOf(slots: number, busy: number): { readonly from: number; readonly to: number } {
  const station = { slots, perSecond: busy * slots, seconds: 1 };
  const { seconds, fromSeconds, toSeconds } = kingmanWait(station, { arrivals: 1, times: 1 });
  return { from: fromSeconds / seconds, to: toSeconds / seconds };
}

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
