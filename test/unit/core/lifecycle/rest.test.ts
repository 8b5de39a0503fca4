import { describe, expect, it } from '@jest/globals';
import { isEmpty, mayRest } from '../../../../core/lifecycle/rest.ts';

const NOTHING = { visible: 0, delayed: 0, inFlight: 0 };

describe('an idle consumer', () => {
  it.each([
    { when: 'idle for long enough', counts: NOTHING, idleMs: 300_000, rests: true },
    { when: 'idle for a moment less', counts: NOTHING, idleMs: 299_999, rests: false },
    { when: 'never seen active', counts: NOTHING, idleMs: undefined, rests: false },
    { when: 'one task waits', counts: { ...NOTHING, visible: 1 }, idleMs: 900_000, rests: false },
    { when: 'one task is delayed', counts: { ...NOTHING, delayed: 1 }, idleMs: 900_000, rests: false },
    { when: 'one task runs', counts: { ...NOTHING, inFlight: 1 }, idleMs: 900_000, rests: false },
  ])('rests: $rests where $when', ({ counts, idleMs, rests }) => {
    const nowMs = 1_000_000_000;
    expect(mayRest(300, counts, idleMs === undefined ? undefined : nowMs - idleMs, nowMs)).toBe(rests);
  });

  it('has an empty queue only if nothing is visible, delayed or in flight', () => {
    expect(isEmpty(NOTHING)).toBe(true);
    for (const one of ['visible', 'delayed', 'inFlight'])
      expect(isEmpty({ ...NOTHING, [one]: 1 })).toBe(false);
  });
});
