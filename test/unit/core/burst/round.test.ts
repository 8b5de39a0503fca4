import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type KeptStarts, keptStarts } from '../../../../core/burst/kept-starts.ts';
import type { BurstRecord, SentMark } from '../../../../core/burst/record.ts';
import { boundsOf, createRounds, type Round } from '../../../../core/burst/round.ts';
import type { ReadTask } from '../../../../core/burst/task.ts';
import { ROUND_SPAN_MS, ROUND_TASKS } from '../../../../core/spread/phases.ts';
import type { BurstPlan, StartRule } from '../../../../core/spread/plan.ts';

const NOTHING: SentMark = { fromIndex: 0, fromByte: 0, accepted: 0, refused: 0, calls: [] };

function planOf(starts: StartRule): BurstPlan {
  return { starts, window: { minSeconds: 0, maxSeconds: 3600 } } as unknown as BurstPlan;
}

function recordOf(...starts: readonly (readonly [fromIndex: number, rule: StartRule])[]) {
  const segments = starts.map(([fromIndex, rule]) => ({ fromIndex, startMs: fromIndex, plan: planOf(rule) }));
  return { segments, known: { timeoutSeconds: 900 } } satisfies Pick<BurstRecord, 'segments' | 'known'>;
}

const rule: fc.Arbitrary<StartRule> = fc.oneof(
  fc.constant({ kind: 'atOnce', firstMs: 0 } as const),
  fc.record({
    kind: fc.constant('even' as const),
    firstMs: fc.double({ min: 0, max: 1e5, noNaN: true }),
    spacingMs: fc.double({ min: 0, max: 400, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('slots' as const),
    firstMs: fc.double({ min: 0, max: 1e5, noNaN: true }),
    slots: fc.integer({ min: 1, max: 300 }),
    staggerMs: fc.double({ min: 0, max: 100, noNaN: true }),
    restMs: fc.double({ min: 0, max: 100, noNaN: true }),
  }),
);

/** Tasks of a burst: some of them refused, some large, of different times. */
function tasksOf(count: number, seed: number): ReadTask[] {
  return Array.from({ length: count }, (_, index): ReadTask => {
    const chance = ((index + 1) * (seed * 2 + 7919)) % 1009;
    const place = { index, endByte: index * 10 + 10 };
    if (chance < 40) return { ...place, kind: 'refused', code: 'InvalidJson' };
    const bytes = chance > 990 ? 1_000_000 : 100 + chance;
    return { ...place, kind: 'task', body: String(index), bytes, said: { estimatedSeconds: chance / 50 } };
  });
}

function roundsFrom(
  record: Pick<BurstRecord, 'segments' | 'known'>,
  tasks: readonly ReadTask[],
  mark: SentMark,
): Round[] {
  const maker = createRounds(record, mark);
  const rounds = tasks.slice(mark.fromIndex).map((task) => maker.add(task));
  return [...rounds, maker.end()].filter((round) => round !== undefined);
}

describe('the rounds of a burst', () => {
  it('have every task once, in its order, and are the same from wherever one begins', () => {
    fc.assert(
      fc.property(
        rule,
        rule,
        fc.nat(12_000),
        fc.nat(12_000),
        fc.nat(1000),
        (first, second, count, at, seed) => {
          const record = at > 0 ? recordOf([0, first], [at, second]) : recordOf([0, first]);
          const tasks = tasksOf(count, seed);
          const rounds = roundsFrom(record, tasks, NOTHING);
          const indexes = rounds.flatMap((round) => [
            ...round.tasks.map(({ index }) => index),
            ...round.refused.map(({ index }) => index),
          ]);
          expect(indexes.sort((a, b) => a - b)).toEqual(tasks.map(({ index }) => index));
          for (const [number, round] of rounds.entries()) {
            const mark = {
              ...NOTHING,
              fromIndex: round.nextIndex,
              fromByte: round.nextByte,
              starts: keptStarts(round.nextStarts),
            };
            if (number % 3 === 0) expect(roundsFrom(record, tasks, mark)).toEqual(rounds.slice(number + 1));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('end with enough tasks, enough bytes, and before a task that is due much later', () => {
    fc.assert(
      fc.property(rule, fc.nat(12_000), fc.nat(1000), (starts, count, seed) => {
        for (const { tasks, refused } of roundsFrom(recordOf([0, starts]), tasksOf(count, seed), NOTHING)) {
          expect(tasks.length).toBeLessThanOrEqual(ROUND_TASKS);
          expect(refused.length).toBeLessThanOrEqual(ROUND_TASKS);
          expect((tasks.at(-1)?.dueMs ?? 0) - (tasks[0]?.dueMs ?? 0)).toBeLessThanOrEqual(ROUND_SPAN_MS);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('begin anew with a new plan, whose times begin with its first task', () => {
    const record = recordOf(
      [0, { kind: 'even', firstMs: 5, spacingMs: 10 }],
      [3, { kind: 'even', firstMs: 7, spacingMs: 20 }],
    );
    const tasks = tasksOf(6, 0).map(
      (task): ReadTask => ({ ...task, kind: 'task', body: '', bytes: 1, said: {} }),
    );
    const rounds = roundsFrom(record, tasks, NOTHING);
    expect(rounds.map((round) => [round.segment.startMs, round.tasks.map(({ dueMs }) => dueMs)])).toEqual([
      [0, [5, 15, 25]],
      [3, [7, 27, 47]],
    ]);
  });

  it('take no start for a task that is not sent', () => {
    const record = recordOf([0, { kind: 'even', firstMs: 0, spacingMs: 10 }]);
    const [good, bad] = [
      { kind: 'task', body: '', bytes: 1, said: {} },
      { kind: 'refused', code: 'InvalidJson' },
    ] as const;
    const tasks = [good, bad, bad, good, good].map(
      (task, index): ReadTask => ({ ...task, index, endByte: index }),
    );
    const [round] = roundsFrom(record, tasks, NOTHING);
    expect(round?.tasks.map(({ index, dueMs }) => [index, dueMs])).toEqual([
      [0, 0],
      [3, 10],
      [4, 20],
    ]);
  });

  it('go on where the mark says, also with the most slots that are planned for', () => {
    const slots = { kind: 'slots', firstMs: 0.4, slots: 1_000, staggerMs: 3.3, restMs: 1.2 } as const;
    const record = recordOf([0, slots]);
    const tasks = tasksOf(11_000, 5);
    const [first, ...others] = roundsFrom(record, tasks, NOTHING);
    const mark = { ...NOTHING, fromIndex: first?.nextIndex ?? 0, fromByte: first?.nextByte ?? 0 };
    const starts = keptStarts(first?.nextStarts ?? { told: 0 });
    expect(roundsFrom(record, tasks, { ...mark, starts })).toEqual(others);
    expect(itemBytes(starts)).toBeLessThan(5_000);
  });
});

/**
 * About what DynamoDB counts for it: of a number a byte for two digits and one more, and one for its place in a list.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
function itemBytes({ gapsMs = [] }: KeptStarts): number {
  return gapsMs.reduce((sum, gap) => sum + Math.ceil(String(gap).length / 2) + 2, 0);
}

describe('the delays of a burst', () => {
  it('are those of its window, or any where it is longer than SQS holds back', () => {
    expect(boundsOf({ minSeconds: 10, maxSeconds: 100 })).toEqual({ minSeconds: 10, maxSeconds: 100 });
    expect(boundsOf({ minSeconds: 1.5, maxSeconds: 9.2 })).toEqual({ minSeconds: 1, maxSeconds: 10 });
    expect(boundsOf({ minSeconds: 10, maxSeconds: 901 })).toEqual({ minSeconds: 0, maxSeconds: 900 });
  });
});
