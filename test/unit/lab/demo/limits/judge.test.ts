import { describe, expect, it } from '@jest/globals';
import { judge } from '../../../../../lab/demo/limits/judge.ts';
import { closingTables, limitsResult } from '../../../../../lab/demo/limits/report.ts';
import type { GroupResult, PhaseResult } from '../../../../../lab/demo/limits/results.ts';

const phase = (name: PhaseResult['name'], more: Partial<PhaseResult> = {}): PhaseResult => ({
  name,
  seconds: 10,
  requests: 100,
  refused: 0,
  served: 95,
  letThrough: 98,
  attainable: 100,
  holds: 0,
  ...more,
});
const LESS = phase('less', {
  requests: 60,
  refused: 20,
  served: 40,
  letThrough: 40,
  attainable: 50,
  holds: 4,
});
const OUTAGE = phase('outage', {
  requests: 8,
  refused: 8,
  served: 0,
  letThrough: 0,
  attainable: 0,
  holds: 2,
});

const group = (more: Partial<GroupResult> = {}): GroupResult => ({
  name: 'a',
  tasks: 250,
  done: 250,
  twice: 0,
  deadLetters: 0,
  left: 0,
  starts: 280,
  windows: [{ tasks: 10, perSeconds: 1, most: 10, over: 0 }],
  concurrency: 3,
  peak: 3,
  overConcurrency: 0,
  limitPerSecond: 10,
  seconds: 30,
  phases: [phase('enough'), LESS, OUTAGE, phase('enough again', { backAfterSeconds: 1.5 })],
  breaker: [],
  ...more,
});

const wrong = (...groups: readonly GroupResult[]) =>
  judge(groups)
    .filter(({ isSo }) => !isSo)
    .map(({ promise }) => promise);

describe('what limits promise', () => {
  it('is so where all groups are as they must be', () => {
    expect(wrong(group(), group({ name: 'b' }))).toEqual([]);
  });

  it.each([
    ['a task is not done', { done: 249 }, 'every task is done'],
    ['something is left in a queue', { left: 1 }, 'every task is done'],
    ['there is a dead letter', { deadLetters: 1 }, 'no dead letters'],
    [
      'a window has one start too many',
      { windows: [{ tasks: 10, perSeconds: 1, most: 11, over: 1 }] },
      'no window over its limit, no more at once than allowed',
    ],
    [
      'one too many runs at once',
      { overConcurrency: 1 },
      'no window over its limit, no more at once than allowed',
    ],
    [
      'more than one in a hundred is refused though there is enough',
      { phases: [phase('enough', { refused: 3 }), phase('enough again')] },
      'while the API allows enough, it refuses 1 % at most',
    ],
    [
      'goodput is low though there is enough',
      { phases: [phase('enough'), phase('enough again', { letThrough: 91 })] },
      'while the API allows enough, goodput is at least 0.95 of the limit',
    ],
    [
      'more than two a hold and slot are refused',
      { phases: [{ ...LESS, refused: 25, holds: 4 }] },
      'when it refuses, at most twice per hold and slot',
    ],
    [
      'there are refusals and no hold',
      { phases: [{ ...LESS, refused: 1, holds: 0 }] },
      'when it refuses, at most twice per hold and slot',
    ],
    [
      'goodput is low of the less that there is',
      { phases: [{ ...LESS, letThrough: 34 }] },
      'while it allows less, goodput is at least 0.7 of that',
    ],
  ] satisfies [string, Partial<GroupResult>, string][])('is not where %s', (_, more, promise) => {
    expect(wrong(group(), group({ name: 'b', ...more }))).toEqual([promise]);
  });

  it('has nothing against a broken API that nobody holds for: it refuses nobody', () => {
    expect(wrong(group({ phases: [phase('outage', { refused: 0, letThrough: 0, attainable: 0 })] }))).toEqual(
      [],
    );
  });
});

describe('the report', () => {
  const plain = group({ done: 100, deadLetters: 150, phases: [{ ...LESS, holds: 0, refused: 900 }] });
  const evidence = { tasks: 12, failed: 9 };
  const sluice = group({ breaker: [{ atSeconds: 61.25, state: 'open', evidence }] });

  it('counts only what Sluice has not kept as a problem', () => {
    expect(limitsResult([sluice], [plain]).problems).toEqual([]);
    expect(limitsResult([plain], [sluice]).problems).toContain('no dead letters: 150 dead letters');
  });

  it('puts both runs beside each other, group by group, phase by phase, promise by promise', () => {
    const text = closingTables(limitsResult([sluice], [plain]));
    expect(text).toMatch(/sluice +a +250 +250 +0 +0 +3 of 3 +30.0 s +10 of 10 in 1 s\n/);
    expect(text).toMatch(/plain SQS a +100 +250 +0 +150 /);
    expect(text).toMatch(/ less +10.0 s +60 +33.3 % +4.0\/s +0.80 +4\n/);
    expect(text).toMatch(/ enough again +10.0 s .* back after 1.5 s\n/);
    expect(text).toMatch(/ 61.3 s +breaker of a open: 9 of 12 tasks failed\n/);
    expect(text).toMatch(/so +no dead letters: 0 dead letters\n +plain SQS: not so, 150 dead letters\n/);
    expect(text).toMatch(/plain SQS: not so, a 900 without a hold\n/);
  });
});
