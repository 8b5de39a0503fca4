import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { EVENTS, saysOf } from '../../../../core/events/says.ts';

const at = (what: string, detail: Readonly<Record<string, unknown>>) => ({ atMs: 0, what, detail });
const totals = { total: 1_200, done: 1_200, deadLettered: 0, refused: 0, unaccounted: 0 };
const ended = {
  burstId: 'import-7',
  pipelineId: 'a',
  isCancelled: false,
  totals,
  predicted: { finishSeconds: 100, peakConcurrency: 8 },
  actual: { finishSeconds: 104, peakConcurrency: 7 },
  evidence: { isCounted: true },
};
const release = { codeKey: 'consumer.zip', version: 'v7', wave: { number: 2, of: 3 }, state: 'Rolling' };

describe('an event in words', () => {
  it.each<[string, string, Record<string, unknown>, string]>([
    [
      'of a hold',
      'Group hold changed',
      {
        from: 'free',
        to: 'held',
        untilMs: 42_000,
        evidence: { cause: 'throttled', sinceMs: 0, guesses: 0 },
      },
      'held by a 429 or 503 for 42 s',
    ],
    [
      'of a hold whose end is a guess',
      'Group hold changed',
      {
        from: 'held',
        to: 'held',
        untilMs: 90_000,
        evidence: { cause: 'throttled', sinceMs: 0, guesses: 3 },
      },
      'still held by a 429 or 503 for 1 min 30 s; how long is a guess, the 3rd in a row',
    ],
    ['of a hold that is ended', 'Group hold changed', { from: 'held', to: 'free' }, 'held no more'],
    [
      'of a breaker that opens',
      'Breaker state changed',
      { from: 'closed', to: 'open', untilMs: 60_000, evidence: { sinceMs: 0, tasks: 20, failed: 12 } },
      'its breaker is open for 1 min: 12 of 20 tasks failed',
    ],
    [
      'of a breaker that tries',
      'Breaker state changed',
      { from: 'open', to: 'halfOpen', evidence: { succeeded: 0 } },
      'its breaker is probing whether the trouble is over',
    ],
    [
      'of a breaker that closes',
      'Breaker state changed',
      { to: 'closed', evidence: {} },
      'its breaker is closed',
    ],
    [
      'of a forced breaker',
      'Breaker state changed',
      { from: 'closed', to: 'open', evidence: { forced: 'open', by: 'record' } },
      'its breaker is forced open by its record',
    ],
    [
      'of a breaker that is forced no more',
      'Breaker state changed',
      { from: 'open', to: 'closed', evidence: { forced: 'auto', by: 'record' } },
      'its breaker is forced by its record no more: closed',
    ],
    [
      'of a burst',
      'Burst ended',
      ended,
      'burst import-7 is over: 1,200 of 1,200 tasks done, took 1 min 44 s (predicted 1 min 40 s), peak 7 (predicted 8)',
    ],
    [
      'of a burst that did not end well',
      'Burst ended',
      {
        ...ended,
        isCancelled: true,
        totals: { total: 10, done: 6, deadLettered: 1, refused: 2, unaccounted: 1 },
      },
      'burst import-7 was cancelled: 6 of 10 tasks done, 1 dead letter, 2 refused, 1 unaccounted for, took 1 min 44 s (predicted 1 min 40 s), peak 7 (predicted 8)',
    ],
    [
      'of a burst that nobody counts',
      'Burst ended',
      { ...ended, actual: { finishSeconds: 1 }, evidence: { isCounted: false } },
      'burst import-7 is over: 1,200 tasks, not counted, took 1 s (predicted 1 min 40 s)',
    ],
    [
      'of pipelines that need attention',
      'Pipelines need attention',
      {
        pipelines: 120,
        needing: 3,
        needs: { deadLetters: 2, stuck: 1, late: 0 },
        worst: [{ pipelineId: 'a', says: 'stuck' }],
      },
      '3 of 120 pipelines need attention (deadLetters 2, stuck 1), the worst is a: stuck',
    ],
    [
      'that none needs it any more',
      'Pipelines need attention',
      { pipelines: 120, needing: 0, needs: {}, worst: [] },
      'no pipeline needs attention any more',
    ],
    [
      'of a release on its way',
      'Release state changed',
      release,
      'release v7 of consumer.zip is Rolling, wave 2 of 3',
    ],
    [
      'of a release that was brought back',
      'Release state changed',
      { ...release, state: 'RolledBack', from: 'Baking', reason: '2 of 9 pipelines unhealthy' },
      'release v7 of consumer.zip is RolledBack (was Baking): 2 of 9 pipelines unhealthy',
    ],
  ])('%s', (_, what, detail, says) => expect(saysOf(at(what, detail))).toBe(says));

  it('is there for every event that the documents list, and for no other', () => {
    const listed = ['docs/operating.md', 'docs/rollouts.md'].flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const tables = [...text.matchAll(/^\| detail-type \|[\s\S]*?\n\n/gm)].flatMap(([table]) => [
        ...table.matchAll(/^\| `([^`]+)` \|/gm),
      ]);
      const inText = [...text.matchAll(/detail type `([^`]+)`/g)];
      return [...tables, ...inText].map(([, name = '']) => name);
    });
    expect([...new Set(listed)].sort()).toEqual(Object.keys(EVENTS).sort());
  });

  it.each(Object.keys(EVENTS))(
    'of the type %s is a line also where its detail is of another version',
    (what) => {
      expect(saysOf(at(what, {}))).toEqual(expect.any(String));
    },
  );
});

describe('a line of a function in words', () => {
  it.each<[string, Record<string, unknown>, string | undefined]>([
    [
      'claimed',
      { decision: 'change', run: 'create', reason: 'record changed' },
      'is being made, because: record changed',
    ],
    [
      'claimed',
      { decision: 'reject', goesOn: true, said: 'concurrency must be 1 or more, got 0' },
      'its record is rejected: concurrency must be 1 or more, got 0 (the pipeline goes on as it was)',
    ],
    ['claimed', { decision: 'reject', goesOn: false, said: 'no' }, 'its record is rejected: no'],
    ['claimed', { decision: 'reject', run: '' }, 'its record is rejected'],
    ['claimed', { decision: 'nothing', run: 'confirm' }, undefined],
    ['settled', { phase: 'Active', run: 'create', seconds: 12 }, 'Active, 12 s after create began'],
    [
      'run failed',
      { step: 'CreateQueues', code: 'Denied', said: 'no' },
      'the last change failed in step CreateQueues (Denied): no',
    ],
    [
      'burst',
      { burstId: 'b', total: 20, accepted: 18, notAccepted: 2 },
      'burst b: 18 of 20 tasks with SQS, 2 refused',
    ],
    ['redrive', { stop: true }, 'the redrive of its dead letters is stopped by hand'],
    [
      'redrive',
      { first: 1, reason: 'x*', said: 'it begins' },
      'asked to send 1 dead letter at most of reason x* again: it begins',
    ],
    [
      'by hand',
      { codeKey: 'c', version: 'v', action: 'rollback', did: 'rollBack' },
      'release v of c: rollback by hand (rollBack)',
    ],
    [
      'started a run',
      { cause: 'drift', detail: 'the mapping is gone' },
      'the reconciler starts a run: drift: the mapping is gone',
    ],
    ['tick', { seen: 3 }, undefined],
  ])('%s %j', (what, detail, says) => expect(saysOf(at(what, detail))).toBe(says));

  it('is told whatever it is where it warns', () => {
    expect(saysOf(at('orphan', { name: 'q', pipelineId: 'a' }), true)).toBe('orphan: name q');
  });
});
