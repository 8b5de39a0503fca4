import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  afterSending,
  allowanceOf,
  paceOf,
  restMs,
  taskSecondsOf,
  waitingOf,
} from '../../../../core/redrive/pace.ts';
import { type HealthSample, NO_CALLS } from '../../../../core/release/health.ts';

const group = (
  concurrency: number,
  rateLimits: { tasks: number; perSeconds: number }[] = [],
  batchSize = 1,
) => ({
  concurrency,
  rateLimits,
  batchSize,
});
const counts = (visible: number, inFlight = 0, delayed = 0) => ({ visible, inFlight, delayed });

describe('the pace of a redrive', () => {
  it.each([
    ['of its concurrency', group(4), 1, 2],
    ['of its concurrency, by what tasks take', group(4), 20, 0.1],
    ['of its rate limit, where that is stricter', group(100, [{ tasks: 6, perSeconds: 60 }]), 1, 0.05],
    ['of its concurrency, where that is stricter', group(1, [{ tasks: 10, perSeconds: 1 }]), 2, 0.25],
    [
      'of the strictest of several rate limits',
      group(100, [
        { tasks: 10, perSeconds: 1 },
        { tasks: 60, perSeconds: 60 },
      ]),
      1,
      0.5,
    ],
  ])('is half of what the group can work: %s', (_what, wanted, taskSeconds, perSecond) => {
    expect(paceOf(wanted, taskSeconds).perSecond).toBeCloseTo(perSecond, 10);
  });

  it.each([
    ['three for each slot', group(4), 10, 12],
    ['three for each slot that a rate limit keeps busy', group(100, [{ tasks: 1, perSeconds: 60 }]), 1, 3],
    ['a second’s worth, where tasks are short', group(2), 0.01, 100],
  ])('lets few tasks wait: %s', (_what, wanted, taskSeconds, most) => {
    expect(paceOf(wanted, taskSeconds).waitingMost).toBe(most);
  });

  it('takes for waiting what could run and does not, and not what is to come later', () => {
    const pace = paceOf(group(2, [], 10), 1);
    expect(waitingOf(counts(7), pace)).toBe(7);
    expect(waitingOf(counts(7, 20, 1_000), pace)).toBe(7);
    expect(waitingOf(counts(7, 25), pace)).toBe(12);
  });

  it('allows what is due, and no more than there is room for', () => {
    const pace = paceOf(group(2), 1); // one a second, six waiting
    expect(allowanceOf(pace, counts(0), 0, 1_000_000)).toEqual({ kind: 'send', most: 6 });
    expect(allowanceOf(pace, counts(4), 0, 1_000_000)).toEqual({ kind: 'send', most: 2 });
    expect(allowanceOf(pace, counts(0), 1_000_000, 1_000_000)).toEqual({ kind: 'send', most: 1 });
    expect(allowanceOf(pace, counts(0), 998_000, 1_000_500)).toEqual({ kind: 'send', most: 3 });
    expect(allowanceOf(pace, counts(0), 1_000_700, 1_000_000)).toEqual({
      kind: 'wait',
      waitsFor: 'pace',
      afterMs: 700,
    });
    expect(allowanceOf(pace, counts(6), 0, 1_000_000)).toMatchObject({ kind: 'wait', waitsFor: 'liveWork' });
    // Until so much is worked off that half of the room is there.
    expect(allowanceOf(pace, counts(103), 0, 1_000_000)).toMatchObject({ afterMs: 50_000 });
  });

  it('never exceeds its rate by more than may wait at once, however it is called', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0.05, max: 30, noNaN: true }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 20 })), {
          minLength: 1,
          maxLength: 60,
        }),
        (concurrency, taskSeconds, calls) => {
          const pace = paceOf(group(concurrency), taskSeconds);
          let [nowMs, nextSendMs] = [1_000_000_000, 0];
          const sent: { atMs: number; count: number }[] = [];
          for (const [passMs, waiting] of calls) {
            nowMs += passMs;
            const allowed = allowanceOf(pace, counts(waiting), nextSendMs, nowMs);
            if (allowed.kind === 'wait') continue;
            expect(waiting + allowed.most).toBeLessThanOrEqual(pace.waitingMost);
            nextSendMs = afterSending(pace, nextSendMs, allowed.most, nowMs);
            sent.push({ atMs: nowMs, count: allowed.most });
          }
          for (const [from, { atMs: fromMs }] of sent.entries()) {
            let total = 0;
            for (const { atMs, count } of sent.slice(from)) {
              total += count;
              const most = ((atMs - fromMs) / 1000) * pace.perSecond + pace.waitingMost + 1;
              expect(total).toBeLessThanOrEqual(most + 1e-6);
            }
          }
        },
      ),
    );
  });

  it('rests until it is worth looking again', () => {
    const nowMs = 1_000_000;
    // Three at a time.
    expect(restMs(paceOf(group(2), 1), nowMs, nowMs)).toBe(3_000);
    // One by one, where they are far apart.
    expect(restMs(paceOf(group(2, [{ tasks: 1, perSeconds: 60 }]), 1), nowMs + 120_000, nowMs)).toBe(120_000);
  });
});

describe('what a task takes', () => {
  const sample = (fields: Partial<HealthSample>): HealthSample => ({
    atMs: 0,
    spanMs: 60_000,
    ...NO_CALLS,
    ...fields,
  });

  it.each([
    ['a second, as long as nobody knows', [], 1],
    ['a second, where nothing has run', [sample({})], 1],
    [
      'the mean of all calls',
      [sample({ calls: 3, done: 3, durationMs: 9_000 }), sample({ calls: 1, durationMs: 3_000 })],
      3,
    ],
    [
      'less than a call, where a call runs several',
      [sample({ calls: 2, done: 20, durationMs: 10_000 })],
      0.5,
    ],
    ['no less than a hundredth of a second', [sample({ calls: 1000, done: 1000, durationMs: 1000 })], 0.01],
  ])('is %s', (_what, samples, seconds) => {
    expect(taskSecondsOf(samples)).toBe(seconds);
  });
});
