import { describe, expect, it } from '@jest/globals';
import { progressOf } from '../../../../core/burst/progress.ts';
import { NOTHING_SENT } from '../../../../core/burst/record.ts';
import { createTally } from '../../../../core/burst/tally.ts';
import { BEGIN_MS, burst, shard } from './bursts.ts';

/** After so many seconds of a burst whose tasks take two seconds, one after the other each second. */
function tallyAfter(seconds: number) {
  const tally = createTally(100, BEGIN_MS);
  for (let at = 0; at < 4; at += 1) {
    const ended = Array.from({ length: 32 }, (_, number) => number).filter(
      (number) => at * 32 + number + 2 <= seconds,
    );
    const ran = ended.map((number) => {
      const startedAtMs = BEGIN_MS + (at * 32 + number) * 1000;
      return [number, { startedAtMs, endedAtMs: startedAtMs + 2_000 }] as const;
    });
    tally.see(at, shard({ done: ended }, { ran }), BEGIN_MS + seconds * 1000);
  }
  return tally;
}

describe('the progress of a burst', () => {
  it('says what a watcher wants to know', () => {
    const nowMs = BEGIN_MS + 80_000;
    expect(progressOf(burst(), NOTHING_SENT, tallyAfter(80), true, nowMs)).toMatchObject({
      burstId: 'b',
      state: 'Sent',
      atMs: nowMs,
      startMs: BEGIN_MS,
      totals: { total: 100, sent: 100, done: 79, running: 0, unaccounted: 0 },
      perSecond: expect.closeTo(1, 1),
      taskSeconds: 2,
      predicted: { finishMs: BEGIN_MS + 100_000, peakConcurrency: 3 },
      eta: { kind: 'expected', basis: 'plan' },
      peakConcurrency: 2,
    });
  });

  it('takes the rate of a young burst over the time since its first task began', () => {
    const { perSecond } = progressOf(burst(), NOTHING_SENT, tallyAfter(10), true, BEGIN_MS + 10_000);
    expect(perSecond).toBeCloseTo(0.9);
  });

  it('has neither rate nor time of tasks before the first is over', () => {
    const { perSecond, taskSeconds, eta } = progressOf(
      burst({ state: 'Sending' }),
      NOTHING_SENT,
      tallyAfter(0),
      true,
      BEGIN_MS,
    );
    expect({ perSecond, taskSeconds, eta }).toEqual({
      perSecond: 0,
      taskSeconds: undefined,
      eta: { kind: 'expected', atMs: BEGIN_MS + 100_000, basis: 'plan' },
    });
  });

  it('says of a burst that has ended what its record does', () => {
    const totals = {
      total: 100,
      sent: 100,
      refused: 0,
      started: 100,
      running: 0,
      done: 99,
      failed: 0,
      deadLettered: 1,
      unaccounted: 0,
    };
    const ended = burst({ state: 'Ended', totals, peakConcurrency: 9, endedAtMs: BEGIN_MS + 90_000 });
    expect(progressOf(ended, NOTHING_SENT, tallyAfter(0), true, BEGIN_MS + 1e6)).toMatchObject({
      totals,
      perSecond: 0,
      peakConcurrency: 9,
      eta: { kind: 'over', atMs: BEGIN_MS + 90_000 },
    });
  });
});
