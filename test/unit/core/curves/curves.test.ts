import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { curvesOfPoints } from '../../../../core/curves/from-points.ts';
import { curvesOfTasks } from '../../../../core/curves/from-tasks.ts';
import { gridOf, stepAt } from '../../../../core/curves/grid.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const grid = { fromMs: 0, stepSeconds: 10, steps: 4 };
const ran = (fromSeconds: number, toSeconds: number, more: object = {}) => ({
  sluice: 'task',
  outcome: 'returned',
  fate: 'done',
  startedAtMs: fromSeconds * 1000,
  endedAtMs: toSeconds * 1000,
  ...more,
});

describe('a grid of steps', () => {
  it.each([
    [3, 1, 1, 181],
    [10, 1, 5, 121],
    [60, 1, 30, 121],
    [60, 60, 60, 61],
    [1_440, 60, 600, 145],
    [30_000, 60, 21_600, 85],
  ])('has round steps, few enough to draw: %i minutes', (minutes, least, stepSeconds, steps) => {
    const made = gridOf(minutes, NOON, least);
    expect(made).toMatchObject({ stepSeconds, steps });
    expect(made.fromMs % (stepSeconds * 1000)).toBe(0);
  });

  it('holds the moment at which it is made, and all of the minutes before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(10_000_000), (minutes, more) => {
        const nowMs = NOON + more;
        const made = gridOf(minutes, nowMs, 1);
        expect(stepAt(made, nowMs)).toBe(made.steps - 1);
        expect(stepAt(made, nowMs - minutes * 60_000)).toBe(0);
        expect(stepAt(made, made.fromMs - 1)).toBeUndefined();
      }),
    );
  });
});

describe('curves of tasks', () => {
  it('have the most that ran at once in each step, also of those that began before it', () => {
    const lines = [ran(2, 14), ran(3, 8), ran(5, 6), ran(12, 13), ran(35, 60)];
    expect(curvesOfTasks(lines, grid).running).toEqual([3, 2, 0, 1]);
  });

  it('count no two at once where one ends as the next begins', () => {
    expect(curvesOfTasks([ran(1, 10), ran(10, 12), ran(20, 21)], grid).running).toEqual([1, 1, 1, 0]);
  });

  it('have the durations of tasks that ended in each step, by nearest rank', () => {
    const lines = Array.from({ length: 20 }, (_, at) => ran(5 - (at + 1) / 10, 5));
    const { p50Seconds, p95Seconds } = curvesOfTasks(lines, grid);
    expect(p50Seconds).toEqual([1, null, null, null]);
    expect(p95Seconds).toEqual([1.9, null, null, null]);
  });

  it('have each refusal where it was, also those of a task that ended well later', () => {
    const lines = [
      ran(1, 2, { outcome: 'throttled', fate: 'giveBack' }),
      ran(25, 26, { refusedAtMs: [3_000, 12_000] }),
    ];
    expect(curvesOfTasks(lines, grid)).toMatchObject({ throttled: [2, 1, 0, 0], done: [0, 0, 1, 0] });
  });

  it('have nothing of lines that are of no task, or of one that never ran', () => {
    const lines = [
      { sluice: 'log', message: 'hello' },
      'text',
      ran(1, 2, { outcome: 'exhausted', fate: 'deadLetter' }),
      { sluice: 'task', outcome: 'held', fate: 'giveBack' },
    ];
    const curves = curvesOfTasks(lines, grid);
    expect(curves).toMatchObject({ running: [0, 0, 0, 0], done: [0, 0, 0, 0] });
    expect(curves.p50Seconds).toEqual([null, null, null, null]);
  });

  it('never have more running than tasks overlap the step, nor fewer than at its middle', () => {
    const spans = fc.array(fc.tuple(fc.nat(40_000), fc.nat(20_000)), { maxLength: 30 });
    fc.assert(
      fc.property(spans, (given) => {
        const tasks = given.map(([from, length]) => ran(from / 1000, (from + length + 1) / 1000));
        curvesOfTasks(tasks, grid).running.forEach((peak, step) => {
          const [from, to] = [step * 10_000, (step + 1) * 10_000];
          const middle = (from + to) / 2;
          const during = tasks.filter((one) => one.startedAtMs < to && one.endedAtMs > from).length;
          const then = tasks.filter((one) => one.startedAtMs <= middle && one.endedAtMs > middle).length;
          expect(peak).toBeLessThanOrEqual(during);
          expect(peak).toBeGreaterThanOrEqual(then);
        });
      }),
    );
  });
});

describe('curves of metrics', () => {
  it('have each value in its step, and nothing where nobody measured', () => {
    const points = [
      { name: 'running', atMs: 10_000, value: 3 },
      { name: 'waiting', atMs: 30_000, value: 7 },
      { name: 'waiting', atMs: 99_000, value: 9 },
    ] as const;
    expect(curvesOfPoints(['running', 'waiting', 'done'], points, grid)).toEqual({
      running: [null, 3, null, null],
      waiting: [null, null, null, 7],
      done: [null, null, null, null],
    });
  });
});
