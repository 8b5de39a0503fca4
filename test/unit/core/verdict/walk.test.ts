import { describe, expect, it } from '@jest/globals';
import type { GroupState } from '../../../../core/flow/hold.ts';
import type { Held } from '../../../../core/lifecycle/hold-rest.ts';
import type { ProblemCode } from '../../../../core/problems.ts';
import type { Phase, RunKind, StatusRecord } from '../../../../core/status-record.ts';
import { type Facts, whyWaiting } from '../../../../core/verdict/why.ts';
import { wordsOf } from '../../../../core/verdict/words.ts';
import { NOW_MS, settledStatus, target } from '../lifecycle/records.ts';

/** Tasks wait, and none runs. */
const counts = { visible: 9, delayed: 0, inFlight: 0 };
const why = (status: StatusRecord, facts: Partial<Facts> = {}) =>
  whyWaiting({ nowMs: NOW_MS, status, counts, ...facts });
const lease = { owner: 'x', untilMs: NOW_MS + 60_000, busyUntilMs: NOW_MS, pending: false };
const run = (kind: RunKind, to = target()) => ({
  lease,
  run: { kind, step: 'S', startedAtMs: NOW_MS, verify: false, target: to },
});
const closing = { sinceMs: NOW_MS, processingOver: false };
const error = { code: 'X', message: 'no', at: '' };
const { applied: _none, ...unmade } = settledStatus();

describe('where tasks wait and none runs, there is a name for why', () => {
  const PHASES: Readonly<Record<Phase, readonly [StatusRecord, string]>> = {
    Creating: [{ ...unmade, phase: 'Creating', ...run('create') }, 'creating'],
    Active: [settledStatus(), 'stuck'],
    Paused: [settledStatus({ applied: target({ paused: true }) }), 'paused'],
    Updating: [settledStatus({ phase: 'Updating', ...run('update') }), 'changing'],
    SyncingCode: [settledStatus({ phase: 'SyncingCode', ...run('codeSync') }), 'changing'],
    Draining: [settledStatus({ phase: 'Draining', closing }), 'draining'],
    Deleting: [
      settledStatus({ phase: 'Deleting', closing: { ...closing, processingOver: true } }),
      'takenDown',
    ],
    Deleted: [{ ...unmade, phase: 'Deleted' }, 'deleted'],
    Rejected: [settledStatus({ phase: 'Rejected', error }), 'rejected'],
    Failed: [settledStatus({ phase: 'Failed', error }), 'failed'],
  };
  it.each(Object.entries(PHASES))('in phase %s', (phase, [status, kind]) => {
    expect(status.phase).toBe(phase);
    expect(why(status, { oldestSeconds: 600 }).kind).toBe(kind);
  });

  const RUNS: Readonly<Record<RunKind, string>> = {
    create: 'changing',
    update: 'changing',
    codeSync: 'changing',
    switch: 'changing',
    // It changes nothing: whatever else there is.
    confirm: 'stuck',
    drain: 'draining',
    salvage: 'takenDown',
    discard: 'takenDown',
  };
  const closes: Partial<Record<RunKind, StatusRecord['closing']>> = {
    drain: closing,
    salvage: { ...closing, processingOver: true },
    discard: { ...closing, discard: true },
  };
  it.each(Object.entries(RUNS))('in a run to %s', (kind, verdict) => {
    const ends = closes[kind as RunKind];
    const status = settledStatus({ ...run(kind as RunKind), ...(ends && { closing: ends }) });
    expect(why(status, { oldestSeconds: 600 }).kind).toBe(verdict);
  });

  const breaker = { failureShare: 0.5, windowSeconds: 60, minTasks: 10, openSeconds: 30, probes: 3 };
  const untilMs = NOW_MS + 600_000;
  const since = { sinceMs: NOW_MS, untilMs };
  const HOLDS: Readonly<Record<Held['cause'], readonly [Record<string, unknown>, GroupState, string]>> = {
    throttled: [{}, { hold: { ...since, cause: 'throttled', guesses: 0 } }, 'held'],
    breaker: [{ breaker }, { breaker: { state: 'open', ...since, opened: 1 } }, 'breakerOpen'],
    forced: [{ breaker: { ...breaker, force: 'open' } }, {}, 'forcedOpen'],
  };
  it.each(Object.entries(HOLDS))(
    'at rest for a hold, cause %s, and once it is over',
    (cause, [wish, group, kind]) => {
      const hold: Held = { cause: cause as Held['cause'], untilMs };
      const status = settledStatus({ applied: target(wish), resting: true, hold });
      expect(why(status, { group, mapping: 'off' }).kind).toBe(kind);
      const ended = settledStatus({ applied: target(cause === 'forced' ? {} : wish), resting: true, hold });
      expect(why(ended, { mapping: 'off' }).kind).toBe('waking');
    },
  );
});

describe('a record that is rejected', () => {
  const CODES: Readonly<Record<ProblemCode, true>> = {
    Missing: true,
    WrongType: true,
    OutOfRange: true,
    NotAllowed: true,
    UnknownField: true,
    Conflict: true,
    AccountLimit: true,
  };
  it.each(Object.keys(CODES))('for %s says the field, why, and what to do', (code) => {
    const problem = { ...error, code, path: 'codeKey', message: 'codeKey must be there' };
    const { says, remedy } = wordsOf(why(settledStatus({ phase: 'Rejected', error: problem })), NOW_MS);
    expect(says).toContain('codeKey must be there');
    expect(remedy).toEqual({ field: 'codeKey', action: expect.stringMatching(/correct|lower|push/) });
  });
});
