import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SQS_BATCH_BYTES } from '../../../../core/aws-limits.ts';
import {
  ANY_DELAY,
  type Call,
  composeRound,
  delaySecondsFor,
  endsRound,
  nextCall,
  ROUND_BYTES,
  ROUND_SPAN_MS,
  ROUND_TASKS,
  type RoundTask,
} from '../../../../core/spread/phases.ts';

const taskList = (dues: readonly number[], bytes = 100): RoundTask[] =>
  dues.map((dueMs, index) => ({ index, dueMs, bytes }));

const tasks = fc
  .array(
    fc.record({
      dueMs: fc.double({ min: 0, max: ROUND_SPAN_MS, noNaN: true }),
      bytes: fc.integer({ min: 1, max: SQS_BATCH_BYTES }),
    }),
    { maxLength: 300 },
  )
  .map((list) => list.map((task, index): RoundTask => ({ index, ...task })));

const indexes = (calls: readonly Call[]) => calls.map((call) => call.tasks.map(({ index }) => index));

describe('composeRound', () => {
  it('puts tasks of one phase into one call, however many seconds lie between them', () => {
    const calls = composeRound(taskList([100, 600, 1105, 1600, 2110, 2610]));
    expect(indexes(calls)).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
    expect(calls.map(({ phaseMs, latestMs }) => [phaseMs, latestMs])).toEqual([
      [105, 105],
      [605, 605],
    ]);
  });

  it('puts no more than ten tasks into a call', () => {
    const calls = composeRound(taskList(Array.from({ length: 25 }, () => 0)));
    expect(calls.map((call) => call.tasks.length)).toEqual([10, 10, 5]);
  });

  it('puts no more than a mebibyte into a call', () => {
    const calls = composeRound(taskList([0, 0, 0], SQS_BATCH_BYTES / 2));
    expect(calls.map((call) => call.tasks.length)).toEqual([2, 1]);
  });

  it('refuses a task that no call can carry', () => {
    expect(() => composeRound(taskList([0], SQS_BATCH_BYTES + 1))).toThrow('task 0 has 1048577 bytes');
  });

  it('numbers the calls in their order, and makes none of no tasks', () => {
    expect(composeRound(taskList([0, 300, 600])).map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(composeRound([])).toEqual([]);
  });

  it('sends no sooner than the longest delay allows, and no later than the shortest does', () => {
    const [call] = composeRound(taskList([10_250, 100_250]), { minSeconds: 10, maxSeconds: 90 });
    expect(call).toMatchObject({ phaseMs: 250, earliestMs: 10_250, latestMs: 250 });
  });

  it('has every task in one call, none near a phase that is not its own', () => {
    fc.assert(
      fc.property(tasks, (list) => {
        const calls = composeRound(list);
        expect(
          indexes(calls)
            .flat()
            .sort((a, b) => a - b),
        ).toEqual(list.map(({ index }) => index));
        for (const call of calls) {
          for (const { dueMs } of call.tasks) {
            expect(Math.abs((dueMs % 1000) - call.phaseMs)).toBeLessThanOrEqual(10 + 1e-6);
          }
        }
      }),
    );
  });

  it('brings every task out within 10 ms of its due time if its call goes at its moment', () => {
    fc.assert(
      fc.property(tasks, fc.nat(100_000), (list, nowMs) => {
        for (const call of composeRound(list, ANY_DELAY)) {
          const atMs = nextCall([call], nowMs)?.atMs ?? Number.NaN;
          if (atMs > call.latestMs || atMs % 1000 !== call.phaseMs) continue;
          for (const { dueMs } of call.tasks) {
            const outMs = atMs + delaySecondsFor(dueMs, atMs) * 1000;
            expect(Math.abs(outMs - dueMs)).toBeLessThanOrEqual(10 + 1e-6);
          }
        }
      }),
    );
  });
});

describe('endsRound', () => {
  const round = { tasks: 10, bytes: 1000, firstDueMs: 5000 };

  it.each([
    ['goes on', round, { dueMs: 6000, bytes: 100 }, false],
    ['ends with enough tasks', { ...round, tasks: ROUND_TASKS }, { dueMs: 6000, bytes: 100 }, true],
    [
      'ends before it has too many bytes',
      { ...round, bytes: ROUND_BYTES - 99 },
      { dueMs: 6000, bytes: 100 },
      true,
    ],
    ['ends before it is too long', round, { dueMs: 5001 + ROUND_SPAN_MS, bytes: 100 }, true],
    ['takes a first task of any size', { ...round, tasks: 0, bytes: 0 }, { dueMs: 1e9, bytes: 1e9 }, false],
  ])('%s', (_, one, next, ends) => {
    expect(endsRound(one, next)).toBe(ends);
  });
});

describe('nextCall', () => {
  const call = (phaseMs: number, latestMs = Infinity, earliestMs = 0) => ({ phaseMs, latestMs, earliestMs });

  it('takes the call whose moment comes first', () => {
    const calls = [call(900), call(300), call(500)];
    expect(nextCall(calls, 2250)).toEqual({ call: calls[1], atMs: 2300 });
  });

  it('lets a call that has missed its moment wait for its phase in the next second', () => {
    const calls = [call(300), call(500)];
    expect(nextCall(calls, 2400)).toEqual({ call: calls[1], atMs: 2500 });
    expect(nextCall([call(300)], 2400)?.atMs).toBe(3300);
  });

  it('sends a call at once that has hardly missed its moment', () => {
    expect(nextCall([call(300)], 2350)?.atMs).toBe(2350);
  });

  it('sends a call at once that would be late in the next second', () => {
    const late = call(300, 2300);
    expect(nextCall([call(500), late], 2400)).toEqual({ call: late, atMs: 2400 });
  });

  it('sends the most urgent of those that are late first', () => {
    const calls = [call(300, 2300), call(200, 1200), call(100, 2100)];
    expect(nextCall(calls, 2400)?.call).toBe(calls[1]);
  });

  it('does not send before the longest delay allows', () => {
    expect(nextCall([call(300, Infinity, 5300)], 2400)?.atMs).toBe(5300);
    expect(nextCall([call(300, Infinity, 5301)], 2400)?.atMs).toBe(6300);
  });

  it('has none where no call is left', () => {
    expect(nextCall([], 0)).toBeUndefined();
  });
});

describe('delaySecondsFor', () => {
  it.each([
    [10_250, 250, 10],
    [10_250, 270, 10],
    [10_250, 700, 10],
    [10_250, 800, 9],
    [10_250, 20_000, 0],
    [2_000_000, 0, 900],
  ])('brings a task that is due at %d ms and sent at %d ms out after %d s', (dueMs, sendMs, seconds) => {
    expect(delaySecondsFor(dueMs, sendMs)).toBe(seconds);
  });

  it('keeps within the bounds of the burst', () => {
    expect(delaySecondsFor(10_250, 5000, { minSeconds: 10, maxSeconds: 100 })).toBe(10);
    expect(delaySecondsFor(101_000, 100, { minSeconds: 10, maxSeconds: 100 })).toBe(100);
  });

  it('is always a whole number from 0 to 900', () => {
    const ms = fc.double({ min: -1e7, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(ms, ms, (dueMs, sendMs) => {
        const seconds = delaySecondsFor(dueMs, sendMs);
        expect(Number.isInteger(seconds) && seconds >= 0 && seconds <= 900).toBe(true);
      }),
    );
  });
});
