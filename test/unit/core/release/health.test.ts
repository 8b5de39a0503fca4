import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addTasks,
  type HealthSample,
  type Moved,
  NO_CALLS,
  tasksAround,
} from '../../../../core/release/health.ts';
import { NO_TASKS } from '../../../../core/release/record.ts';
import { anyTasks } from './arbitraries.ts';

const MINUTE_MS = 60_000;
const MOVED_MS = 100 * MINUTE_MS;

const moved: Moved = {
  pipelineId: 'a',
  movedAtMs: MOVED_MS,
  deadLettersBefore: undefined,
  concurrency: 2,
  batchSize: 1,
  taskMs: 600_000,
  isNew: false,
};

/** A minute that began so many minutes after the move. */
function minute(after: number, seen: Partial<HealthSample> = {}): HealthSample {
  return { atMs: MOVED_MS + after * MINUTE_MS, spanMs: MINUTE_MS, ...NO_CALLS, ...seen };
}

const anySample = fc.record({
  after: fc.integer({ min: -5, max: 5 }),
  calls: fc.nat(50),
  errors: fc.nat(50),
  throttled: fc.nat(50),
  received: fc.nat(500),
  done: fc.nat(500),
  durationMs: fc.nat(100_000),
});

describe('what happened around a move', () => {
  it('is told apart by the move: the minute in which it was belongs to neither', () => {
    const one = { calls: 1, received: 1, done: 1, durationMs: 7 };
    const halfAMinuteOff = { ...moved, movedAtMs: MOVED_MS + MINUTE_MS / 2 };
    const samples = [minute(-1, one), minute(0, one), minute(1, one), minute(2, one)];
    const { before, after } = tasksAround(samples, halfAMinuteOff);
    expect([before.calls, after.calls]).toEqual([1, 2]);
    // A move on the minute parts the one that ended then from the one that began.
    expect(tasksAround(samples, moved)).toMatchObject({ before: { calls: 1 }, after: { calls: 3 } });
  });

  it('counts nothing twice, also what took no time', () => {
    const instant = { ...minute(0, { calls: 1 }), spanMs: 0 };
    const { before, after } = tasksAround([instant], moved);
    expect(before.calls + after.calls).toBe(1);
  });

  it('adds up to the same however finely it was sampled', () => {
    fc.assert(
      fc.property(fc.array(anySample), fc.double({ min: 0, max: 1, noNaN: true }), (seen, share) => {
        const whole = seen.map(({ after, ...counts }) => minute(after, counts));
        const split = whole.flatMap((sample) => {
          const part = Object.fromEntries(
            (['calls', 'errors', 'throttled', 'received', 'done', 'durationMs'] as const).map((key) => [
              key,
              Math.floor(sample[key] * share),
            ]),
          ) as Pick<HealthSample, 'calls' | 'errors' | 'throttled' | 'received' | 'done' | 'durationMs'>;
          const rest = Object.fromEntries(
            Object.entries(part).map(([key, value]) => [key, sample[key as keyof typeof part] - value]),
          );
          const spanMs = MINUTE_MS / 2;
          return [
            { ...sample, ...part, spanMs },
            { ...sample, ...rest, atMs: sample.atMs + spanMs, spanMs },
          ];
        });
        expect(tasksAround(split, moved)).toEqual(tasksAround(whole, moved));
        expect(tasksAround(whole.toReversed(), moved)).toEqual(tasksAround(whole, moved));
      }),
    );
  });

  it('counts no task as failed that may still run at the end, nor one whose call was throttled', () => {
    const limits = fc.record({
      concurrency: fc.integer({ min: 1, max: 1000 }),
      batchSize: fc.integer({ min: 1, max: 100 }),
      throttled: fc.nat(100),
    });
    fc.assert(
      fc.property(limits, fc.nat(10_000), fc.nat(500), (of, done, beyond) => {
        const { throttled, ...size } = of;
        const unseen = (size.concurrency + throttled) * size.batchSize;
        const failuresOf = (received: number) =>
          tasksAround([minute(0, { received, done, throttled })], { ...moved, ...size }).after;
        expect(failuresOf(done + unseen).failures).toBe(0);
        expect(failuresOf(done + unseen + beyond)).toMatchObject({
          failures: beyond,
          tasks: done + beyond,
          throttled,
        });
        // More done than received: they were received before.
        expect(failuresOf(0)).toMatchObject({ failures: 0, tasks: done });
      }),
    );
  });

  it('takes failures that are known as they are, whatever may still run', () => {
    const one = minute(0, { received: 30, done: 10, failed: 3, throttled: 5 });
    expect(tasksAround([one], moved).after).toMatchObject({ failures: 3, tasks: 13 });
    const none = minute(1, { received: 2000, done: 0, failed: 0 });
    expect(tasksAround([one, none], moved).after).toMatchObject({ failures: 3, tasks: 13 });
  });

  it('works failures out where those of any tasks are not known', () => {
    const known = minute(0, { received: 10, done: 7, failed: 3 });
    const unknown = minute(1, { received: 40, done: 20 });
    // Two may still run.
    expect(tasksAround([known, unknown], moved).after).toMatchObject({ failures: 21, tasks: 48 });
    // A sample without tasks has nothing to know of.
    expect(tasksAround([known, minute(1, { deadLetters: 1 })], moved).after.failures).toBe(3);
  });

  it('knows of failures before the move apart from those after it', () => {
    const samples = [minute(-1, { received: 50, done: 10 }), minute(0, { received: 5, done: 1, failed: 4 })];
    const { before, after } = tasksAround(samples, moved);
    expect([before.failures, after.failures]).toEqual([38, 4]);
  });

  it.each([
    { why: 'from what there was at the move', before: [], known: 3, after: [3, 5], rise: [0, 2] },
    { why: 'whatever was seen before the move', before: [9], known: 3, after: [5], rise: [0, 2] },
    {
      why: 'else from the last look before it',
      before: [1, 4],
      known: undefined,
      after: [4, 6],
      rise: [3, 2],
    },
    { why: 'else from the first look after it', before: [], known: undefined, after: [4, 6], rise: [0, 2] },
    { why: 'to the highest seen', before: [], known: 0, after: [2, 7, 1], rise: [0, 7] },
    { why: 'never less than nothing after a redrive', before: [8, 0], known: 8, after: [0, 1], rise: [0, 0] },
    { why: 'by nothing where nobody looked', before: [], known: undefined, after: [], rise: [0, 0] },
    { why: 'by nothing where nobody looked again', before: [], known: 4, after: [], rise: [0, 0] },
    {
      why: 'past looks that were left out',
      before: [1, undefined],
      known: undefined,
      after: [undefined, 3],
      rise: [0, 2],
    },
  ])('has dead letters rise $why', ({ before, known, after, rise }) => {
    const samples = [
      ...before.map((deadLetters, index) => looked(index - before.length, deadLetters)),
      ...after.map((deadLetters, index) => looked(index, deadLetters)),
    ];
    const around = tasksAround(samples, { ...moved, deadLettersBefore: known });
    expect([around.before.deadLetters, around.after.deadLetters]).toEqual(rise);
  });

  function looked(after: number, deadLetters: number | undefined): HealthSample {
    return minute(after, deadLetters === undefined ? {} : { deadLetters });
  }
});

describe('sums of tasks', () => {
  it('are the same in any order, and nothing adds nothing', () => {
    fc.assert(
      fc.property(anyTasks, anyTasks, anyTasks, (a, b, c) => {
        expect(addTasks(a, b)).toEqual(addTasks(b, a));
        expect(addTasks(addTasks(a, b), c)).toEqual(addTasks(a, addTasks(b, c)));
        expect(addTasks(a, NO_TASKS)).toEqual(a);
      }),
    );
  });
});
