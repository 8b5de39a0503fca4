import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTimeline } from '../../../../core/burst/timeline.ts';
import { BEGIN_MS } from './bursts.ts';

interface Ran {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** A task that ran so many milliseconds after the hand-over. */
function ran(fromMs: number, toMs: number): Ran {
  return { startedAtMs: BEGIN_MS + fromMs, endedAtMs: BEGIN_MS + toMs };
}

function peakOf(tasks: readonly Ran[], buckets?: number): number {
  const timeline = createTimeline(BEGIN_MS, buckets);
  for (const task of tasks) timeline.add(task);
  return timeline.peak();
}

/** By looking at each start. */
function slowPeak(tasks: readonly Ran[]): number {
  const at = (ms: number) => tasks.filter((one) => one.startedAtMs <= ms && ms < one.endedAtMs).length;
  return Math.max(0, ...tasks.map(({ startedAtMs }) => at(startedAtMs)));
}

const someTask = fc
  .tuple(fc.nat(20_000), fc.integer({ min: 1, max: 3_000 }))
  .map(([from, ms]) => ran(from, from + ms));

describe('a timeline', () => {
  it('does not put a task beside another that ends in the millisecond in which it begins', () => {
    expect(peakOf([ran(0, 10), ran(10, 20)])).toBe(1);
    expect(peakOf([ran(0, 11), ran(10, 20)])).toBe(2);
  });

  it('counts tasks that took no time', () => {
    expect(peakOf([ran(5, 5), ran(5, 5), ran(7, 6)])).toBe(2);
  });

  it('finds the same peak as a look at each start, in any order', () => {
    fc.assert(
      fc.property(fc.array(someTask, { maxLength: 60 }), (tasks) => {
        expect(peakOf(tasks)).toBe(slowPeak(tasks));
      }),
    );
  });

  it('stays near the peak where its buckets had to be made wider', () => {
    // Sixteen of a second each or less.
    fc.assert(
      fc.property(fc.array(someTask, { minLength: 1, maxLength: 60 }), (tasks) => {
        const wide = peakOf(tasks, 64);
        const longer = tasks.map((one) => ({ ...one, endedAtMs: one.endedAtMs + 1_024 }));
        expect(wide).toBeLessThanOrEqual(slowPeak(longer));
        expect(wide).toBeGreaterThan(0);
      }),
    );
  });

  it('knows of a million tasks over a day how many ran at once, in 4 MB', () => {
    const timeline = createTimeline(BEGIN_MS);
    const spacingMs = 86_400_000 / 1_000_000;
    for (let at = 0; at < 1_000_000; at += 1) timeline.add(ran(at * spacingMs, at * spacingMs + 3_000));
    expect(timeline.peak() / (3_000 / spacingMs)).toBeCloseTo(1, 1);
  });

  it('draws a curve in which no peak is lost, however few its points', () => {
    fc.assert(
      fc.property(
        fc.array(someTask, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 3, max: 50 }),
        (tasks, points) => {
          const timeline = createTimeline(BEGIN_MS);
          for (const task of tasks) timeline.add(task);
          const curve = timeline.curve(points);
          expect(curve.length).toBeLessThanOrEqual(points + 1);
          expect(Math.max(...curve.map(({ running }) => running))).toBe(timeline.peak());
          expect(curve.at(-1)?.running).toBe(0);
          const first = Math.min(...tasks.map(({ startedAtMs }) => startedAtMs)) - BEGIN_MS;
          expect(curve[0]?.atSeconds).toBe(first / 1000);
        },
      ),
    );
  });

  it('has neither peak nor curve before the first task', () => {
    const timeline = createTimeline(BEGIN_MS);
    expect([timeline.peak(), timeline.curve(10), timeline.firstStartMs(), timeline.lastEndMs()]).toEqual([
      0,
      [],
      undefined,
      undefined,
    ]);
  });

  it('has what ran before the hand-over begin with it, for clocks differ', () => {
    const timeline = createTimeline(BEGIN_MS);
    timeline.add(ran(-500, 500));
    timeline.add(ran(0, 100));
    expect([timeline.peak(), timeline.firstStartMs(), timeline.lastEndMs()]).toEqual([
      2,
      BEGIN_MS - 500,
      BEGIN_MS + 500,
    ]);
  });
});
