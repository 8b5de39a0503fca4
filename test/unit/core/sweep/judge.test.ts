import { describe, expect, it } from '@jest/globals';
import type { StatusRecord } from '../../../../core/status-record.ts';
import { type Judged, judge, type Looked } from '../../../../core/sweep/judge.ts';
import type { Past } from '../../../../core/sweep/past.ts';
import { settledStatus, target } from '../lifecycle/records.ts';

const NOW = Date.UTC(2026, 10, 21);
const ago = (seconds: number) => NOW - seconds * 1000;
const LATE_SECONDS = 3_600;

interface Case {
  readonly status?: Partial<StatusRecord>;
  readonly waiting?: number;
  readonly running?: number;
  readonly letters?: number;
  readonly before?: Past;
  readonly past?: Omit<Past, 'atMs'>;
  readonly group?: Looked['group'];
}

function judged({ status = {}, waiting = 0, running = 0, letters = 0, before, past, group }: Case): Judged {
  const counts = { visible: waiting, inFlight: running, delayed: 0 };
  const looked = { pipelineId: 'a', status: settledStatus(status), group, queues: { counts, letters } };
  return judge(looked, before, past && { atMs: NOW, ...past }, undefined, LATE_SECONDS, NOW);
}

const error = { code: 'X', message: 'no', at: '' };

describe('a pipeline needs attention', () => {
  it.each<[string, Case, string, string]>([
    [
      'whose last change failed, whatever else is wrong',
      { status: { phase: 'Failed', error }, waiting: 5, letters: 3 },
      'failed',
      'the last change failed (X): no (the pipeline goes on as it was)',
    ],
    [
      'where tasks wait for five minutes and none runs',
      { waiting: 5, past: { busySinceMs: ago(400), standsSinceMs: ago(300) } },
      'stuck',
      'nothing consumes: 5 tasks waiting for 5 min and none runs',
    ],
    [
      'whose oldest message is too old, and says why it waits',
      { waiting: 90, running: 2, past: { busySinceMs: ago(9_000), aged: { seconds: 3_700, atMs: ago(60) } } },
      'late',
      'working at its concurrency limit, 2: 2 received, 90 waiting, done in about 46 s if a task takes 1 s',
    ],
    [
      'that has been held for too long',
      {
        waiting: 90,
        past: { busySinceMs: ago(9_000), standsSinceMs: ago(9_000), aged: { seconds: 3_700, atMs: ago(60) } },
        group: { hold: { sinceMs: ago(9_000), untilMs: ago(-60), cause: 'throttled', guesses: 0 } },
      },
      'late',
      'held by a 429 or 503 until 00:01:00Z (in 1 min)',
    ],
    [
      'that has dead letters',
      { letters: 3, past: { letters: 3 } },
      'deadLetters',
      'dead-lettering: 0 a minute, 3 in all',
    ],
    [
      'that gets more of them',
      { letters: 30, before: { atMs: ago(60), letters: 3 }, past: { letters: 30 } },
      'deadLetters',
      'dead-lettering: 27 a minute, 30 in all',
    ],
    [
      'whose record is rejected',
      { status: { phase: 'Rejected', error }, waiting: 5, running: 1 },
      'rejected',
      'its record is rejected: no (the pipeline goes on as it was)',
    ],
  ])('%s', (_, given, need, says) => {
    expect(judged(given).offender).toMatchObject({ pipelineId: 'a', need, says });
  });

  it.each<[string, Case]>([
    ['that is idle', {}],
    ['that works off what it has', { waiting: 500, running: 2, past: { busySinceMs: ago(3_000) } }],
    [
      'where a look falls between two tasks',
      { waiting: 5, past: { busySinceMs: ago(9_000), standsSinceMs: ago(299) } },
    ],
    [
      'that was never seen idle, but whose messages are young',
      { waiting: 5, running: 2, past: { busySinceMs: ago(90_000), aged: { seconds: 20, atMs: ago(60) } } },
    ],
    [
      'that is paused by its record, however old its messages are',
      {
        status: { applied: target({ paused: true }) },
        waiting: 5,
        past: { busySinceMs: ago(90_000), standsSinceMs: ago(90_000), aged: { seconds: 90_000, atMs: NOW } },
      },
    ],
    [
      'that rests until a task comes',
      { status: { resting: true }, waiting: 1, past: { busySinceMs: ago(400), standsSinceMs: ago(400) } },
    ],
  ])('not one %s', (_, given) => {
    expect(judged(given).offender).toBeUndefined();
  });

  it('with the numbers that show it', () => {
    const { offender } = judged({
      waiting: 90,
      running: 2,
      letters: 1,
      past: { busySinceMs: ago(9_000), aged: { seconds: 3_700, atMs: ago(60) } },
    });
    expect(offender?.evidence).toEqual({
      phase: 'Active',
      waiting: 90,
      running: 2,
      delayed: 0,
      deadLetters: 1,
      oldestSeconds: 3_700,
    });
    expect(offender?.remedy).toMatchObject({ field: 'concurrency' });
  });

  it('in no more than 300 characters, whatever AWS has said', () => {
    const long = { ...error, message: 'x'.repeat(5_000) };
    expect(judged({ status: { phase: 'Failed', error: long } }).offender?.says).toHaveLength(300);
  });
});

describe('what the sweep counts of a pipeline', () => {
  it('is as many running tasks as it may have at most, for SQS counts those that a limit hides, too', () => {
    expect(judged({ running: 40 }).running).toBe(2);
  });

  it('is an oldest message no older than the pipeline has been busy', () => {
    const past = { busySinceMs: ago(100), aged: { seconds: 900, atMs: ago(60) } };
    expect(judged({ waiting: 1, running: 1, past }).oldestSeconds).toBe(100);
  });

  it('is how long none has run where nobody knows an age', () => {
    expect(
      judged({ waiting: 1, past: { busySinceMs: ago(100), standsSinceMs: ago(40) } }).oldestSeconds,
    ).toBe(40);
  });
});
