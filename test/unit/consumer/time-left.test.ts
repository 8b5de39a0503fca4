import { describe, expect, it } from '@jest/globals';
import { abortMarginMs, roomForTask } from '../../../consumer/time-left.ts';

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

describe('roomForTask', () => {
  it('starts a task only if one as long as the longest so far would end before the margin', () => {
    expect(roomForTask({ remainingMs: 5_001, marginMs: 1_000, longestTaskMs: 4_000 })).toBe(true);
    expect(roomForTask({ remainingMs: 5_000, marginMs: 1_000, longestTaskMs: 4_000 })).toBe(false);
  });

  it('starts the first of a call unless the margin is all that is left', () => {
    expect(roomForTask({ remainingMs: 1_001, marginMs: 1_000, longestTaskMs: 0 })).toBe(true);
    expect(roomForTask({ remainingMs: 1_000, marginMs: 1_000, longestTaskMs: 0 })).toBe(false);
  });
});
