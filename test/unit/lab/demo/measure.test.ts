import { describe, expect, it } from '@jest/globals';
import { allowedSeconds, measure, type Stamp } from '../../../../lab/demo/measure.ts';
import { GROUPS, idealSeconds, LIMITS, SHARED_WORKERS, tasksOf } from '../../../../lab/demo/sequence.ts';

const stamp = (startedAtMs: number, endedAtMs: number, group = 'A'): Stamp => ({
  group,
  startedAtMs,
  endedAtMs,
});

describe('what the stamps of a group say', () => {
  it('is its peak, and every start above the limit as a violation', () => {
    const stamps = [stamp(0, 1000), stamp(100, 1100), stamp(200, 1200), stamp(1300, 2300)];
    expect(measure(stamps, 2, 0)).toMatchObject({ tasks: 4, peak: 3, violations: 1 });
    expect(measure(stamps, 1, 0)).toMatchObject({ peak: 3, violations: 2 });
    expect(measure(stamps, 3, 0)).toMatchObject({ peak: 3, violations: 0 });
  });

  it('counts a task that ends in the millisecond of a start as ended', () => {
    expect(measure([stamp(0, 1000), stamp(1000, 2000)], 1, 0)).toMatchObject({ peak: 1, violations: 0 });
  });

  it('is the same in whatever order the stamps come', () => {
    const stamps = [stamp(0, 1000), stamp(900, 1900), stamp(1950, 2950)];
    expect(measure(stamps.toReversed(), 1, 0)).toEqual(measure(stamps, 1, 0));
  });

  it('is the time from sending and from the first start, and the median pause at a hand-over', () => {
    const stamps = [stamp(500, 1500), stamp(1510, 2510), stamp(2530, 3530), stamp(3560, 4560)];
    expect(measure(stamps, 1, 0)).toMatchObject({ finishSeconds: 4.56, handOverMs: 20 });
  });
});

describe('the time that a group may take', () => {
  it('is its ideal time, its hand-overs in a row and a tenth more', () => {
    const measured = measure([stamp(0, 1000), stamp(1100, 2100), stamp(2200, 3200)], 1, 0);
    expect(allowedSeconds(measured, 3)).toBeCloseTo(1.1 * (3 + 2 * 0.1));
  });
});

describe('the example', () => {
  it('lets three of C run at once on four workers in its second round, one above its limit', () => {
    const line = tasksOf(1).map(({ group }) => group);
    expect(line.slice(0, SHARED_WORKERS).join('')).toBe('BAAC');
    expect(line.slice(SHARED_WORKERS, 2 * SHARED_WORKERS).join('')).toBe('CCCB');
    expect(LIMITS.C).toBe(2);
  });

  it('takes two seconds where each group has a pipeline of its own', () => {
    const tasks = tasksOf(1);
    const seconds = GROUPS.map((group) =>
      idealSeconds(tasks.filter((task) => task.group === group).length, LIMITS[group]),
    );
    expect(Math.max(...seconds)).toBe(2);
  });
});
