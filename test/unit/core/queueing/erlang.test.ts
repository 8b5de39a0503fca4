import { describe, expect, it } from '@jest/globals';
import {
  blockedShare,
  erlangWaitSeconds,
  type Station,
  utilization,
  waitingShare,
} from '../../../../core/queueing/erlang.ts';
import { Chance } from '../../../../lab/simulator/chance.ts';
import { workThrough } from '../../../../lab/simulator/queueing/station.ts';
import { arrivalsOf, exponential } from '../../../../lab/simulator/queueing/times.ts';

const station = (slots: number, busy: number, seconds = 1): Station => ({
  perSecond: (busy * slots) / seconds,
  seconds,
  slots,
});

describe('Erlang B', () => {
  // By the sum of its definition: a^c/c! over the sum of a^k/k!.
  it.each([
    [1, 1, 1 / 2],
    [2, 2, 2 / 5],
    [1, 3, 1 / 16],
    [0, 4, 0],
  ])('of %s erlangs and %s slots', (load, slots, share) => {
    expect(blockedShare(load, slots)).toBeCloseTo(share, 12);
  });

  it('neither overflows nor loses itself with a thousand slots', () => {
    expect(blockedShare(1000, 1000)).toBeCloseTo(0.0249, 3);
  });
});

describe('Erlang C', () => {
  it('of one slot is its utilization, and the wait that of M/M/1', () => {
    const one = station(1, 0.8, 2);
    expect(waitingShare(one)).toBeCloseTo(0.8, 12);
    expect(erlangWaitSeconds(one)).toBeCloseTo((0.8 / 0.2) * 2, 9);
  });

  it('of two slots is 2ρ²/(1 + ρ)', () => {
    expect(waitingShare(station(2, 0.75))).toBeCloseTo((2 * 0.75 ** 2) / 1.75, 12);
  });

  it('is never over where more comes than goes', () => {
    for (const busy of [1, 1.5]) {
      expect(waitingShare(station(4, busy))).toBe(1);
      expect(erlangWaitSeconds(station(4, busy))).toBe(Number.POSITIVE_INFINITY);
    }
    expect(utilization(station(4, 1.5))).toBeCloseTo(1.5, 12);
  });

  it.each([
    [1, 0.6],
    [2, 0.8],
    [5, 0.8],
    [10, 0.85],
    [50, 0.9],
  ])('is within a tenth of what the simulator sees, for %s slots at %s', (slots, busy) => {
    const chance = new Chance(3, `erlang ${slots}`);
    const random = () => chance.next();
    const formula = station(slots, busy, 3);
    const seen = workThrough(
      arrivalsOf(exponential(1 / formula.perSecond, random), 1_500_000),
      exponential(3, random),
      slots,
    );
    const within = (ratio: number) => Math.abs(ratio - 1);
    expect(within(seen.waitSeconds / erlangWaitSeconds(formula))).toBeLessThan(0.1);
    expect(within(seen.waitedShare / waitingShare(formula))).toBeLessThan(0.1);
  });
});
