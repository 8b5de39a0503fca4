import { describe, expect, it } from '@jest/globals';
import { newRound } from '../../../../../core/sweep/round.ts';
import { NEW_SWEEP } from '../../../../../core/sweep/sweep.ts';
import { driftedIds, judgePipelines } from '../../../../../operator/desk/doctor/judge-pipelines.ts';
import { judgeQuotas, judgeSweep } from '../../../../../operator/desk/doctor/judge-stage.ts';
import { settledStatus, target } from '../../../core/lifecycle/records.ts';

const NOW = 1_800_000_000_000;
const stage = { stage: 'test', nowMs: NOW };
const config = (fields: object = {}) => ({ pipelineId: 'a', ...fields });
const lease = { owner: 'x', untilMs: NOW + 1, busyUntilMs: NOW + 1, pending: false };

describe('what is not applied', () => {
  it.each([
    ['nothing, where the record asks for what is', [config()], [settledStatus()], []],
    ['a record without a status', [config()], [], ['a']],
    ['another wish', [config({ concurrency: 7 })], [settledStatus()], ['a']],
    ['a record that is bad now', [config({ concurrency: 0 })], [settledStatus()], ['a']],
    ['a status without a record', [], [settledStatus()], ['a']],
    ['not one that somebody is at work on', [config({ concurrency: 7 })], [settledStatus({ lease })], []],
    [
      'not one that says itself what is wrong',
      [config({ concurrency: 0 })],
      [settledStatus({ phase: 'Rejected' })],
      [],
    ],
    ['not one that is gone', [], [settledStatus({ phase: 'Deleted' })], []],
    [
      'not one that is taken down',
      [],
      [settledStatus({ phase: 'Draining', closing: { sinceMs: 1, processingOver: false } })],
      [],
    ],
    [
      'not concurrency that follows from what tasks take',
      [config({ rateLimit: { tasks: 10, perSeconds: 1 } })],
      [
        settledStatus({
          applied: target({ rateLimit: { tasks: 10, perSeconds: 1 } }),
          measured: { taskSeconds: 9, tasks: 1, ms: 1, at: '' },
        }),
      ],
      [],
    ],
  ])('%s', (_, configs, statuses, ids) => {
    expect(driftedIds({ ...stage, configs, statuses })).toEqual(ids);
  });
});

describe('what the doctor says of pipelines', () => {
  it('names those that failed, are rejected or were broken off, each with what to do', () => {
    const statuses = [
      settledStatus({ pipelineId: 'f', phase: 'Failed' }),
      settledStatus({ pipelineId: 'r', phase: 'Rejected' }),
      settledStatus({ pipelineId: 'd', lease: { ...lease, untilMs: NOW - 400_000 } }),
    ];
    const configs = statuses.map(({ pipelineId }) => ({ pipelineId }));
    const findings = judgePipelines({ ...stage, configs, statuses });
    expect(findings.map(({ about, isWell, says }) => [about, isWell, says])).toEqual([
      ['failed', false, '1 pipeline whose last change failed: f'],
      ['rejected', false, '1 pipeline whose record is rejected: r'],
      ['dead writer', false, '1 pipeline whose last change was broken off: d'],
    ]);
    for (const { action } of findings) expect(action).toBeTruthy();
  });

  it('names five of many', () => {
    const statuses = [1, 2, 3, 4, 5, 6, 7].map((n) =>
      settledStatus({ pipelineId: `p${n}`, phase: 'Failed' }),
    );
    const configs = statuses.map(({ pipelineId }) => ({ pipelineId }));
    const [finding] = judgePipelines({ ...stage, configs, statuses });
    expect(finding?.says).toBe('7 pipelines whose last change failed: p1, p2, p3, p4, p5 and 2 more');
  });

  it('is content where all is as it should be', () => {
    const findings = judgePipelines({ ...stage, configs: [config()], statuses: [settledStatus()] });
    expect(findings).toEqual([{ about: 'pipelines', isWell: true, says: '1 are what their records say' }]);
  });
});

describe('what the doctor says of the stage', () => {
  const whole = { ...newRound(NOW - 60_000), pipelines: 3 };

  it('minds a reconciler that does not look any more, or has never', () => {
    const wells = (sweep: object) => judgeSweep({ ...NEW_SWEEP, ...sweep }, NOW).map(({ isWell }) => isWell);
    expect(wells({})).toEqual([false]);
    expect(wells({ whole })).toEqual([true]);
    expect(wells({ whole: { ...whole, sinceMs: NOW - 600_000 } })).toEqual([false]);
    expect(wells({ whole: { ...whole, sinceMs: NOW - 600_000 }, round: newRound(NOW - 1_000) })).toEqual([
      true,
    ]);
  });

  it('tells what its rounds have found in queues', () => {
    const needs = { stuck: 1, deadLetters: 2, failed: 9 };
    const findings = judgeSweep({ ...NEW_SWEEP, whole: { ...whole, needs } }, NOW);
    expect(findings.filter(({ isWell }) => !isWell).map(({ about }) => about)).toEqual([
      'stuck',
      'deadLetters',
    ]);
  });

  it('minds what the account is short of', () => {
    const account = {
      concurrency: 1000,
      unreservedConcurrency: 900,
      codeBytesUsed: 1,
      codeBytesAllowed: 100,
    };
    const troubles = (change: object) =>
      judgeQuotas({ ...account, ...change })
        .filter(({ isWell }) => !isWell)
        .map(({ about }) => about);
    expect(troubles({ committedConcurrency: 1000 })).toEqual([]);
    expect(troubles({ committedConcurrency: 1001 })).toEqual(['concurrency']);
    expect(troubles({ unreservedConcurrency: 100 })).toEqual(['reservable']);
    expect(troubles({ codeBytesUsed: 81 })).toEqual(['code storage']);
    expect(judgeQuotas(undefined).map(({ isWell }) => isWell)).toEqual([false]);
  });
});
