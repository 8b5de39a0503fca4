import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { admittedVersion, positionOf, type ReleaseLine } from '../../../../core/release/line.ts';
import { appliedVersion, followerOf, standingOf } from '../../../../core/release/standing.ts';
import type { Phase, Run, StatusRecord } from '../../../../core/status-record.ts';
import { NOW, NOW_MS, settledStatus, target, unmade } from '../lifecycle/records.ts';

const KEY = 'consumer.zip';

/** v1 is stable, v2 on its way to whom it reaches. */
const line = (reach: number, canaries = true): ReleaseLine => ({
  stable: 'v1',
  next: { version: 'v2', reach, canaries },
  kept: [],
});
const NOBODY = line(0);
const EVERYBODY = line(1);
const WENT_ALL_THE_WAY: ReleaseLine = { stable: 'v2', former: 'v1', kept: [] };

const standing = (status: StatusRecord, on: ReleaseLine = EVERYBODY, askedFor = 'v2') =>
  standingOf(status, KEY, on, NOW_MS, askedFor);

/** Runs a release, with nothing under way. */
const has = (version: string, fields: Partial<StatusRecord> = {}, wanted: Record<string, unknown> = {}) =>
  settledStatus({ applied: target(wanted, { version }), ...fields });

/** What a run that began just now adds to a status. */
function underWay(version: string | undefined, leftMs = 60_000): Pick<StatusRecord, 'lease' | 'run'> {
  const run: Run = { kind: 'codeSync', step: 'UpdateCode', startedAtMs: NOW_MS, verify: false };
  return {
    lease: { owner: 'run-1', untilMs: NOW_MS + leftMs, busyUntilMs: NOW_MS, pending: false },
    run: version === undefined ? run : { ...run, target: target({}, { version }) },
  };
}

const failures = (count: number) => ({ phase: 'Failed' as const, failures: { count, retryAtMs: NOW_MS } });
const rejected = (path: string, code = 'Missing') => ({
  phase: 'Rejected' as const,
  error: { code, message: 'so', path, at: NOW },
});

describe('a pipeline that the release has reached', () => {
  it.each([
    { why: 'runs it', status: has('v2'), is: 'moved' },
    { why: 'runs the one before', status: has('v1'), is: 'due' },
    { why: 'runs the one before, paused', status: has('v1', {}, { paused: true }), is: 'due' },
    { why: 'is being moved', status: has('v1', underWay('v2')), is: 'moving' },
    { why: 'is being made with it', status: unmade(underWay('v2')), is: 'apart' },
    { why: 'is being made with the one before', status: unmade(underWay('v1')), is: 'due' },
    { why: 'could not be made', status: unmade({ ...failures(3), ...underWay('v2', 0) }), is: 'apart' },
    { why: 'has a run with the one before in mind', status: has('v1', underWay('v1')), is: 'due' },
    { why: 'has a run without anything in mind', status: has('v1', underWay(undefined)), is: 'due' },
    { why: 'runs it, and has an edit under way', status: has('v2', underWay('v2')), is: 'moved' },
    { why: 'runs it, and has a run going back', status: has('v2', underWay('v1')), is: 'due' },
    {
      why: 'runs it, and has a run that has just begun',
      status: has('v2', underWay(undefined)),
      is: 'moved',
    },
    { why: 'had a run whose lease ran out', status: has('v1', underWay('v2', 0)), is: 'due' },
    {
      why: 'runs it, and had a run back whose lease ran out',
      status: has('v2', underWay('v1', 0)),
      is: 'moved',
    },
    { why: 'failed once', status: has('v1', failures(1)), is: 'failing' },
    { why: 'failed twice', status: has('v1', failures(2)), is: 'failing' },
    { why: 'failed three times', status: has('v1', failures(3)), is: 'failed' },
    {
      why: 'failed and is tried again',
      status: has('v1', { ...failures(3), ...underWay('v2') }),
      is: 'moving',
    },
    { why: 'failed at something else, and runs it', status: has('v2', failures(5)), is: 'moved' },
    { why: 'has a bad record', status: has('v1', rejected('timeoutSeconds', 'OutOfRange')), is: 'blocked' },
    { why: 'has a bad record, and runs it', status: has('v2', rejected('timeoutSeconds')), is: 'moved' },
    {
      why: 'waits for code of a key that only its record tells',
      status: has('v1', rejected('codeKey')),
      is: 'askRecord',
    },
  ])('is $is where it $why', ({ status, is }) => {
    expect(standing(status)).toBe(is);
  });
});

describe('a pipeline that the release has not reached', () => {
  const statuses: readonly StatusRecord[] = [
    has('v1'),
    has('v0'),
    has('v2'),
    has('v1', underWay('v2')),
    has('v0', underWay('v1')),
    has('v0', failures(3)),
    has('v0', rejected('timeoutSeconds')),
    unmade(underWay('v1')),
    unmade({ ...underWay('v1', 0), ...failures(3) }),
  ];

  it.each(statuses.map((status) => ({ status })))('waits, whatever its trouble: case %#', ({ status }) => {
    expect(standing(status, NOBODY)).toBe('waiting');
  });

  it('is told all the same to leave a release that is taken back meanwhile', () => {
    // v1 was rolled back by hand as v2 was on its way.
    const back: ReleaseLine = { ...NOBODY, stable: 'v0' };
    expect(standing(has('v1'), back, 'v1')).toBe('due');
    expect(standing(has('v1', underWay('v0')), back, 'v1')).toBe('moving');
    expect(standing(has('v0'), back, 'v1')).toBe('waiting');
    expect(standing(has('v1'), back, 'v2')).toBe('waiting');
  });
});

describe('a pipeline', () => {
  it.each([
    { why: 'of another key', status: has('v1', {}, { codeKey: 'other.zip' }) },
    { why: 'that is going', status: has('v1', { closing: { sinceMs: NOW_MS, processingOver: false } }) },
    { why: 'that is gone', status: unmade({ phase: 'Deleted' }) },
    { why: 'that nobody has looked at', status: unmade() },
    { why: 'whose record was bad from the start', status: unmade(rejected('concurrency', 'OutOfRange')) },
    { why: 'whose pinned version is not there', status: unmade(rejected('codeVersion')) },
  ])('$why is none of it', ({ status }) => {
    expect(standing(status)).toBe('apart');
  });

  it('that never had code is asked for its key, also where its former key is another one', () => {
    expect(standing(unmade(rejected('codeKey')))).toBe('askRecord');
    expect(standing(has('v1', rejected('codeKey'), { codeKey: 'other.zip' }))).toBe('askRecord');
    expect(standing(unmade({ ...rejected('codeKey'), phase: 'Failed' }))).toBe('apart');
  });

  it('that is pinned is left alone, whatever it runs and does', () => {
    for (const version of ['v1', 'v2', 'v7']) {
      const pinned = has(version, {}, { codeVersion: version });
      for (const on of [NOBODY, EVERYBODY, WENT_ALL_THE_WAY]) expect(standing(pinned, on)).toBe('pinned');
      expect(standing({ ...pinned, ...failures(9) })).toBe('pinned');
    }
  });

  it('whose run turns it to this key, or away from it, follows what the run has in mind', () => {
    const to = { ...underWay('v2') };
    expect(standing(has('v1', to, { codeKey: 'other.zip' }))).toBe('moving');
    const away = underWay('v1');
    const other = target({ codeKey: 'other.zip' });
    expect(standing(has('v2', { ...away, run: { ...(away.run as Run), target: other } }))).toBe('apart');
  });

  it('is moved by its mark alone in a wave of canaries', () => {
    expect(standing(has('v1', {}, { canary: true }), NOBODY)).toBe('due');
    expect(standing(has('v2', {}, { canary: true }), NOBODY)).toBe('moved');
    expect(standing(has('v1', {}, { canary: true }), line(0, false))).toBe('waiting');
  });

  it('is moved by its place in the order, else', () => {
    const place = positionOf('a', 'v2');
    expect(standing(has('v1'), line(place))).toBe('waiting');
    expect(standing(has('v1'), line(place + 1e-9))).toBe('due');
  });

  it('that lags behind when nothing is on its way is told, too', () => {
    expect(standing(has('v1'), WENT_ALL_THE_WAY)).toBe('due');
    expect(standing(has('v2'), WENT_ALL_THE_WAY)).toBe('moved');
    // After a rollback.
    const back: ReleaseLine = { stable: 'v1', kept: [] };
    expect(standing(has('v2'), back)).toBe('due');
    expect(standing(has('v2', underWay('v1')), back)).toBe('moving');
    expect(standing(has('v1', underWay('v2')), back)).toBe('due');
    expect(standing(has('v1'), back)).toBe('moved');
  });

  it('counts as moved only with the release admitted to it, and with no run that would take it away', () => {
    const versions = fc.constantFrom('v0', 'v1', 'v2');
    const phases = fc.constantFrom<Phase>(
      'Active',
      'Paused',
      'SyncingCode',
      'Updating',
      'Rejected',
      'Failed',
    );
    const run = fc.option(fc.tuple(versions, fc.constantFrom(0, 60_000)), { nil: undefined });
    fc.assert(
      fc.property(
        versions,
        phases,
        run,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(4),
        (version, phase, going, reach, count) => {
          const status = has(version, {
            phase,
            failures: { count, retryAtMs: NOW_MS },
            ...(going === undefined ? {} : underWay(...going)),
          });
          const on = line(reach);
          const admitted = admittedVersion(on, { pipelineId: 'a', canary: false, version });
          const live = going !== undefined && going[1] > 0 ? going[0] : undefined;
          const is = standing(status, on);
          const isReached = positionOf('a', 'v2') < reach;
          expect(is === 'waiting').toBe(!isReached);
          if (isReached) {
            expect(is === 'moved').toBe(version === admitted && (live ?? admitted) === admitted);
            expect(is === 'moving').toBe(version !== admitted && live === admitted);
          }
        },
      ),
    );
  });
});

describe('a follower', () => {
  it('is what the run has in mind, with the version that it was last given in full', () => {
    const status = has('v1', underWay('v2'), { canary: true });
    expect(followerOf(has('v1', {}, { canary: true }), KEY)).toEqual({
      pipelineId: 'a',
      canary: true,
      version: 'v1',
    });
    expect(followerOf(status, KEY)).toEqual({ pipelineId: 'a', canary: false, version: 'v1' });
    expect(followerOf(unmade(underWay('v2')), KEY)).toEqual({
      pipelineId: 'a',
      canary: false,
      version: undefined,
    });
    expect(followerOf(status, 'other.zip')).toBeUndefined();
    expect(followerOf(unmade(), KEY)).toBeUndefined();
  });

  it('has no version of this key where it was given another key’s', () => {
    const other = has('v1', {}, { codeKey: 'other.zip' });
    // The stand-in's code is always of the default key.
    const applied = { ...target({ codeKey: 'other.zip' }), code: { key: 'other.zip', version: 'v1' } };
    expect(appliedVersion({ ...other, applied }, KEY)).toBeUndefined();
    expect(appliedVersion({ ...other, applied }, 'other.zip')).toBe('v1');
    expect(followerOf({ ...other, applied, ...underWay('v2') }, KEY)?.version).toBeUndefined();
  });
});
