import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Fate, fateOf, type TaskOutcome } from '../../../consumer/fate.ts';

const error = new Error('no');
const tries = { attempt: 2, maxAttempts: 5, receives: 7, random: () => 0.5 };

/** The table of consumer/README.md, row by row. */
const TABLE: readonly (readonly [TaskOutcome, Fate, Partial<typeof tries>?])[] = [
  [{ kind: 'returned' }, { kind: 'done' }],
  [
    { kind: 'threw', error },
    { kind: 'retry', afterSeconds: 2 },
  ],
  [{ kind: 'threw', error }, { kind: 'deadLetter', reason: 'maxAttempts' }, { attempt: 5 }],
  [{ kind: 'dropped', reason: 'gone' }, { kind: 'done' }],
  [
    { kind: 'gaveUp', reason: 'no such page', error },
    { kind: 'deadLetter', reason: 'no such page' },
  ],
  [
    { kind: 'postponed', seconds: 59.2 },
    { kind: 'giveBack', afterSeconds: 60 },
  ],
  [
    { kind: 'unreadable', error },
    { kind: 'deadLetter', reason: 'unreadable' },
  ],
  [{ kind: 'exhausted' }, { kind: 'deadLetter', reason: 'exhausted' }],
  [
    { kind: 'throttled', afterSeconds: 30, error, said: {} },
    { kind: 'giveBack', afterSeconds: 30 },
  ],
  [
    { kind: 'held', afterSeconds: 30 },
    { kind: 'giveBack', afterSeconds: 30 },
  ],
  [
    { kind: 'early', afterSeconds: 30 },
    { kind: 'giveBack', afterSeconds: 30 },
  ],
  [
    { kind: 'busy', afterSeconds: 1 },
    { kind: 'giveBack', afterSeconds: 1 },
  ],
  [
    { kind: 'unready', afterSeconds: 7, error },
    { kind: 'giveBack', afterSeconds: 7 },
  ],
  [{ kind: 'duplicate' }, { kind: 'done' }],
  [{ kind: 'notStarted' }, { kind: 'giveBack', afterSeconds: 0 }],
];

describe('fateOf', () => {
  it.each(TABLE)('%j is %j %j', (outcome, fate, changes = {}) => {
    expect(fateOf(outcome, { ...tries, ...changes })).toEqual(fate);
  });

  it('decides as the README says, all of it', () => {
    const readme = readFileSync(new URL('../../../consumer/README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\|.*\| `(\w+)`, `(\w+)` \|.*\|$/gm)].map(([, ...row]) => row);
    expect(rows).toEqual(TABLE.map(([outcome, fate]) => [outcome.kind, fate.kind]));
  });

  it('does not invent a fate for what it does not know', () => {
    expect(() => fateOf({ kind: 'vanished' } as unknown as TaskOutcome, tries)).toThrow('vanished');
  });

  it('never ends a task that throws, by its own count, where nobody could count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 100 }), (receives, max) => {
        const fate = fateOf(
          { kind: 'threw', error },
          { ...tries, attempt: undefined, receives, maxAttempts: max },
        );
        expect(fate.kind).toBe('retry');
      }),
    );
  });

  it('waits evenly between nothing and 2 s × 2^(attempt − 1), at most 900 s, in whole seconds', () => {
    const wait = (attempt: number, chance: number) =>
      fateOf({ kind: 'threw', error }, { ...tries, attempt, maxAttempts: 100, random: () => chance });
    const almost1 = 1 - Number.EPSILON;
    expect([1, 2, 3, 8, 9, 10, 99].map((attempt) => wait(attempt, almost1))).toEqual(
      [2, 4, 8, 256, 512, 900, 900].map((afterSeconds) => ({ kind: 'retry', afterSeconds })),
    );
    expect(wait(9, 0)).toEqual({ kind: 'retry', afterSeconds: 0 });
  });

  it.each([0, 41_999, 42_000, 43_200, 1e9, Number.POSITIVE_INFINITY])(
    'hides a task that is to be tried in %d s no longer than SQS can',
    (seconds) => {
      expect(fateOf({ kind: 'postponed', seconds }, tries)).toEqual({
        kind: 'giveBack',
        afterSeconds: Math.min(seconds, 42_000),
      });
    },
  );

  it.each([
    [50, 39, false],
    [50, 40, true],
    [50, 51, true],
    [14, 11, false],
    [14, 12, true],
    [3, 1, false],
    [3, 2, true],
    [1, 1, true],
    [undefined, 1_000_000, false],
  ])(
    'sends a task anew before SQS, after %j receives, makes it a dead letter: at the %ith, %j',
    (maxReceives, receives, isAnew) => {
      const soon = { ...tries, receives, ...(maxReceives !== undefined && { maxReceives }) };
      const anew = isAnew ? { anew: true } : {};
      expect(fateOf({ kind: 'held', afterSeconds: 30 }, soon)).toEqual({
        kind: 'giveBack',
        afterSeconds: 30,
        ...anew,
      });
      expect(fateOf({ kind: 'threw', error }, soon)).toEqual({ kind: 'retry', afterSeconds: 2, ...anew });
    },
  );

  it('sends nothing anew whose fate is another', () => {
    const last = { ...tries, receives: 50, maxReceives: 50 };
    expect(fateOf({ kind: 'returned' }, last)).toEqual({ kind: 'done' });
    expect(fateOf({ kind: 'exhausted' }, last)).toEqual({ kind: 'deadLetter', reason: 'exhausted' });
  });
});
