import { describe, expect, it } from '@jest/globals';
import { ceilingOver } from '../../../../core/lifecycle/ceiling.ts';
import { limitsNote } from '../../../../core/lifecycle/limits-note.ts';
import { deleted, failedRun, forgotten, rejected, settled } from '../../../../core/lifecycle/settle.ts';
import { pipelineNames } from '../../../../core/names.ts';
import type { Problem } from '../../../../core/problems.ts';
import type { Run, StatusRecord } from '../../../../core/status-record.ts';
import { NOW, NOW_MS, settledStatus, target, unmade } from './records.ts';

const names = pipelineNames('test', 'a');
const lease = { owner: 'me', untilMs: NOW_MS + 1, busyUntilMs: NOW_MS, pending: false };
const running = (fields: Partial<StatusRecord> = {}, run: Partial<Run> = {}): StatusRecord =>
  settledStatus({
    phase: 'Updating',
    dirty: true,
    lease,
    run: { kind: 'update', step: 'Settle', startedAtMs: NOW_MS, verify: false, ...run },
    ...fields,
  });
const settle = (status: StatusRecord, wanted = target(), memo = {}) =>
  settled(
    status,
    { kind: 'update', step: 'Settle', startedAtMs: NOW_MS, verify: false, target: wanted },
    memo,
    names,
    undefined,
    status.salvage,
    NOW_MS,
  );
const problem: Problem = {
  path: 'memoryMb',
  code: 'OutOfRange',
  allowed: '128 or more',
  given: '1',
  hint: 'raise it',
};

describe('a run that settled', () => {
  it('says how limits are kept for tasks as long as they were measured', () => {
    const wanted = target({ rateLimit: { tasks: 1, perSeconds: 1 } });
    const measured = { taskSeconds: 2, tasks: 20, ms: 40_000, at: NOW };
    expect(settle(running({ measured }), wanted).limits).toEqual(limitsNote(wanted, 2));
    expect(limitsNote(wanted, 2)).not.toEqual(limitsNote(wanted));
  });

  it('says what was applied, frees the lease and forgets every failure', () => {
    const wanted = target({ concurrency: 4 }, { version: 'v2' });
    const before = running({
      error: { code: 'X', message: 'x', at: NOW },
      failures: { count: 3, retryAtMs: 1 },
      ceiling: { concurrency: 9, timeoutSeconds: 30 },
    });
    const after = settle(before, wanted, { mappingId: 'mapping-2', codeSha256: 'sha-2' });
    expect(after).toMatchObject({
      phase: 'Active',
      dirty: false,
      codeVersion: 'v2',
      configHash: wanted.hash,
      applied: wanted,
      eventSourceMappingId: 'mapping-2',
      codeSha256: 'sha-2',
      queueUrl: 'https://sqs/a',
    });
    expect(after.limits).toEqual(limitsNote(wanted));
    for (const field of ['lease', 'run', 'error', 'failures', 'ceiling', 'resting', 'deferred']) {
      expect(after).not.toHaveProperty(field);
    }
  });

  it('says since when its code serves, and what served before it: the last three releases', () => {
    const versions = ['v2', 'v3', 'v4', 'v5'];
    const after = versions.reduce<StatusRecord>(
      (status, version, at) =>
        settle(status, target({}, { version }), { codeSentMs: at * 1000, deadLettersBefore: at }),
      running({ codeSinceMs: -1 }),
    );
    expect(after).toMatchObject({ codeSinceMs: 3000, deadLettersBefore: 3 });
    const key = target().code.key;
    expect(after.formerCodes).toEqual([
      { key, version: 'v4', sinceMs: 2000, untilMs: 3000, deadLettersBefore: 2 },
      { key, version: 'v3', sinceMs: 1000, untilMs: 2000, deadLettersBefore: 1 },
      { key, version: 'v2', sinceMs: 0, untilMs: 1000, deadLettersBefore: 0 },
    ]);
    // The same code once more changes none of it.
    expect(settle(after, target({ concurrency: 9 }, { version: 'v5' }))).toMatchObject({
      codeSinceMs: 3000,
      deadLettersBefore: 3,
      formerCodes: after.formerCodes,
    });
  });

  it.each([
    { fields: {}, enabled: true, phase: 'Active', resting: undefined },
    { fields: {}, enabled: false, phase: 'Active', resting: true },
    { fields: { paused: true }, enabled: false, phase: 'Paused', resting: undefined },
  ])(
    'is $phase where the consumer runs: $enabled, resting: $resting',
    ({ fields, enabled, phase, resting }) => {
      const after = settle(running(), target(fields, { enabled }));
      expect([after.phase, after.resting]).toEqual([phase, resting]);
    },
  );

  describe('for a group that is held', () => {
    const held = { cause: 'breaker', untilMs: NOW_MS + 5 } as const;
    const rest = target({}, { enabled: false });
    const holdAfter = (run: Partial<Run>, before: Partial<StatusRecord> = {}) => {
      const status = running(before);
      const whole: Run = { kind: 'switch', step: 'Settle', startedAtMs: NOW_MS, verify: false, ...run };
      const after = settled(status, whole, {}, names, undefined, undefined, NOW_MS);
      return [after.phase, after.resting, after.hold];
    };

    it('says for what it rests, and goes on being Active', () => {
      expect(holdAfter({ target: rest, held })).toEqual(['Active', true, held]);
    });

    it('says so no more once it runs, rests for want of tasks, or is paused', () => {
      const resting = { applied: rest, resting: true, hold: held };
      expect(holdAfter({ target: target() }, resting)).toEqual(['Active', undefined, undefined]);
      expect(holdAfter({ target: rest }, resting)).toEqual(['Active', true, undefined]);
      expect(holdAfter({ target: target({ paused: true }), held }, resting)).toEqual([
        'Paused',
        undefined,
        undefined,
      ]);
    });

    it('says it still where the run has found all as it was', () => {
      expect(holdAfter({ kind: 'confirm' }, { applied: rest, resting: true, hold: held })).toEqual([
        'Active',
        true,
        held,
      ]);
    });
  });

  it('counts a consumer that was just woken as active, so that it does not rest again at once', () => {
    const resting = running({ applied: target({}, { enabled: false }), resting: true, lastActivityAtMs: 1 });
    expect(settle(resting, target()).lastActivityAtMs).toBe(NOW_MS);
    expect(settle(resting, target({}, { enabled: false })).lastActivityAtMs).toBe(1);
    expect(settle(running({ lastActivityAtMs: 1 }), target()).lastActivityAtMs).toBe(1);
  });

  it('leaves a change that waits for an empty queue waiting, unless the run looked at the queue', () => {
    const waiting = running({ deferred: ['messageRetentionSeconds'] });
    expect(settle(waiting).deferred).toEqual(['messageRetentionSeconds']);
    expect(settle(waiting, target(), { deferred: [] }).deferred).toBeUndefined();
    expect(settle(running(), target(), { deferred: ['messageRetentionSeconds'] }).deferred).toHaveLength(1);
  });
});

describe('a teardown that settled', () => {
  it('leaves nothing but that it is deleted, what was salvaged, and a day to read it', () => {
    const salvage = { uri: 's3://salvage/a/', count: 3 };
    expect(deleted(running(), { deletedAtMs: NOW_MS - 5 }, salvage, NOW_MS)).toEqual({
      pipelineId: 'a',
      revision: 7,
      fence: 12,
      phase: 'Deleted',
      built: false,
      dirty: false,
      deletedAtMs: NOW_MS - 5,
      updatedAt: NOW,
      expiresAt: NOW_MS / 1000 + 86_400,
      salvage,
    });
  });

  it('blocks no queue name where nothing was ever made', () => {
    const after = forgotten(unmade({ phase: 'Rejected' }), NOW_MS);
    expect(after.phase).toBe('Deleted');
    expect(after).not.toHaveProperty('deletedAtMs');
  });
});

describe('a round that finds a pipeline gone', () => {
  it('leaves what the teardown said as it stands, and frees the lease', () => {
    const salvage = { uri: 's3://b/a/', count: 2 };
    const gone = unmade({ phase: 'Deleted', salvage, deletedAtMs: NOW_MS, expiresAt: 9 });
    const run: Run = { kind: 'confirm', step: 'Settle', startedAtMs: NOW_MS, verify: false };
    expect(settled({ ...gone, lease, run }, run, {}, names, 3, undefined, NOW_MS)).toEqual(gone);
  });
});

describe('a rejected record', () => {
  it('is told with every problem, and what runs stays as it was', () => {
    const before = settledStatus();
    const after = rejected(before, [problem, { ...problem, path: 'paused' }], NOW, undefined);
    expect(after).toMatchObject({ phase: 'Rejected', applied: before.applied, queueUrl: before.queueUrl });
    expect(after.error).toMatchObject({ code: 'OutOfRange', path: 'memoryMb', at: NOW });
    expect(after.error?.message).toContain('memoryMb must be 128 or more, got 1 — raise it; paused must be');
    expect(after.error?.problems).toHaveLength(2);
    expect(after.failures).toBeUndefined();
  });

  it('is tried again only where time may mend it, each time counted', () => {
    const failures = { count: 2, retryAtMs: 1 };
    expect(rejected(settledStatus({ failures }), [problem], NOW, 99).failures).toEqual({
      count: 3,
      retryAtMs: 99,
    });
    expect(rejected(settledStatus({ failures }), [problem], NOW, undefined).failures).toBeUndefined();
  });
});

describe('a run that failed', () => {
  const report = { code: 'Throttled', message: 'too fast', step: 'UpdateCode' };

  it('names the step and the error, frees the lease, counts the failure, and knows that all is half done', () => {
    const after = failedRun(running({ failures: { count: 1, retryAtMs: 1 } }), report, NOW_MS + 9, NOW_MS);
    expect(after).toMatchObject({
      phase: 'Failed',
      dirty: true,
      error: { code: 'Throttled', message: 'too fast', step: 'UpdateCode', at: NOW },
      failures: { count: 2, retryAtMs: NOW_MS + 9 },
    });
    expect(after.lease).toBeUndefined();
    expect(after.run).toBeUndefined();
  });

  it('keeps what a broken run may have raised, so that lowering it later waits for its tasks', () => {
    const ceiling = { concurrency: 50, timeoutSeconds: 900 };
    expect(failedRun(running({ ceiling }), report, 0, NOW_MS).ceiling).toEqual(ceiling);
  });
});

it.each([
  ['rejected', (status: StatusRecord) => rejected(status, [problem], NOW, undefined)],
  [
    'failed',
    (status: StatusRecord) => failedRun(status, { code: 'X', message: 'x', step: 'Claim' }, 0, NOW_MS),
  ],
] as const)('a %s status is not taken away by the day that a deleted one stays', (_name, write) => {
  expect(write(unmade({ phase: 'Deleted', expiresAt: 1 })).expiresAt).toBeUndefined();
});

describe('the ceiling over a change', () => {
  it('is the largest limit that was applied, was ever begun since, or is wanted', () => {
    const applied = target({ concurrency: 2, timeoutSeconds: 60 });
    const wanted = target({ concurrency: 3, timeoutSeconds: 10 });
    expect(ceilingOver({ applied }, wanted)).toMatchObject({ concurrency: 3, timeoutSeconds: 60 });
    expect(ceilingOver({}, wanted)).toMatchObject({ concurrency: 3, timeoutSeconds: 10 });
    const ceiling = { concurrency: 50, timeoutSeconds: 900 };
    expect(ceilingOver({ applied, ceiling }, wanted)).toMatchObject(ceiling);
  });
});
