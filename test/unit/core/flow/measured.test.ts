import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { keepSteady, type Measured, measure } from '../../../../core/flow/measured.ts';
import { NOW, NOW_MS, wantedOf } from '../lifecycle/records.ts';

const HOUR_MS = 3_600_000;
const before: Measured = { taskSeconds: 2, tasks: 100, ms: 200_000, at: NOW };

/** A look a minute later, by which so many more tasks have taken so many seconds each. */
const more = (tasks: number, seconds: number) => ({
  tasks: before.tasks + tasks,
  ms: before.ms + tasks * seconds * 1000,
});

describe('a look at what tasks take', () => {
  it('believes the first twenty tasks, and no fewer', () => {
    expect(measure(undefined, { tasks: 19, ms: 57_000 }, NOW_MS)).toBeUndefined();
    expect(measure(undefined, { tasks: 20, ms: 60_000 }, NOW_MS)).toEqual({
      taskSeconds: 3,
      tasks: 20,
      ms: 60_000,
      at: NOW,
    });
  });

  it.each([
    { what: 'longer', seconds: 4, is: 3 },
    { what: 'shorter', seconds: 1, is: 1.5 },
  ])('goes half the way to tasks that take $what', ({ seconds, is }) => {
    const ran = more(50, seconds);
    const at = new Date(NOW_MS + 60_000).toISOString();
    expect(measure(before, ran, NOW_MS + 60_000)).toEqual({ taskSeconds: is, ...ran, at });
  });

  it('waits for twenty tasks more, however long that takes', () => {
    expect(measure(before, more(19, 9), NOW_MS + 9 * HOUR_MS)).toBeUndefined();
    expect(measure(before, more(20, 9), NOW_MS)).toBeDefined();
  });

  it('writes nothing for less than a tenth, but once an hour: what is new must not drown in a day of old', () => {
    expect(measure(before, more(50, 2.3), NOW_MS + HOUR_MS - 1)).toBeUndefined();
    expect(measure(before, more(50, 2.3), NOW_MS + HOUR_MS)?.taskSeconds).toBeCloseTo(2.15);
    expect(measure(before, more(50, 2.4), NOW_MS + 60_000)).toBeDefined();
  });

  it('begins anew with a ledger that has begun anew, and keeps what it knew as the older half', () => {
    expect(measure(before, { tasks: 30, ms: 120_000 }, NOW_MS)).toMatchObject({ taskSeconds: 3, tasks: 30 });
    expect(measure(before, { tasks: 130, ms: 100_000 }, NOW_MS)).toBeUndefined();
  });

  it('always stays between what it knew and what it sees', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 1e6 }),
        fc.double({ min: 0.001, max: 900, noNaN: true }),
        (n, seconds) => {
          const { taskSeconds = 2 } = measure(before, more(n, seconds), NOW_MS) ?? {};
          expect(taskSeconds).toBeGreaterThanOrEqual(Math.min(2, seconds) - 1e-6);
          expect(taskSeconds).toBeLessThanOrEqual(Math.max(2, seconds) + 1e-6);
        },
      ),
    );
  });
});

describe('concurrency that follows from a rate', () => {
  const rated = (concurrency: number, tasks = 10) => ({
    ...wantedOf({ rateLimit: { tasks, perSeconds: 1 } }),
    concurrency,
  });

  it.each([
    { applied: 10, needed: 11, is: 11, why: 'is raised at once' },
    { applied: 10, needed: 10, is: 10, why: 'stays' },
    { applied: 10, needed: 8, is: 10, why: 'stays where a fifth is too much' },
    { applied: 10, needed: 7, is: 7, why: 'is lowered where more is' },
    { applied: 3, needed: 2, is: 2, why: 'is lowered by one where that is more than a fifth' },
    { applied: 100, needed: 80, is: 100, why: 'stays, however large' },
    { applied: 100, needed: 79, is: 79, why: 'is lowered, however large' },
  ])('$why: $applied, needs $needed', ({ applied, needed, is }) => {
    expect(keepSteady(rated(needed), rated(applied)).concurrency).toBe(is);
  });

  it('changes nothing else, and nothing where the rate is another or the record says how much', () => {
    const wanted = { ...rated(9), memoryMb: 512 };
    expect(keepSteady(wanted, rated(10))).toEqual({ ...wanted, concurrency: 10 });
    expect(keepSteady(rated(9, 9), rated(10))).toEqual(rated(9, 9));
    expect(keepSteady(wantedOf({ concurrency: 9 }), rated(10)).concurrency).toBe(9);
    expect(keepSteady(rated(9), wantedOf({ concurrency: 10 })).concurrency).toBe(9);
    expect(keepSteady(rated(9), undefined).concurrency).toBe(9);
  });
});
