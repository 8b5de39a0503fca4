import { describe, expect, it } from '@jest/globals';
import type { Judged, Need } from '../../../../core/sweep/judge.ts';
import { newRound, offendersOf, withJudged } from '../../../../core/sweep/round.ts';
import { NEW_SWEEP, roundAt, type Sweep, sweepAfter, sweepOf } from '../../../../core/sweep/sweep.ts';
import { attentionAfter, stageMetrics } from '../../../../core/sweep/told.ts';

const NOW = Date.UTC(2026, 10, 21);

function one(pipelineId: string, need?: Need, size = 1): Judged {
  const evidence = { phase: 'Active', waiting: size, running: 0, delayed: 0, deadLetters: size };
  return {
    pipelineId,
    waiting: size,
    running: 1,
    letters: need === 'deadLetters' ? size : 0,
    oldestSeconds: size,
    ...(need && { offender: { pipelineId, need, says: 'so', evidence } }),
  };
}

const roundOf = (...judged: Judged[]) => withJudged(newRound(NOW), judged, 0);

describe('a round', () => {
  it('adds up its pipelines, and knows whose the largest values are', () => {
    const round = withJudged(roundOf(one('a'), one('b', 'deadLetters', 5)), [one('c', 'stuck', 2)], 1);
    expect(round).toMatchObject({
      pipelines: 3,
      unseen: 1,
      waiting: 8,
      running: 3,
      letters: 5,
      runningMost: { value: 1, pipelineId: 'a' },
      oldestSeconds: { value: 5, pipelineId: 'b' },
      needs: { stuck: 1, deadLetters: 1 },
    });
    expect(offendersOf(round)).toBe(2);
  });

  it('names the ten worst of all: by why, then by how much', () => {
    const letters = Array.from({ length: 30 }, (_, at) => one(`p${at}`, 'deadLetters', at + 1));
    const round = withJudged(roundOf(...letters), [one('s', 'stuck'), one('r', 'rejected')], 0);
    expect(round.worst.map(({ pipelineId }) => pipelineId)).toEqual([
      's',
      ...Array.from({ length: 9 }, (_, at) => `p${29 - at}`),
    ]);
  });

  it('has the same mark for the same pipelines and reasons, in whatever order and slices they come', () => {
    const [a, b, c] = [one('a', 'stuck'), one('b', 'late', 3), one('c', 'failed')];
    expect(withJudged(roundOf(c, a), [b, one('d')], 0).mark).toBe(roundOf(a, b, c).mark);
    expect(roundOf(one('b', 'late', 99)).mark).toBe(roundOf(b).mark);
    expect(roundOf(one('b', 'stuck')).mark).not.toBe(roundOf(b).mark);
    expect(roundOf(one('d')).mark).toBe(0);
  });
});

describe('what is told', () => {
  it('is the event where other pipelines need attention than were told of, and where none does any more', () => {
    const round = roundOf(one('a', 'stuck'), one('b'));
    expect(attentionAfter('prod', round, 0)).toMatchObject({
      stage: 'prod',
      pipelines: 2,
      needing: 1,
      needs: { stuck: 1 },
      worst: [{ pipelineId: 'a' }],
    });
    expect(attentionAfter('prod', round, round.mark)).toBeUndefined();
    expect(attentionAfter('prod', roundOf(one('a')), round.mark)).toMatchObject({ needing: 0, worst: [] });
    expect(attentionAfter('prod', roundOf(one('a')), 0)).toBeUndefined();
  });

  it('is the worse of the last whole round and of the one under way', () => {
    const values = (...rounds: Parameters<typeof stageMetrics>) =>
      Object.fromEntries(stageMetrics(...rounds).map(({ name, value }) => [name, value]));
    const whole = roundOf(one('a', 'stuck', 7));
    const underWay = roundOf(one('b', 'deadLetters', 3));
    expect(values(whole, underWay)).toEqual({
      TasksWaiting: 7,
      TasksRunning: 1,
      RunningMost: 1,
      DeadLetters: 3,
      OldestTaskSeconds: 7,
      PipelinesStuck: 1,
      PipelinesNeedingAttention: 1,
    });
    expect(Object.values(values(undefined, undefined))).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('the sweep', () => {
  const past = { atMs: NOW, letters: 1 };

  it('goes on with a round where it stood, and begins one at the beginning', () => {
    const round = roundOf(one('a'));
    const sweep = sweepAfter(NEW_SWEEP, {}, round, 'cursor');
    expect(roundAt(sweep, 'cursor')).toEqual(round);
    expect(roundAt(sweep, undefined)).toBe('begins');
  });

  it('does not take for a whole round what it has not seen the beginning of', () => {
    const sweep = sweepAfter(NEW_SWEEP, {}, roundOf(one('a')), 'cursor');
    expect(roundAt(sweep, 'further on')).toBeUndefined();
    const over = sweepAfter(sweep, { a: past }, undefined, undefined);
    expect(over).toEqual({ ...NEW_SWEEP, pasts: { a: past } });
  });

  it('forgets a pipeline that neither this round nor the one before has found', () => {
    const before: Sweep = { ...NEW_SWEEP, whole: { ...newRound(NOW - 60_000) } };
    const pasts = { kept: { atMs: NOW - 60_000 }, gone: { atMs: NOW - 60_001 } };
    expect(sweepAfter(before, pasts, newRound(NOW), undefined).pasts).toEqual({ kept: pasts.kept });
  });

  it('begins anew where it cannot read what was kept', () => {
    expect(sweepOf(undefined)).toBe(NEW_SWEEP);
    expect(sweepOf({ version: 0, pasts: 3 })).toBe(NEW_SWEEP);
    expect(sweepOf({ ...NEW_SWEEP, told: 5 })).toMatchObject({ told: 5 });
  });
});
