import { describe, expect, it } from '@jest/globals';
import type { Breaker } from '../../../../core/flow/breaker.ts';
import type { StatusRecord } from '../../../../core/status-record.ts';
import { VERDICT_KINDS } from '../../../../core/verdict/kinds.ts';
import { type Facts, whyWaiting } from '../../../../core/verdict/why.ts';
import { wordsOf } from '../../../../core/verdict/words.ts';
import { target } from '../lifecycle/records.ts';

const NOW = Date.parse('2026-11-21T15:00:00Z');
const counts = (visible: number, inFlight = 0, delayed = 0) => ({ visible, inFlight, delayed });
const breaker = { failureShare: 0.5, windowSeconds: 60, minTasks: 10, openSeconds: 30, probes: 3 };
const later = (seconds: number) => NOW + seconds * 1000;

const status = (change: Partial<StatusRecord> = {}, wish: Record<string, unknown> = {}): StatusRecord => ({
  pipelineId: 'a',
  revision: 3,
  phase: 'Active',
  updatedAt: '2026-11-21T14:00:00Z',
  fence: 2,
  built: true,
  dirty: false,
  applied: target(wish),
  ...change,
});
const open: Breaker = { state: 'open', sinceMs: later(-60), untilMs: later(90), opened: 1 };
const account = { concurrency: 1_000, unreservedConcurrency: 900, codeBytesUsed: 0, codeBytesAllowed: 1 };

describe('why a group waits', () => {
  const { applied: _none, ...unbuilt } = status({ phase: 'Creating', built: false });
  const examples: [string, Omit<Facts, 'nowMs'>, string][] = [
    ['nobody has asked for it', {}, 'no such pipeline'],
    [
      'it is gone',
      { status: status({ phase: 'Deleted', salvage: { uri: 's3://x', count: 3 } }) },
      'deleted, 3 tasks salvaged',
    ],
    [
      'it is taken down',
      {
        status: status({ phase: 'Draining', closing: { sinceMs: later(-100), processingOver: false } }),
        counts: counts(5, 2),
      },
      'draining, 7 tasks left; what is left at 15:13:20Z (in 13 min 20 s) is salvaged',
    ],
    [
      'its record is bad, and there was none before',
      {
        status: {
          ...unbuilt,
          phase: 'Rejected',
          error: {
            code: 'InvalidRecord',
            message: 'concurrency must be 1 or more, got 0',
            path: 'concurrency',
            at: '',
          },
        },
      },
      'its record is rejected: concurrency must be 1 or more, got 0',
    ],
    [
      'its record has turned bad',
      { status: status({ phase: 'Rejected', error: { code: 'InvalidRecord', message: 'no', at: '' } }) },
      'its record is rejected: no (the pipeline goes on as it was)',
    ],
    [
      'a step failed',
      {
        status: status({
          phase: 'Failed',
          error: { code: 'AccessDenied', message: 'may not create', step: 'EnsureQueues', at: '' },
          failures: { count: 2, retryAtMs: later(60) },
        }),
      },
      'the last change failed in step EnsureQueues: may not create (the pipeline goes on as it was); tried again at 15:01:00Z (in 1 min)',
    ],
    ['it is being made', { status: unbuilt }, 'being made'],
    [
      'it is paused',
      { status: status({}, { paused: true }), counts: counts(12) },
      'paused by its record, 12 tasks waiting',
    ],
    [
      'its breaker is forced open',
      { status: status({}, { breaker: { ...breaker, force: 'open' } }), counts: counts(1) },
      'its breaker is forced open by its record, 1 task waiting',
    ],
    [
      'its breaker is open',
      { status: status({}, { breaker }), group: { breaker: open } },
      'its breaker is open since 14:59:00Z, next probe at 15:01:30Z (in 1 min 30 s)',
    ],
    [
      'its breaker tries',
      {
        status: status({}, { breaker }),
        group: {
          breaker: {
            state: 'halfOpen',
            sinceMs: later(-5),
            opened: 1,
            succeeded: 0,
            probes: [{ id: 'p', untilMs: later(9) }],
          },
        },
      },
      'its breaker tries since 14:59:55Z whether the trouble is over, 1 probes running',
    ],
    [
      'it was told to wait',
      {
        status: status(),
        group: { hold: { sinceMs: NOW, untilMs: later(3_700), cause: 'throttled', guesses: 0 } },
      },
      'held until 16:01:40Z (in 1 h 1 min) by a refusal (429 or 503)',
    ],
    [
      'it guesses how long to wait',
      {
        status: status(),
        group: { hold: { sinceMs: NOW, untilMs: later(4), cause: 'throttled', guesses: 2 } },
      },
      'held until 15:00:04Z (in 4 s) by a refusal (429 or 503), how long is a guess',
    ],
    [
      'somebody has switched its mapping off',
      { status: status(), mapping: 'off', counts: counts(40) },
      'its event source mapping is off and should be on, 40 tasks waiting',
    ],
    [
      'the account is full',
      {
        status: status(),
        counts: counts(9, 1),
        account: { ...account, committedConcurrency: 1_250 },
        accountRunning: 1_000,
      },
      'the account runs as much as it may: 1,000 at once, which its pipelines together may exceed by 250',
    ],
    [
      'its tasks die',
      { status: status(), counts: counts(9, 1), deadLetters: { letters: 1_200, perMinute: 12.5 } },
      '12.5 dead letters a minute, 1,200 in all',
    ],
    [
      'nobody takes its tasks',
      { status: status(), mapping: 'on', counts: counts(9), oldestSeconds: 600 },
      '9 tasks waiting for 10 min and none runs',
    ],
    [
      'its rate limit binds',
      {
        status: status({}, { concurrency: 5, rateLimit: { tasks: 120, perSeconds: 60 } }),
        counts: counts(100, 20),
        taskSeconds: 1,
      },
      'working at its rate limit, 2/s: 20 received, 100 waiting, done in about 1 min',
    ],
    [
      'its concurrency binds',
      { status: status({}, { concurrency: 5 }), counts: counts(1_000, 5), taskSeconds: 3 },
      'working at its concurrency limit, 5: 5 received, 1,000 waiting, done in about 10 min 3 s',
    ],
    [
      'it does not, it works',
      { status: status({}, { concurrency: 5 }), counts: counts(0, 3), taskSeconds: 3 },
      'working: 3 received, 0 waiting, done in about 2 s',
    ],
    [
      'a burst comes bit by bit',
      { status: status(), counts: counts(0, 0, 30), unsent: { tasks: 1_000, lastDueMs: later(7_200) } },
      'nothing waits; 1,030 tasks of bursts come later, the last at 17:00:00Z (in 2 h)',
    ],
    ['there is nothing to do', { status: status(), counts: counts(0), mapping: 'on' }, 'idle'],
    [
      'there is nothing to do, and it rests',
      { status: status({ resting: true }), counts: counts(0), mapping: 'off' },
      'idle, its consumer rests',
    ],
  ];
  it.each(examples)('%s', (_, facts, says) => {
    expect(wordsOf(whyWaiting({ nowMs: NOW, ...facts }), NOW).says).toBe(says);
  });

  it('has an example of every verdict', () => {
    const kinds = examples.map(([, facts]) => whyWaiting({ nowMs: NOW, ...facts }).kind);
    expect(new Set(kinds)).toEqual(new Set(VERDICT_KINDS));
  });

  it('says the first that holds', () => {
    // Whatever its queue and its account say, what a person has wished comes first.
    const busy = {
      counts: counts(9),
      account,
      accountRunning: 1_000,
      mapping: 'off' as const,
      oldestSeconds: 600,
    };
    expect(whyWaiting({ nowMs: NOW, ...busy, status: status({}, { paused: true }) }).kind).toBe('paused');
    expect(whyWaiting({ nowMs: NOW, ...busy, status: status() }).kind).toBe('switchedOff');
    expect(whyWaiting({ nowMs: NOW, ...busy, mapping: 'on', status: status() }).kind).toBe('accountFull');
    const freed = { ...busy, accountRunning: 1, mapping: 'on' as const };
    expect(whyWaiting({ nowMs: NOW, ...freed, status: status() }).kind).toBe('stuck');
  });

  it('names the field that would change it', () => {
    const remedyOf = (facts: Omit<Facts, 'nowMs'>) =>
      wordsOf(whyWaiting({ nowMs: NOW, ...facts }), NOW).remedy;
    expect(remedyOf({ status: status({}, { paused: true }) })?.field).toBe('paused');
    expect(remedyOf({ status: status({}, { concurrency: 1 }), counts: counts(9, 1) })?.field).toBe(
      'concurrency',
    );
    expect(remedyOf({ status: status(), counts: counts(0) })).toBeUndefined();
  });

  it('does not mind a hold that is over, nor a breaker that the record has no more', () => {
    const hold = { sinceMs: later(-60), untilMs: NOW, cause: 'throttled' as const, guesses: 0 };
    expect(
      whyWaiting({ nowMs: NOW, status: status(), group: { hold, breaker: open }, counts: counts(0) }).kind,
    ).toBe('idle');
  });

  it('takes no mapping that rests, is held or is being changed for switched off by hand', () => {
    const lease = { owner: 'x', untilMs: later(60), busyUntilMs: later(60), pending: false };
    for (const change of [{ resting: true }, { hold: { cause: 'throttled' as const } }, { lease }]) {
      const why = whyWaiting({ nowMs: NOW, status: status(change), mapping: 'off', counts: counts(0) });
      expect(why.kind).toBe('idle');
    }
  });
});
