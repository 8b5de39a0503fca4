import { describe, expect, it } from '@jest/globals';
import { parseSpread } from '../../../core/config-record.ts';
import { messagesOf, problemsOf } from './config-record/problems-of.ts';

describe('rules between fields', () => {
  it.each([
    [
      { timeoutSeconds: 60, visibilityTimeoutSeconds: 59 },
      'visibilityTimeoutSeconds',
      'timeoutSeconds (60) or more',
    ],
    [{ visibilityTimeoutSeconds: 29 }, 'visibilityTimeoutSeconds', 'timeoutSeconds (30) or more'],
    [{ batchSize: 11 }, 'batchWindowSeconds', '1 or more with a batchSize of 11'],
    [{ maxReceiveCount: 4 }, 'maxReceiveCount', 'maxAttempts (5) or more'],
    [{ spread: { minSeconds: 2, maxSeconds: 1 } }, 'spread.maxSeconds', 'minSeconds (2) or more'],
    [
      { messageRetentionSeconds: 119, spread: { minSeconds: 0, maxSeconds: 60 } },
      'messageRetentionSeconds',
      '120 or more, for spread may delay a message by 60 s',
    ],
    [
      { messageRetentionSeconds: 60, spread: { finishWithinSeconds: 600 } },
      'messageRetentionSeconds',
      '660 or more, for spread may delay a message by 600 s',
    ],
    [
      { messageRetentionSeconds: 959, spread: { minSeconds: 0, maxSeconds: 3600 } },
      'messageRetentionSeconds',
      '960 or more, for spread may delay a message by 900 s',
    ],
    [
      { breaker: { windowSeconds: 60, minTasks: 20 }, rateLimit: { tasks: 24, perSeconds: 60 } },
      'breaker.minTasks',
      '19 or less while rateLimit lets no more start for sure within 60 s',
    ],
    [
      {
        breaker: { minTasks: 5 },
        rateLimit: [
          { tasks: 1, perSeconds: 1 },
          { tasks: 5, perSeconds: 3600 },
        ],
      },
      'breaker.minTasks',
      '4 or less while rateLimit lets no more start for sure within 3600 s',
    ],
    [
      { messageRetentionSeconds: 330, breaker: {} },
      'messageRetentionSeconds',
      'more than the 330 s that the breaker may hold tasks',
    ],
    [
      { idempotency: { key: '$', seconds: 179 } },
      'idempotency.seconds',
      'visibilityTimeoutSeconds (180) or more',
    ],
    [
      { idempotency: { key: '$', seconds: 899 }, visibilityTimeoutSeconds: 900 },
      'idempotency.seconds',
      'visibilityTimeoutSeconds (900) or more',
    ],
    [
      {
        rateLimit: [
          { tasks: 1, perSeconds: 60 },
          { tasks: 2, perSeconds: 60 },
        ],
      },
      'rateLimit[1].perSeconds',
      'different from rateLimit[0].perSeconds',
    ],
  ])('refuse %j', (fields, path, allowed) => {
    expect(problemsOf(fields)).toMatchObject([{ path, code: 'Conflict', allowed }]);
  });

  it.each([
    { timeoutSeconds: 60, visibilityTimeoutSeconds: 60 },
    { batchSize: 11, batchWindowSeconds: 1 },
    { batchSize: 10_000, batchWindowSeconds: 1 },
    { maxReceiveCount: 5 },
    { messageRetentionSeconds: 120, spread: { minSeconds: 0, maxSeconds: 60 } },
    { messageRetentionSeconds: 960, spread: { minSeconds: 0, maxSeconds: 86_400 } },
    { breaker: { windowSeconds: 60, minTasks: 20 }, rateLimit: { tasks: 25, perSeconds: 60 } },
    { breaker: { minTasks: 20 }, rateLimit: { tasks: 24, perSeconds: 60 } },
    { breaker: {}, rateLimit: { tasks: 1, perSeconds: 2_678_400 } },
    { breaker: { minTasks: 1 }, rateLimit: { tasks: 1, perSeconds: 86_400 } },
    { breaker: { force: 'open' }, rateLimit: { tasks: 1, perSeconds: 86_400 } },
    { messageRetentionSeconds: 331, breaker: {} },
    { idempotency: { key: '$', seconds: 180 } },
    { idempotency: { key: '$', seconds: 40 }, visibilityTimeoutSeconds: 40 },
    {
      rateLimit: [
        { tasks: 1, perSeconds: 1 },
        { tasks: 60, perSeconds: 60 },
      ],
    },
  ])('take %j', (fields) => {
    expect(problemsOf(fields)).toEqual([]);
  });

  it('pass over a field that is wrong by itself', () => {
    expect(problemsOf({ timeoutSeconds: '60', visibilityTimeoutSeconds: 1 })).toMatchObject([
      { path: 'timeoutSeconds', code: 'WrongType' },
    ]);
  });

  it('refuse more concurrency than the account has, and say how much it has', () => {
    const facts = { stage: 'prod', accountConcurrency: 400 };
    expect(messagesOf({ concurrency: 401 }, facts)).toEqual([
      'concurrency must be at most 400, the account\'s concurrent executions in this region, got 401 — lower it, or have the Lambda quota "Concurrent executions" raised in Service Quotas',
    ]);
    expect(problemsOf({ concurrency: 401 }, facts)).toMatchObject([{ code: 'AccountLimit' }]);
    expect(problemsOf({ concurrency: 400 }, facts)).toEqual([]);
  });

  it('refuse an id that makes a name too long for Lambda', () => {
    expect(problemsOf({ pipelineId: 'a'.repeat(40) }, { stage: 'x'.repeat(10) })).toEqual([]);
    expect(problemsOf({ pipelineId: 'a'.repeat(40) }, { stage: 'x'.repeat(12) })).toMatchObject([
      { path: 'pipelineId', code: 'Conflict', allowed: `at most 39 characters in stage ${'x'.repeat(12)}` },
    ]);
  });
});

describe('the spread of a burst', () => {
  it('is judged like that of a record', () => {
    expect(parseSpread({ minSeconds: 0, maxSeconds: 600 }, 3600)).toEqual({
      kind: 'valid',
      spread: { minSeconds: 0, maxSeconds: 600 },
    });
    expect(parseSpread({ minSeconds: 9, maxSeconds: 8 }, 3600)).toMatchObject({
      kind: 'invalid',
      problems: [{ path: 'spread.maxSeconds', code: 'Conflict' }],
    });
    expect(parseSpread({ maxConcurrency: 0 }, 3600)).toMatchObject({
      kind: 'invalid',
      problems: [{ path: 'spread.maxConcurrency', code: 'OutOfRange' }],
    });
    expect(parseSpread({ minSeconds: 0, maxSeconds: 600 }, 600)).toMatchObject({
      kind: 'invalid',
      problems: [{ path: 'messageRetentionSeconds' }],
    });
    expect(parseSpread('10 minutes', 600)).toMatchObject({
      kind: 'invalid',
      problems: [{ code: 'WrongType' }],
    });
  });
});
