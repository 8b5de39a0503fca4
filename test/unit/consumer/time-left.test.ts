import { describe, expect, it } from '@jest/globals';
import { abortMarginMs, roomForTask, waitBudgetMs } from '../../../consumer/time-left.ts';

describe('abortMarginMs', () => {
  it.each([
    [1_000, 100],
    [5_000, 500],
    [10_000, 1_000],
    [900_000, 1_000],
  ])('of a call of %i ms keeps %i ms to stop in', (callMs, marginMs) => {
    expect(abortMarginMs(callMs)).toBe(marginMs);
  });
});

const CALL = { marginMs: 1_000, callMs: 30_000 };

describe('roomForTask', () => {
  it('starts a task only if one as long as the slowest of late would end before the margin', () => {
    expect(roomForTask({ ...CALL, remainingMs: 5_001, slowestMs: 4_000 })).toBe(true);
    expect(roomForTask({ ...CALL, remainingMs: 5_000, slowestMs: 4_000 })).toBe(false);
  });

  it('starts the first of a call unless the margin is all that is left', () => {
    expect(roomForTask({ ...CALL, remainingMs: 1_001, slowestMs: undefined })).toBe(true);
    expect(roomForTask({ ...CALL, remainingMs: 1_000, slowestMs: undefined })).toBe(false);
  });

  it('starts a task in a call that is 70 % there, however slow the slowest was: else it would never start', () => {
    expect(roomForTask({ ...CALL, remainingMs: 22_001, slowestMs: 29_000 })).toBe(true);
    expect(roomForTask({ ...CALL, remainingMs: 22_000, slowestMs: 29_000 })).toBe(false);
  });
});

describe('waitBudgetMs', () => {
  it.each([
    ['half of the call, for a task whose like has not been seen', 30_000, undefined, 14_000],
    ['what the slowest of late leaves', 30_000, 4_000, 25_000],
    ['not at all where tasks take all of it', 30_000, 29_000, 0],
    ['nothing where nothing is left', 4_000, 4_000, 0],
  ])('lets a task wait %s', (_what, remainingMs, slowestMs, budgetMs) => {
    expect(waitBudgetMs({ ...CALL, remainingMs, slowestMs })).toBe(budgetMs);
  });
});
