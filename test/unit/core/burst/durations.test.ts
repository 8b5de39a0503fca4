import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createDurations } from '../../../../core/burst/durations.ts';

describe('durations', () => {
  it('have the mean to the millisecond, and the 95th percentile to a fiftieth', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900_000 }), { minLength: 1, maxLength: 200 }), (all) => {
        const durations = createDurations();
        for (const ms of all) durations.add(ms);
        const sorted = all.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(0.95 * all.length) - 1] ?? 0;
        expect(durations.tasks()).toBe(all.length);
        expect(durations.meanMs()).toBeCloseTo(all.reduce((sum, ms) => sum + ms, 0) / all.length);
        expect(durations.p95Ms()).toBeGreaterThanOrEqual(exact * 0.9999);
        expect(durations.p95Ms()).toBeLessThanOrEqual(exact * 1.0201);
      }),
    );
  });

  it('are 0 before the first', () => {
    const { tasks, meanMs, p95Ms } = createDurations();
    expect([tasks(), meanMs(), p95Ms()]).toEqual([0, 0, 0]);
  });

  it('take what took no time, or longer than Lambda runs', () => {
    const durations = createDurations();
    durations.add(0);
    expect(durations.p95Ms()).toBe(1);
    durations.add(10_000_000);
    expect(durations.p95Ms()).toBeGreaterThan(900_000);
  });
});
