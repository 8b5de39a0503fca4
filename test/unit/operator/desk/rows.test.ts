import { describe, expect, it } from '@jest/globals';
import { type Known, rowOf } from '../../../../operator/desk/rows.ts';
import { settledStatus, target } from '../../core/lifecycle/records.ts';

const NOW = 1_800_000_000_000;
const look = { atMs: NOW, waiting: 0, running: 0, delayed: 0, deadLetters: 0 };
const row = (known: Partial<Known>) =>
  rowOf({ pipelineId: 'a', nowMs: NOW, record: { pipelineId: 'a' }, ...known });

describe('a row', () => {
  it('says of a record that nobody has begun to make that it is being made', () => {
    expect(row({ record: { pipelineId: 'a', paused: true } })).toMatchObject({
      phase: 'Creating',
      verdict: { kind: 'creating' },
      isPaused: true,
    });
  });

  it('tells that it is paused by its record, which may be ahead of what is applied', () => {
    const status = settledStatus();
    expect(row({ status, record: { pipelineId: 'a', paused: true } }).isPaused).toBe(true);
    expect(row({ status, record: { pipelineId: 'a' } }).isPaused).toBe(false);
    const paused = settledStatus({ applied: target({ paused: true }) });
    expect(row({ status: paused, record: undefined }).isPaused).toBe(true);
  });

  it('says what its record asks for since a moment ago, and that it is made again after a deletion', () => {
    const wish = (known: Partial<Known>) => row({ status: settledStatus(), look, ...known }).verdict;
    const paused = settledStatus({ applied: target({ paused: true }) });
    const record = { pipelineId: 'a', paused: true };
    expect(wish({ record })).toEqual({ kind: 'asked', wish: 'pause', waiting: 0 });
    expect(wish({ status: paused })).toEqual({ kind: 'asked', wish: 'resume', waiting: 0 });
    expect(wish({ status: paused, record }).kind).toBe('paused');
    expect(wish({ record: undefined })).toEqual({ kind: 'asked', wish: 'teardown', waiting: 0 });
    const deleted = settledStatus({ phase: 'Deleted' });
    expect(wish({ status: deleted })).toEqual({ kind: 'creating' });
    expect(wish({ status: deleted, record: undefined })).toEqual({ kind: 'deleted' });
  });

  it('has a rate only where there is a limit of it', () => {
    const applied = target({
      rateLimit: [
        { tasks: 10, perSeconds: 1 },
        { tasks: 60, perSeconds: 60 },
      ],
    });
    expect(row({ status: settledStatus({ applied }) }).perSecond).toBe(1);
    expect(row({ status: settledStatus() })).not.toHaveProperty('perSecond');
  });

  it('finds dead letters that have come since the reconciler last looked', () => {
    const known = { status: settledStatus(), look: { ...look, deadLetters: 9 } };
    const past = { atMs: NOW - 120_000, letters: 3 };
    expect(row({ ...known, past }).verdict).toEqual({ kind: 'deadLettering', perMinute: 3, letters: 9 });
    // Nothing to compare with, and no more than there were.
    expect(row(known).verdict.kind).toBe('idle');
    expect(row({ ...known, past: { ...past, letters: 9 } }).verdict.kind).toBe('idle');
  });

  it('takes tasks for stuck once the reconciler has found none running for five minutes', () => {
    const known = { status: settledStatus(), look: { ...look, waiting: 4 } };
    const past = (ms: number) => ({ atMs: NOW - 30_000, busySinceMs: NOW - ms, standsSinceMs: NOW - ms });
    expect(row({ ...known, past: past(299_000) }).verdict.kind).toBe('working');
    expect(row({ ...known, past: past(300_000) }).verdict).toEqual({
      kind: 'stuck',
      waiting: 4,
      sinceSeconds: 300,
    });
    // It was asked how old the oldest is.
    expect(row({ ...known, oldestSeconds: 90 }).verdict.kind).toBe('stuck');
  });

  it('reckons with what its tasks take, as far as that is measured', () => {
    const known = { look: { ...look, waiting: 98, running: 2 }, taskSeconds: 3 };
    expect(row({ ...known, status: settledStatus() }).verdict).toMatchObject({ etaSeconds: 150 });
    const measured = { taskSeconds: 6, tasks: 40, ms: 1, at: '' };
    expect(row({ ...known, status: settledStatus({ measured }) }).verdict).toMatchObject({ etaSeconds: 300 });
  });
});
