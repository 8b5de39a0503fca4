import { describe, expect, it } from '@jest/globals';
import { decide, type Wish } from '../../../core/lifecycle/decide.ts';
import { deadLetterQueueSpec, functionSpec, mappingSpec, queueSpec } from '../../../core/lifecycle/target.ts';
import {
  type Finding,
  judgeMapping,
  judgeResources,
  judgeStatus,
  type Seen,
  sweepEveryTicks,
} from '../../../core/reconcile.ts';
import type { StatusRecord } from '../../../core/status-record.ts';
import { consumers, NOW, NOW_MS, settledStatus, target, unmade } from './lifecycle/records.ts';

const problem = { path: 'memoryMb', code: 'OutOfRange' as const, allowed: 'a', given: 'b', hint: 'c' };
const same: Wish = { kind: 'target', target: target() };
const edited: Wish = { kind: 'target', target: target({ concurrency: 9 }) };
const gone: Wish = { kind: 'gone' };
const bad: Wish = { kind: 'invalid', problems: [problem], retry: false };
const lease = (untilMs: number) => ({ owner: 'run-1', untilMs, busyUntilMs: 0, pending: false });
const failed = (retryAtMs: number) =>
  settledStatus({ phase: 'Failed', dirty: true, failures: { count: 2, retryAtMs } });
const rejected = (fields: Partial<StatusRecord> = {}) =>
  settledStatus({
    phase: 'Rejected',
    error: { code: 'x', message: 'x', at: NOW, problems: [problem] },
    ...fields,
  });

/** A finding in one word: the cause of a run, none, or that the resources have to be looked at. */
function inShort(finding: Finding | undefined): string {
  if (finding === undefined) return 'look';
  return finding.kind === 'fine' ? 'fine' : `${finding.cause}${finding.verify ? ', looking' : ''}`;
}

describe('what a status says', () => {
  it.each<[string, Wish, StatusRecord | undefined, string]>([
    ['a settled pipeline', same, settledStatus(), 'look'],
    ['a record that nobody has seen', same, undefined, 'missed'],
    ['an edit that nobody has seen', edited, settledStatus(), 'missed'],
    ['a deletion that nobody has seen', gone, settledStatus(), 'missed'],
    ['a bad record that nobody has seen', bad, settledStatus(), 'missed'],
    ['no record and no status', gone, undefined, 'fine'],
    ['a deleted pipeline', gone, unmade({ phase: 'Deleted' }), 'fine'],
    ['a deleted pipeline that is wanted again', same, unmade({ phase: 'Deleted' }), 'missed'],
    ['a run under way', edited, settledStatus({ lease: lease(NOW_MS + 1) }), 'fine'],
    ['a run that died', same, settledStatus({ lease: lease(NOW_MS) }), 'deadWriter, looking'],
    ['a failed run whose time has not come', same, failed(NOW_MS + 1), 'fine'],
    ['a failed run whose time has come', same, failed(NOW_MS), 'retry'],
    ['a rejected record that is still as bad', bad, rejected(), 'fine'],
    [
      'a rejected record that is bad for another reason',
      { ...bad, problems: [{ ...problem, path: 'x' }] },
      rejected(),
      'missed',
    ],
    ['a rejected record that is right now', same, rejected(), 'missed'],
    [
      'a rejected record that time may mend',
      bad,
      rejected({ failures: { count: 1, retryAtMs: NOW_MS } }),
      'retry',
    ],
    ['a run that was rejected halfway', same, rejected({ dirty: true }), 'missed'],
  ])('of %s', (_what, wish, status, expected) => {
    expect(inShort(judgeStatus(decide(wish, status, false), status, NOW_MS))).toBe(expected);
  });
});

const DLQ_ARN = 'arn:aws:sqs:eu-central-1:111122223333:sluice-pipe-test-a-dlq';
const EMPTY = { visible: 0, delayed: 0, inFlight: 0 };

function intact(status: StatusRecord = settledStatus()) {
  const applied = status.applied ?? target();
  return {
    queue: { ...queueSpec(applied.wanted, 'test', DLQ_ARN), closed: false, arn: 'arn:queue', counts: EMPTY },
    deadLetters: { ...deadLetterQueueSpec('a', 'test'), closed: false, arn: DLQ_ARN },
    function: { ...functionSpec(applied, consumers), codeSha256: 'sha-1' },
  } satisfies Seen;
}

describe('what resources say', () => {
  const is = intact();
  const queue = (fields: object): Partial<Seen> => ({ queue: { ...is.queue, ...fields } });
  const consumer = (fields: object): Partial<Seen> => ({ function: { ...is.function, ...fields } });

  it.each<[string, Partial<Seen>, string]>([
    ['nothing where all is as it was applied', {}, 'fine'],
    ['that the queue is gone', { queue: undefined }, 'the queue is gone'],
    ['that the dead-letter queue is gone', { deadLetters: undefined }, 'the dead-letter queue is gone'],
    ['that the function is gone', { function: undefined }, 'the function is gone'],
    [
      'that a timeout was raised',
      queue({ visibilityTimeoutSeconds: 900 }),
      'queue: visibilityTimeoutSeconds',
    ],
    ['that a timeout was lowered', queue({ visibilityTimeoutSeconds: 1 }), 'queue: visibilityTimeoutSeconds'],
    [
      'that a retention was lowered',
      queue({ messageRetentionSeconds: 60 }),
      'queue: messageRetentionSeconds',
    ],
    ['that the queue was closed', queue({ closed: true }), 'queue: closed'],
    ['that dead letters go nowhere', queue({ redrive: undefined }), 'queue: redrive'],
    [
      'that dead letters go elsewhere',
      queue({ redrive: { ...is.queue.redrive, deadLetterQueueArn: 'arn:other' } }),
      'queue: redrive',
    ],
    [
      'that dead letters are kept too short',
      { deadLetters: { ...is.deadLetters, messageRetentionSeconds: 60 } },
      'dead-letter queue: messageRetentionSeconds',
    ],
    [
      'that the function was changed',
      consumer({ timeoutSeconds: 1, memoryMb: 129 }),
      'function: timeoutSeconds,memoryMb',
    ],
    ['that other code was put there', consumer({ codeSha256: 'sha-x' }), 'function: code'],
    ['that concurrency was reserved', consumer({ reservedConcurrency: 5 }), 'function: reservedConcurrency'],
  ])('%s', (_what, change, detail) => {
    const finding = judgeResources(settledStatus(), { ...is, ...change }, consumers);
    expect(finding.kind === 'fine' ? 'fine' : finding.detail).toBe(detail);
    if (finding.kind === 'start') expect(inShort(finding)).toBe('drift, looking');
  });

  it('that a reservation is missing where one at a time is wanted', () => {
    const status = settledStatus({ applied: target({ concurrency: 1 }) });
    const seen = intact(status);
    expect(judgeResources(status, seen, consumers)).toMatchObject({ cause: 'drift' });
    const reserved = { ...seen, function: { ...seen.function, reservedConcurrency: 1 } };
    expect(judgeResources(status, reserved, consumers).kind).toBe('fine');
  });

  it('that a shorter retention may be set once the queue is empty, and till then that all is well', () => {
    const status = settledStatus({
      applied: target({ messageRetentionSeconds: 3600 }),
      deferred: ['messageRetentionSeconds'],
    });
    const seen = intact(status);
    const waiting = { ...seen.queue, messageRetentionSeconds: 86_400 };
    const full = { ...seen, queue: { ...waiting, counts: { ...EMPTY, inFlight: 1 } } };
    expect(inShort(judgeResources(status, full, consumers))).toBe('fine');
    expect(inShort(judgeResources(status, { ...seen, queue: waiting }, consumers))).toBe('deferred, looking');
  });
});

describe('what a mapping says', () => {
  const status = settledStatus();
  const asApplied = { ...mappingSpec(target(), 'test', ''), state: 'Enabled' };

  it.each([
    ['nothing where it is as applied', status, asApplied, 'fine'],
    ['that it is gone', status, undefined, 'drift, looking'],
    ['that it is going', status, { ...asApplied, state: 'Deleting' }, 'drift, looking'],
    ['that its limit was changed', status, { ...asApplied, maximumConcurrency: 0 }, 'drift, looking'],
    ['that it was switched off', status, { ...asApplied, enabled: false }, 'drift, looking'],
    ['nothing while a run is under way', settledStatus({ lease: lease(NOW_MS) }), undefined, 'fine'],
    ['nothing of a run that failed: its retry looks anyway', failed(NOW_MS), undefined, 'fine'],
    ['nothing of a rejected record: no run could mend it', rejected(), undefined, 'fine'],
    ['nothing of a teardown', settledStatus({ phase: 'Draining', dirty: true }), undefined, 'fine'],
    [
      'nothing where a paused one is off',
      settledStatus({ applied: target({ paused: true }) }),
      { ...asApplied, enabled: false, state: 'Disabled' },
      'fine',
    ],
  ])('%s', (_what, of, mapping, expected) => {
    expect(inShort(judgeMapping(of, mapping, consumers))).toBe(expected);
  });

  it.each([
    { pages: 1, ticks: 1 },
    { pages: 10, ticks: 1 },
    { pages: 50, ticks: 5 },
    { pages: 101, ticks: 11 },
  ])('of $pages pages are listed every $ticks ticks', ({ pages, ticks }) => {
    expect(sweepEveryTicks(pages)).toBe(ticks);
  });
});
