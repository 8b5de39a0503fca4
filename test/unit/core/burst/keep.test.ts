import { describe, expect, it } from '@jest/globals';
import { NOTHING_COUNTED } from '../../../../core/burst/counts.ts';
import { careOf, givenUp, isSumDue, nextCheckMs, verdictOn } from '../../../../core/burst/keep.ts';
import { shardCount } from '../../../../core/burst/place.ts';
import { type BurstRecord, NOTHING_SENT } from '../../../../core/burst/record.ts';
import { totalsOf } from '../../../../core/burst/totals.ts';
import { BEGIN_MS, burst, segment } from './bursts.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const object = { kind: 'object', bucket: 'x', key: 'y', etag: 'z', isOwn: false } as const;

function care(change: Partial<BurstRecord>, atSeconds: number, done = 50) {
  const record = burst({ state: 'Sending', ...change });
  const totals = totalsOf(record, NOTHING_SENT, { ...NOTHING_COUNTED, done });
  return careOf(record, totals, BEGIN_MS + atSeconds * 1000).kind;
}

const drivenAt = (seconds: number) => ({
  driver: { owner: 'x', executions: 1, dueAtMs: BEGIN_MS + seconds * 1000 },
});

describe('what is to be done about a burst', () => {
  it.each(['Sending', 'Paused', 'Sent'] as const)('%s: it ends once all of its tasks are over', (state) => {
    expect(care({ state }, 10, 100)).toBe('end');
  });

  it('nothing while it is being sent', () => {
    expect(care({}, 1_200)).toBe('wait');
    expect(care(drivenAt(HOUR), HOUR + 1_200)).toBe('wait');
  });

  it('it is driven on once nobody has sent it for twenty minutes', () => {
    expect(care({}, 1_201)).toBe('drive');
    expect(care(drivenAt(HOUR), HOUR + 1_201)).toBe('drive');
    expect(care({ source: object }, 1_201)).toBe('drive');
  });

  it('nothing while a call that sends it may still be at it', () => {
    const sending = { by: 'trigger', untilMs: BEGIN_MS + 900_000 };
    expect(care({ sending }, 2_100)).toBe('wait');
    expect(care({ sending }, 2_101)).toBe('drive');
  });

  it('where only the caller has its tasks, the caller has a day to call again', () => {
    expect(care({ source: { kind: 'inline' } }, DAY)).toBe('wait');
    expect(care({ source: { kind: 'inline' } }, DAY + 1)).toBe('giveUp');
    expect(care({ source: { kind: 'inline' }, isCancelled: true, ...drivenAt(0) }, 1_201)).toBe('drive');
  });

  it('it is given up where it could not be sent for a day beyond its plan', () => {
    expect(care(drivenAt(DAY), DAY + 1_300)).toBe('giveUp');
    expect(care({ source: object, ...drivenAt(DAY) }, DAY + 90)).toBe('wait');
  });

  it('what is paused waits for four weeks', () => {
    expect(care({ state: 'Paused' }, 28 * DAY)).toBe('wait');
    expect(care({ state: 'Paused' }, 28 * DAY + 1)).toBe('giveUp');
  });

  it('what is paused waits from then on, whatever else is written of it meanwhile', () => {
    const paused = {
      state: 'Paused',
      pausedAtMs: BEGIN_MS,
      updatedAtMs: BEGIN_MS + 20 * DAY * 1000,
    } as const;
    expect(care(paused, 28 * DAY)).toBe('wait');
    expect(care(paused, 28 * DAY + 1)).toBe('giveUp');
  });

  it('its tasks are sought once the last of them has been due for a minute', () => {
    expect(care({ state: 'Sent' }, 159)).toBe('wait');
    expect(care({ state: 'Sent' }, 160)).toBe('seek');
  });
});

describe('a burst that is given up', () => {
  it('has the tasks that were sent, where that is known', () => {
    const mark = { ...NOTHING_SENT, fromIndex: 40 };
    expect(givenUp(burst(drivenAt(0)), mark, BEGIN_MS + 5)).toEqual({
      ...burst(),
      state: 'Sent',
      isCancelled: true,
      total: 40,
      updatedAtMs: BEGIN_MS + 5,
    });
    expect(givenUp(burst(), { ...mark, calls: [3] }, BEGIN_MS).total).toBe(100);
  });

  it('counts all of its tasks where it has begun and nobody knows how far it came', () => {
    expect(givenUp(burst({ hasBegun: true }), NOTHING_SENT, BEGIN_MS).total).toBe(100);
    expect(givenUp(burst(), NOTHING_SENT, BEGIN_MS).total).toBe(0);
  });
});

describe('the verdict on a burst whose tasks are all due', () => {
  const verdict = (waiting: number | undefined, atSeconds: number, quietSinceSeconds?: number) =>
    verdictOn(
      burst(quietSinceSeconds === undefined ? {} : { quietSinceMs: BEGIN_MS + quietSinceSeconds * 1000 }),
      { waiting, retentionSeconds: DAY },
      120,
      BEGIN_MS + atSeconds * 1000,
    );

  it('waits while its pipeline has work, and looks for dead letters when it is late', () => {
    expect(verdict(1, 200)).toEqual({ kind: 'wait', seeksLetters: false });
    expect(verdict(1, 120 + 601)).toEqual({ kind: 'wait', seeksLetters: true });
  });

  it('takes a queue for empty that was seen so for long enough', () => {
    expect(verdict(0, 200)).toEqual({ kind: 'quiet' });
    expect(verdict(0, 319, 200)).toEqual({ kind: 'quiet' });
    expect(verdict(0, 320, 200)).toEqual({ kind: 'left' });
  });

  it('ends where there is no queue, or none can have kept its tasks so long', () => {
    expect(verdict(undefined, 200)).toEqual({ kind: 'left' });
    expect(verdict(5, 99 + 2 * DAY)).toEqual({ kind: 'wait', seeksLetters: true });
    expect(verdict(5, 100 + 2 * DAY)).toEqual({ kind: 'left' });
  });
});

it.each([
  ['soon before its end', 90, 60],
  ['long before it', 100 - 4_000, 200],
  ['very long before it', 100 - DAY, 300],
  ['a little late', 400, 60],
  ['late', 100 + 10_000, 1_000],
  ['very late', 100 + DAY, HOUR],
])(
  'a burst is looked at again after a while that goes with how much is ahead: %s',
  (_what, atSeconds, after) => {
    const nowMs = BEGIN_MS + atSeconds * 1000;
    expect((nextCheckMs(burst(), nowMs) - nowMs) / 1000).toBeCloseTo(after, 0);
  },
);

describe('the sums of a burst before its end', () => {
  /** Of a million tasks that were all sent at once: reads of shards, until this moment. */
  const readsUntil = (untilMs: number, finishSeconds: number) => {
    const total = 1_000_000;
    const atOnce = segment({ kind: 'atOnce', firstMs: 0 }, total, { finishSeconds });
    let record = burst({ total, segments: [atOnce] });
    let reads = 0;
    for (let nowMs = BEGIN_MS + 60_000; nowMs < untilMs; nowMs = nextCheckMs(record, nowMs)) {
      if (!isSumDue(record, false, nowMs)) continue;
      reads += shardCount(total);
      record = { ...record, totals: TOTALS_OF_MILLION, summedAtMs: nowMs };
    }
    return reads;
  };
  const TOTALS_OF_MILLION = totalsOf(
    burst({ total: 1_000_000 }),
    { accepted: 1_000_000, refused: 0 },
    NOTHING_COUNTED,
  );
  /** https://aws.amazon.com/dynamodb/pricing/on-demand/: a read unit each, strongly consistent, us-east-1. */
  const USD_A_READ = 0.125e-6;

  it('cost no more than nine cents per million tasks over a day, nor thirty over nine days of delay', () => {
    const day = 86_400;
    expect(readsUntil(BEGIN_MS + day * 1000, day) * USD_A_READ).toBeLessThan(0.09);
    expect(readsUntil(BEGIN_MS + 3_600_000, 3_600) * USD_A_READ).toBeLessThan(0.09);
    expect(readsUntil(BEGIN_MS + 10 * day * 1000, day) * USD_A_READ).toBeLessThan(0.3);
  });

  it('are made where all is over, or another number of tasks is to be summed up', () => {
    const summed = { totals: TOTALS_OF_MILLION, summedAtMs: BEGIN_MS };
    const record = burst({ total: 1_000_000, ...summed });
    expect(isSumDue(record, false, BEGIN_MS + 1_000)).toBe(false);
    expect(isSumDue(record, true, BEGIN_MS + 1_000)).toBe(true);
    expect(isSumDue({ ...record, total: 5 }, false, BEGIN_MS + 1_000)).toBe(true);
  });
});
