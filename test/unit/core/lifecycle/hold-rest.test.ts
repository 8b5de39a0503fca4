import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { GroupState, Hold } from '../../../../core/flow/hold.ts';
import { heldFor, isSameHeld, wakeAtMs } from '../../../../core/lifecycle/hold-rest.ts';
import { limitsOf } from '../../../../core/lifecycle/target.ts';
import { AWS_TIMINGS } from '../../../../core/stage-settings.ts';
import { NOW_MS, wantedOf } from './records.ts';

const { restHoldSeconds, wakeLeadSeconds } = AWS_TIMINGS;

function hold(leftSeconds: number, cause: Hold['cause'] = 'throttled'): Hold {
  return { sinceMs: NOW_MS, untilMs: NOW_MS + leftSeconds * 1000, cause, guesses: 0 };
}

function open(leftSeconds: number): GroupState {
  const { sinceMs, untilMs } = hold(leftSeconds);
  return { breaker: { state: 'open', sinceMs, untilMs, opened: 1 } };
}

const closed: GroupState = { breaker: { state: 'closed', sinceMs: NOW_MS, opened: 1 } };

/** What the runtime of a record with these fields is told. */
const told = (fields: Record<string, unknown>, lease?: true) =>
  limitsOf({ wanted: wantedOf(fields), ...(lease && { lease }) });
const BREAKER = told({ breaker: {} });

/** Why it rests, and for how many seconds; nothing where it does not. */
function held(state: GroupState | undefined, rests = false, limits = BREAKER) {
  const found = heldFor(state, limits, rests, AWS_TIMINGS, NOW_MS);
  return found && [found.cause, found.untilMs === undefined ? 'for good' : (found.untilMs - NOW_MS) / 1000];
}

describe('a consumer whose group is held', () => {
  it.each<[string, GroupState | undefined, boolean, unknown]>([
    ['of which nothing is said runs', undefined, false, undefined],
    ['and that is not held any more runs', { hold: hold(-1) }, true, undefined],
    ['for a short while runs: its runtime waits', { hold: hold(120) }, false, undefined],
    ['for a long while rests', { hold: hold(120.001) }, false, ['throttled', 120.001]],
    ['for a short while yet goes on resting', { hold: hold(120) }, true, ['throttled', 120]],
    ['until it is time to wake it', { hold: hold(45.001) }, true, ['throttled', 45.001]],
    ['and then wakes, a little early', { hold: hold(45) }, true, undefined],
    ['by its breaker rests', { hold: hold(300, 'breaker') }, false, ['breaker', 300]],
    ['by an open breaker alone rests', open(300), false, ['breaker', 300]],
    ['by two rests for the longer one', { ...open(300), hold: hold(400) }, false, ['throttled', 400]],
    ['by two rests for the longer', { ...open(400), hold: hold(300) }, false, ['breaker', 400]],
    ['once, with a breaker that has closed since, runs', closed, true, undefined],
  ])('%s', (_what, state, rests, why) => {
    expect(held(state, rests)).toEqual(why);
  });

  it('rests for as long as its record forces its breaker open, whatever holds it besides', () => {
    for (const state of [undefined, { hold: hold(300) }, closed]) {
      expect(held(state, false, told({ breaker: { force: 'open' } }))).toEqual(['forced', 'for good']);
    }
  });

  it.each([
    ['forces its breaker closed', { breaker: { force: 'closed' } }],
    ['has no breaker any more', {}],
  ])('runs where its record %s, unless the other side holds it', (_what, fields) => {
    expect(held({ ...open(300), hold: hold(300, 'breaker') }, true, told(fields))).toBeUndefined();
    expect(held({ ...open(900), hold: hold(300) }, false, told(fields))).toEqual(['throttled', 300]);
  });

  it.each([
    ['has a breaker', BREAKER, undefined],
    ['paces its starts by a ledger', told({ rateLimit: { tasks: 7, perSeconds: 1 } }), undefined],
    ['has a lease', told({ concurrency: 1 }, true), undefined],
    ['asks for nothing', told({}), ['throttled', 1]],
    [
      'keeps its slots',
      told({ concurrency: 3, rateLimit: { tasks: 120, perSeconds: 60 } }),
      ['throttled', 1],
    ],
    ['does each key once', told({ idempotency: { key: '$', seconds: 3600 } }), ['throttled', 1]],
  ])(
    'that %s is woken before the end only if its new environments ask whether it is held',
    (_what, limits, why) => {
      expect(held({ hold: hold(1) }, true, limits)).toEqual(why);
      expect(held({ hold: hold(0) }, true, limits)).toBeUndefined();
    },
  );

  it('goes to rest and wakes once in each hold, whenever somebody looks', () => {
    const looks = fc.array(fc.integer({ min: 0, max: 500_000 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), looks, (seconds, times) => {
        const state: GroupState = { hold: hold(seconds) };
        let rests = false;
        let turns = 0;
        for (const afterMs of times.sort((a, b) => a - b)) {
          const now: boolean = heldFor(state, BREAKER, rests, AWS_TIMINGS, NOW_MS + afterMs) !== undefined;
          turns += now === rests ? 0 : 1;
          rests = now;
        }
        expect(turns).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('has time to rest before it is woken', () => {
    expect(restHoldSeconds - wakeLeadSeconds).toBeGreaterThanOrEqual(60);
    expect(wakeAtMs(NOW_MS, AWS_TIMINGS)).toBe(NOW_MS - 45_000);
  });
});

it('tells one hold from another by its cause and its end', () => {
  const one = { cause: 'throttled', untilMs: 1 } as const;
  expect(isSameHeld(one, { ...one })).toBe(true);
  expect(isSameHeld(undefined, undefined)).toBe(true);
  for (const other of [undefined, { ...one, untilMs: 2 }, { ...one, cause: 'breaker' as const }])
    expect(isSameHeld(one, other)).toBe(false);
});
