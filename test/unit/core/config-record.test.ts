import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { configRecordSchema } from '../../../core/config-record/schema.ts';
import { type ConfigFacts, parseConfigRecord } from '../../../core/config-record.ts';
import { fieldCases } from './config-record-cases.ts';

const facts: ConfigFacts = { stage: 'prod' };

function wantedOf(record: unknown, known: ConfigFacts = facts) {
  const parsed = parseConfigRecord(record, known);
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems, null, 2));
  return parsed.wanted;
}

function problemsOf(record: unknown, known: ConfigFacts = facts) {
  const parsed = parseConfigRecord(record, known);
  return parsed.kind === 'valid' ? [] : parsed.problems;
}

it('has cases for every field', () => {
  expect(Object.keys(fieldCases).sort()).toEqual(Object.keys(configRecordSchema.shape).sort());
});

describe.each(Object.entries(fieldCases))(
  '%s',
  (field, { takes, refuses, refusesBeyondSchema, wrongTypes }) => {
    it('takes the values at its ends', () => {
      for (const value of takes) {
        expect([value, problemsOf({ pipelineId: 'a', [field]: value })]).toEqual([value, []]);
      }
    });

    it('refuses what is just outside or of another form, and says where', () => {
      for (const value of [...refuses, ...(refusesBeyondSchema ?? [])]) {
        const problems = problemsOf({ pipelineId: 'a', [field]: value });
        expect([value, problems.length > 0]).toEqual([value, true]);
        for (const { path } of problems) expect(path).toMatch(new RegExp(`^${field}([.[]|$)`));
      }
    });

    it('refuses values of another type as WrongType', () => {
      for (const value of wrongTypes) {
        const [problem, ...others] = problemsOf({ pipelineId: 'a', [field]: value });
        expect([value, problem?.path, problem?.code]).toEqual([value, field, 'WrongType']);
        expect(others).toEqual([]);
      }
    });
  },
);

describe('defaults', () => {
  it('are those of the reference for a record with nothing but its id', () => {
    expect(wantedOf({ pipelineId: 'a' })).toEqual({
      pipelineId: 'a',
      concurrency: 2,
      concurrencySource: 'default',
      rateLimits: [],
      batchSize: 1,
      batchWindowSeconds: 0,
      timeoutSeconds: 30,
      memoryMb: 256,
      environment: {},
      visibilityTimeoutSeconds: 180,
      maxAttempts: 5,
      maxReceiveCount: 50,
      messageRetentionSeconds: 1_209_600,
      paused: false,
      onDelete: 'drain',
      drainTimeoutSeconds: 900,
      codeKey: 'consumer.zip',
    });
  });

  it.each([
    { why: 'the preset', breaker: {}, rateLimit: undefined, windowSeconds: 60, minTasks: 20 },
    { why: 'fast enough', breaker: {}, rateLimit: [25, 60], windowSeconds: 60, minTasks: 20 },
    { why: 'too slow', breaker: {}, rateLimit: [24, 60], windowSeconds: 63, minTasks: 20 },
    { why: 'by day', breaker: {}, rateLimit: [5000, 86_400], windowSeconds: 432, minTasks: 20 },
    { why: 'by hour', breaker: {}, rateLimit: [5, 3600], windowSeconds: 3600, minTasks: 4 },
    { why: 'by month', breaker: {}, rateLimit: [1, 2_678_400], windowSeconds: 3600, minTasks: 1 },
    {
      why: 'fewer of a short window',
      breaker: { windowSeconds: 10 },
      rateLimit: [1, 1],
      windowSeconds: 10,
      minTasks: 8,
    },
    {
      why: 'a longer one for more',
      breaker: { minTasks: 100 },
      rateLimit: [1, 1],
      windowSeconds: 125,
      minTasks: 100,
    },
  ])(
    'give a breaker a window in which it can open: $why',
    ({ breaker, rateLimit, windowSeconds, minTasks }) => {
      const [tasks, perSeconds] = rateLimit ?? [];
      const wanted = wantedOf({ pipelineId: 'a', breaker, rateLimit: rateLimit && { tasks, perSeconds } });
      expect(wanted.breaker).toEqual({
        failureShare: 0.5,
        openSeconds: 30,
        probes: 3,
        windowSeconds,
        minTasks,
      });
    },
  );

  it('never put an undefined where a field is absent', () => {
    const wanted = wantedOf({ pipelineId: 'a', maxBacklog: undefined, spread: undefined });
    expect(Object.values(wanted)).not.toContain(undefined);
  });

  it('give each record its own environment', () => {
    expect(wantedOf({ pipelineId: 'a' }).environment).not.toBe(wantedOf({ pipelineId: 'b' }).environment);
  });

  it('set the visibility timeout to six timeouts and the batch window', () => {
    const wanted = wantedOf({
      pipelineId: 'a',
      timeoutSeconds: 900,
      batchSize: 100,
      batchWindowSeconds: 300,
    });
    expect(wanted.visibilityTimeoutSeconds).toBe(5700);
  });

  it('leave room for ten receives an attempt, at most a thousand', () => {
    expect(wantedOf({ pipelineId: 'a', maxAttempts: 1 }).maxReceiveCount).toBe(10);
    expect(wantedOf({ pipelineId: 'a', maxAttempts: 100 }).maxReceiveCount).toBe(1000);
  });
});

describe('concurrency', () => {
  const perSecond = (tasks: number, perSeconds = 1) => ({ tasks, perSeconds });

  it.each([
    { why: 'one second a task until measured', rateLimit: perSecond(10), known: {}, concurrency: 12 },
    {
      why: 'the measured duration',
      rateLimit: perSecond(10),
      known: { measuredSeconds: 0.25 },
      concurrency: 3,
    },
    {
      why: 'no rounding error',
      rateLimit: perSecond(7, 60),
      known: { measuredSeconds: 50 },
      concurrency: 7,
    },
    {
      why: 'the strictest of a list',
      rateLimit: [perSecond(10), perSecond(240, 60)],
      known: {},
      concurrency: 5,
    },
    {
      why: 'two at least, for one at a time was not asked for',
      rateLimit: perSecond(1, 86_400),
      known: {},
      concurrency: 2,
    },
    { why: 'at most a thousand', rateLimit: perSecond(5000), known: {}, concurrency: 1000 },
    {
      why: 'no more than the account',
      rateLimit: perSecond(5000),
      known: { accountConcurrency: 10 },
      concurrency: 10,
    },
    {
      why: 'of an account that allows a single execution, one',
      rateLimit: perSecond(1, 86_400),
      known: { accountConcurrency: 1 },
      concurrency: 1,
    },
  ])('follows the rate limit: $why', ({ rateLimit, known, concurrency }) => {
    const wanted = wantedOf({ pipelineId: 'a', rateLimit }, { ...facts, ...known });
    expect([wanted.concurrency, wanted.concurrencySource]).toEqual([concurrency, 'rateLimit']);
  });

  it('is the record’s where the record says it', () => {
    const wanted = wantedOf({ pipelineId: 'a', concurrency: 7, rateLimit: perSecond(1) });
    expect([wanted.concurrency, wanted.concurrencySource]).toEqual([7, 'record']);
  });

  it('of an account that allows a single execution is one by default', () => {
    expect(wantedOf({ pipelineId: 'a' }, { ...facts, accountConcurrency: 1 }).concurrency).toBe(1);
  });
});

it('makes a list of a single rate limit', () => {
  const one = { tasks: 3, perSeconds: 2 };
  expect(wantedOf({ pipelineId: 'a', rateLimit: one }).rateLimits).toEqual([one]);
  expect(wantedOf({ pipelineId: 'a', rateLimit: [one] }).rateLimits).toEqual([one]);
});

it('takes numbers that the document client hands over as bigint or NumberValue', () => {
  class NumberValue {
    readonly value = '60';
  }
  const wanted = wantedOf({ pipelineId: 'a', concurrency: 7n, timeoutSeconds: new NumberValue() });
  expect([wanted.concurrency, wanted.timeoutSeconds]).toEqual([7, 60]);
});

describe('a record of an earlier version', () => {
  const path = new URL('./fixtures/config-records-v1.json', import.meta.url);
  const fixtures: { record: Record<string, unknown>; wanted: Record<string, unknown> }[] = JSON.parse(
    readFileSync(path, 'utf8'),
  );

  // Frozen: a change that needs this file changed breaks records that people have. Without what is only an estimate:
  // the concurrency for a rate limit.
  it.each(fixtures)('is valid and means what it meant: $record.pipelineId', ({ record, wanted }) => {
    expect(wantedOf(record)).toMatchObject(wanted);
  });
});
