import { describe, expect, it } from '@jest/globals';
import { type Attempt, endAttempt, renewLease } from '../../../../core/lifecycle/lease.ts';
import { newStatus, type StatusRecord } from '../../../../core/status-record.ts';

describe('the lease', () => {
  const attempt: Attempt = {
    owner: 'me',
    step: 'UpdateCode',
    fence: 4,
    nowMs: 1_000,
    busyUntilMs: 1_060,
    leaseMs: 300,
  };
  const LEASE = { owner: 'me', untilMs: 1_200, busyUntilMs: 1_050, pending: true };
  const held: StatusRecord = {
    ...newStatus('a', 'then'),
    fence: 4,
    lease: LEASE,
    run: { kind: 'update', step: 'PrepareQueues', startedAtMs: 900, verify: false },
  };

  it('gives an attempt the next fence, the whole lease anew, and keeps the word that was left', () => {
    expect(renewLease(held, attempt)).toEqual({
      kind: 'renewed',
      next: {
        ...held,
        fence: 5,
        lease: { owner: 'me', untilMs: 1_300, busyUntilMs: 1_060, pending: true },
        run: { ...held.run, step: 'UpdateCode' },
      },
    });
  });

  it.each([
    { why: 'nobody holds it', status: newStatus('a', 'then'), kind: 'lost' },
    { why: 'there is no record', status: undefined, kind: 'lost' },
    { why: 'somebody else holds it', status: { ...held, lease: { ...LEASE, owner: 'you' } }, kind: 'lost' },
    { why: 'an earlier attempt may still run', status: { ...held, fence: 5 }, kind: 'busy' },
    {
      why: 'an earlier attempt must be over',
      status: { ...held, fence: 5, lease: { ...LEASE, busyUntilMs: 1_000 } },
      kind: 'renewed',
    },
    {
      why: 'its own lease ran out and nobody took it',
      status: { ...held, lease: { ...LEASE, untilMs: 10 } },
      kind: 'renewed',
    },
  ])('answers $kind where $why', ({ status, kind }) => {
    expect(renewLease(status, attempt).kind).toBe(kind);
  });

  it('lets only the attempt that took the last fence say that it is over', () => {
    expect(endAttempt(held, 'me', 4)?.lease?.busyUntilMs).toBe(0);
    expect(endAttempt(held, 'me', 3)).toBeUndefined();
    expect(endAttempt(held, 'you', 4)).toBeUndefined();
  });

  it('goes on naming the step that failed while the failure is recorded', () => {
    const renewal = renewLease(held, { ...attempt, step: 'RecordFailure' });
    expect(renewal.kind === 'renewed' && renewal.next.run?.step).toBe('PrepareQueues');
  });
});
