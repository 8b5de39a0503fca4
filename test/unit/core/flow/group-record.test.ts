import { describe, expect, it } from '@jest/globals';
import { readGroupState } from '../../../../core/flow/group-record.ts';

const hold = { sinceMs: 1, untilMs: 2, cause: 'breaker', guesses: 0 };
const open = { state: 'open', sinceMs: 1, untilMs: 2, opened: 1, evidence: { tasks: 9, failed: 8 } };

describe('an item of the holds table', () => {
  it.each([
    ['a hold', { hold }, { hold }],
    ['an open breaker', { hold, breaker: open }, { hold, breaker: open }],
    [
      'a breaker that tries',
      {
        breaker: {
          state: 'halfOpen',
          sinceMs: 1,
          opened: 1,
          probes: [{ id: 'p', untilMs: 3 }],
          succeeded: 0,
        },
      },
      {
        breaker: {
          state: 'halfOpen',
          sinceMs: 1,
          opened: 1,
          probes: [{ id: 'p', untilMs: 3 }],
          succeeded: 0,
        },
      },
    ],
    [
      'a breaker of whose probes one failed',
      { breaker: { state: 'halfOpen', sinceMs: 1, opened: 1, probes: [], succeeded: 1, failed: 1 } },
      { breaker: { state: 'halfOpen', sinceMs: 1, opened: 1, probes: [], succeeded: 1, failed: 1 } },
    ],
    [
      'a closed breaker',
      { breaker: { state: 'closed', sinceMs: 1, opened: 1 } },
      { breaker: { state: 'closed', sinceMs: 1, opened: 1 } },
    ],
  ])('says %s, and nothing of what is beside the point', (_what, item, state) => {
    expect(readGroupState({ ...item, pipelineId: 'a', revision: 3, expiresAt: 4 })).toEqual(state);
  });

  it('says how long, if a person has typed no more than that', () => {
    const typed = { sinceMs: 0, untilMs: 9, cause: 'throttled', guesses: 0 };
    expect(readGroupState({ hold: { untilMs: 9 } })).toEqual({ hold: typed });
  });

  it.each([
    ['there is none', undefined],
    ['it says nothing', { pipelineId: 'a' }],
    ['its hold is a text', { hold: 'long' }],
    ['its hold has no end', { hold: { ...hold, untilMs: 'later' } }],
    ['its breaker is in no state that there is', { breaker: { ...open, state: 'ajar' } }],
  ])('counts as none where %s', (_what, item) => {
    expect(readGroupState(item)).toBeUndefined();
  });
});
