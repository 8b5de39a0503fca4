import { describe, expect, it } from '@jest/globals';
import type { Breaker, BreakerSettings } from '../../../../core/flow/breaker.ts';
import { ended, probeEnded, refused } from '../../../../core/flow/group.ts';
import type { GroupState, Hold } from '../../../../core/flow/hold.ts';
import { PRESET } from './breaker-settings.ts';

const NOW_MS = 1_800_000_000_000;
const settings: BreakerSettings = { ...PRESET, probes: 2 };
const never = () => 0;
const held = (untilMs: number): Hold => ({
  sinceMs: NOW_MS - 5_000,
  untilMs,
  cause: 'throttled',
  guesses: 1,
});
const closed: Breaker = { state: 'closed', sinceMs: 0, opened: 0 };
const halfOpen: Breaker = {
  state: 'halfOpen',
  sinceMs: NOW_MS - 1_000,
  opened: 1,
  probes: [{ id: 'a', untilMs: NOW_MS + 9_000 }],
  succeeded: 0,
};

const allFailed = ended({ tasks: 20, failed: 20 }, settings, NOW_MS, never);
const refusal = { startedAtMs: NOW_MS - 100, nowMs: NOW_MS, random: never };

describe('a refused task', () => {
  it('holds its group, and leaves the breaker as it is', () => {
    expect(refused({ ...refusal, retryAfterMs: 3_000 })({ breaker: closed })).toEqual({
      breaker: closed,
      hold: { sinceMs: NOW_MS, untilMs: NOW_MS + 3_000, cause: 'throttled', guesses: 0 },
    });
  });

  it('changes nothing where the group waits as long already', () => {
    expect(refused({ ...refusal, retryAfterMs: 3_000 })({ hold: held(NOW_MS + 3_000) })).toBeUndefined();
  });
});

describe('a breaker that opens', () => {
  const untilMs = NOW_MS + 30_000;
  const hold: Hold = { sinceMs: NOW_MS, untilMs, cause: 'breaker', guesses: 0 };

  it.each<[string, GroupState]>([
    ['that did not wait', {}],
    ['that has waited before', { hold: held(NOW_MS - 1) }],
    ['that waits for less long', { hold: held(untilMs - 1) }],
  ])('holds a group %s', (_, before) => {
    expect(allFailed({ ...before, breaker: closed })).toEqual({
      breaker: expect.objectContaining({ state: 'open', untilMs }),
      hold,
    });
  });

  it.each([untilMs, untilMs + 1])('leaves a hold that lasts as long or longer as it is', (heldUntilMs) => {
    expect(allFailed({ hold: held(heldUntilMs) })).toEqual({
      breaker: expect.objectContaining({ state: 'open', untilMs }),
      hold: held(heldUntilMs),
    });
  });

  it('does so when a probe fails, too', () => {
    const next = probeEnded('a', 'failed', settings, NOW_MS, never)({ breaker: halfOpen });
    expect(next).toEqual({
      breaker: expect.objectContaining({ state: 'open', untilMs: NOW_MS + 60_000 }),
      hold: { ...hold, untilMs: NOW_MS + 60_000 },
    });
  });
});

describe('a breaker that does not open', () => {
  it('leaves the hold as it is', () => {
    const before = { breaker: halfOpen, hold: held(NOW_MS - 1) };
    expect(probeEnded('a', 'succeeded', settings, NOW_MS, never)(before)).toEqual({
      breaker: { ...halfOpen, probes: [], succeeded: 1 },
      hold: before.hold,
    });
  });

  it('is nothing to write where nothing has changed', () => {
    expect(ended({ tasks: 20, failed: 1 }, settings, NOW_MS, never)({ breaker: closed })).toBeUndefined();
    expect(probeEnded('b', 'failed', settings, NOW_MS, never)({ breaker: halfOpen })).toBeUndefined();
  });
});
