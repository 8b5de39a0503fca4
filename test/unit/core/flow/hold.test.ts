import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Hold,
  holdAfter,
  isHeld,
  type Refusal,
  rampMs,
  rampShare,
  resumeAtMs,
} from '../../../../core/flow/hold.ts';

const NOW_MS = 1_800_000_000_000;
const refusal: Refusal = { startedAtMs: NOW_MS - 100, nowMs: NOW_MS, random: () => 0.5 };

/** Of so many milliseconds, ended so many ago. */
const holdOf = (lengthMs: number, endedMsAgo: number, guesses = 0): Hold => ({
  sinceMs: NOW_MS - endedMsAgo - lengthMs,
  untilMs: NOW_MS - endedMsAgo,
  cause: 'throttled',
  guesses,
});

describe('a refusal that says how long', () => {
  it.each([
    [3_000, 3_000],
    [50, 50],
    [49, 50],
    [1, 50],
    [86_400_000, 86_400_000],
    [86_400_001, 86_400_000],
    [Number.POSITIVE_INFINITY, 86_400_000],
  ])('of %d ms holds the group for %d ms', (retryAfterMs, heldMs) => {
    expect(holdAfter(undefined, { ...refusal, retryAfterMs })).toEqual({
      sinceMs: NOW_MS,
      untilMs: NOW_MS + heldMs,
      cause: 'throttled',
      guesses: 0,
    });
  });

  it('makes the hold that there is longer, and leaves its beginning', () => {
    const current = holdOf(5_000, -2_000, 3);
    expect(holdAfter(current, { ...refusal, retryAfterMs: 2_050 })).toEqual({
      ...current,
      untilMs: NOW_MS + 2_050,
      guesses: 0,
    });
  });

  it('changes nothing where the group waits as long already, but for what is not worth a word', () => {
    for (const retryAfterMs of [100, 2_000, 2_049]) {
      expect(holdAfter(holdOf(5_000, -2_000), { ...refusal, retryAfterMs })).toBeUndefined();
    }
  });

  it('begins a hold of its own where the one before is over', () => {
    for (const endedMsAgo of [0, 1]) {
      const hold = holdAfter(holdOf(5_000, endedMsAgo), { ...refusal, retryAfterMs: 200 });
      expect(hold?.sinceMs).toBe(NOW_MS);
    }
  });
});

describe('a refusal that says nothing', () => {
  it('is also one that says "at once": a side that always does so would be asked all the time', () => {
    const guessed = holdAfter(undefined, { ...refusal, random: () => 0 });
    expect(holdAfter(undefined, { ...refusal, retryAfterMs: 0, random: () => 0 })).toEqual(guessed);
  });

  it('holds the group for a small guess: half of a second, and as much of the other half as chance says', () => {
    for (const [chance, heldMs] of [
      [0, 500],
      [0.5, 750],
      [1, 1_000],
    ] as const) {
      expect(holdAfter(undefined, { ...refusal, random: () => chance })).toEqual({
        sinceMs: NOW_MS,
        untilMs: NOW_MS + heldMs,
        cause: 'throttled',
        guesses: 1,
      });
    }
  });

  it.each([
    [1, 1_500],
    [2, 3_000],
    [5, 24_000],
    [6, 45_000],
    [7, 45_000],
    [50, 45_000],
  ])('soon after %i guesses doubles the next, up to a minute: %i ms in the mean', (guesses, heldMs) => {
    const hold = holdAfter(holdOf(1_000, 50, guesses), refusal);
    expect(hold).toMatchObject({ guesses: guesses + 1, untilMs: NOW_MS + heldMs });
  });

  it.each([
    ['of a task that started in the ramp of a short hold, or came back from the queue', 1_000, 3_499, 5],
    ['of one that started after it', 1_000, 3_500, 1],
    ['of a task that started in the ramp of a long hold, or came back from the queue', 20_000, 4_999, 5],
    ['of one that started after that', 20_000, 5_000, 1],
  ])('says that the guess before was too short only %s', (_, lengthMs, startedMsAfter, guesses) => {
    const before = holdOf(lengthMs, 3_000, 4);
    const startedAtMs = before.untilMs + startedMsAfter;
    expect(holdAfter(before, { ...refusal, startedAtMs })?.guesses).toBe(guesses);
  });

  it('says nothing of the guess before where a task has got through since', () => {
    const before = holdOf(1_000, 200, 4);
    const guesses = (succeededAtMs: number) => holdAfter(before, { ...refusal, succeededAtMs })?.guesses;
    expect(guesses(before.untilMs - 1)).toBe(5);
    expect(guesses(before.untilMs)).toBe(1);
  });

  it('says nothing new while the group waits', () => {
    expect(holdAfter(holdOf(5_000, -1), refusal)).toBeUndefined();
  });

  it('says nothing new of a task that was under way when the hold before began', () => {
    const before = holdOf(1_000, 50);
    const startedAt = (startedAtMs: number) => holdAfter(before, { ...refusal, startedAtMs });
    expect(startedAt(before.sinceMs - 1)).toBeUndefined();
    expect(startedAt(before.sinceMs)).toBeDefined();
  });

  it('never holds a group longer than a minute, nor for less than half a second', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.nat(120_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (guesses, endedMsAgo, chance) => {
          const hold = holdAfter(holdOf(1_000, endedMsAgo, guesses), {
            ...refusal,
            startedAtMs: NOW_MS,
            random: () => chance,
          });
          const heldMs = (hold?.untilMs ?? 0) - NOW_MS;
          expect(heldMs).toBeGreaterThanOrEqual(500);
          expect(heldMs).toBeLessThanOrEqual(60_000);
        },
      ),
    );
  });
});

describe('while a group is held', () => {
  it.each([
    [undefined, false],
    [holdOf(1_000, -1), true],
    [holdOf(1_000, 0), false],
    [holdOf(1_000, 1), false],
  ])('no task starts, until the very moment of its end: %j %j', (hold, held) => {
    expect(isHeld(hold, NOW_MS)).toBe(held);
  });
});

describe('after a hold', () => {
  it.each([
    [100, 500],
    [5_000, 500],
    [30_000, 3_000],
    [100_000, 10_000],
    [86_400_000, 10_000],
  ])('of %i ms a group goes gently for %i ms', (lengthMs, ms) => {
    expect(rampMs(holdOf(lengthMs, 0))).toBe(ms);
  });

  it('those who waited come back all over the ramp, none before the hold is over', () => {
    const hold = holdOf(30_000, 0);
    expect([0, 0.5, 1].map((chance) => resumeAtMs(hold, () => chance) - hold.untilMs)).toEqual([
      0, 1_500, 3_000,
    ]);
  });

  it.each([
    ['before the end', -10_000, 0.25],
    ['at the end', 0, 0.25],
    ['a third of the ramp later', 1_000, 0.5],
    ['two thirds later', 2_000, 0.75],
    ['after the ramp', 3_000, 1],
    ['long after', 1e9, 1],
  ])('a group starts at a quarter of its rate, growing to the whole: %s', (_, afterMs, share) => {
    expect(rampShare(holdOf(30_000, afterMs), NOW_MS)).toBeCloseTo(share, 9);
  });

  it('a group that was never held starts at its whole rate', () => {
    expect(rampShare(undefined, NOW_MS)).toBe(1);
  });
});
