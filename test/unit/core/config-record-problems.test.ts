import { describe, expect, it } from '@jest/globals';
import { type ConfigFacts, parseConfigRecord, parseSpread } from '../../../core/config-record.ts';
import { type Problem, problemMessage } from '../../../core/problems.ts';

function problemsOf(
  fields: Record<string, unknown>,
  facts: ConfigFacts = { stage: 'prod' },
): readonly Problem[] {
  const parsed = parseConfigRecord({ pipelineId: 'a', ...fields }, facts);
  return parsed.kind === 'valid' ? [] : parsed.problems;
}

const messagesOf = (fields: Record<string, unknown>, facts?: ConfigFacts) =>
  problemsOf(fields, facts).map(problemMessage);

it('says where, what is allowed, what was given and what to do', () => {
  expect(problemsOf({ rateLimit: [{ tasks: 0, perSeconds: 1 }] })).toEqual([
    {
      path: 'rateLimit[0].tasks',
      code: 'OutOfRange',
      allowed: 'an integer of 1 or more',
      given: '0',
      hint: 'leave rateLimit out for no limit',
    },
  ]);
  expect(messagesOf({ rateLimit: [{ tasks: 0, perSeconds: 1 }] })).toEqual([
    'rateLimit[0].tasks must be an integer of 1 or more, got 0 — leave rateLimit out for no limit',
  ]);
});

it('says everything that is wrong at once', () => {
  const paths = problemsOf({
    pipelineId: 'x-dlq',
    concurrency: 0,
    memory: 1,
    environment: { A: 'x', SLUICE_X: 'y', BIG: 'z'.repeat(4000), REF: 'ssm:x' },
    rateLimit: [
      { tasks: 1, perSeconds: 60 },
      { tasks: 0, perSeconds: 60, burst: 1 },
    ],
    batchSize: 11,
    spread: { minSeconds: 0, maxSeconds: 86_401 },
    timeoutSeconds: 60,
    visibilityTimeoutSeconds: 59,
  }).map(({ path, code }) => `${path} ${code}`);
  expect(paths.sort()).toEqual(
    [
      'pipelineId NotAllowed',
      'concurrency OutOfRange',
      'memory UnknownField',
      'environment.A NotAllowed',
      'environment.SLUICE_X NotAllowed',
      'environment.REF NotAllowed',
      'environment OutOfRange',
      'rateLimit[1].tasks OutOfRange',
      'rateLimit[1].burst UnknownField',
      'rateLimit[1].perSeconds Conflict',
      'batchWindowSeconds Conflict',
      'spread.maxSeconds OutOfRange',
      'visibilityTimeoutSeconds Conflict',
    ].sort(),
  );
});

it.each([
  [{ concurrency: '4' }, 'choose type Number in the console, or drop the quotes'],
  [
    { concurrency: 'four' },
    'for more than 1000 at once use several pipelines; to stop a pipeline set paused to true',
  ],
  [{ paused: 'True' }, 'choose type Boolean in the console, or drop the quotes'],
  [{ codeKey: 7 }, 'choose type String in the console, or put it in quotes'],
  [{ environment: { AB: 7 } }, 'choose type String in the console, or put it in quotes'],
  [{ timeoutSeconds: null }, 'remove the field instead of setting it to null'],
  [{ concurrency: new Set([4]) }, 'sets and binary are not used in config records: choose type Number'],
  [{ rateLimit: new Set([4]) }, 'sets and binary are not used in config records: choose type Map'],
  [{ codeKey: new Uint8Array(3) }, 'sets and binary are not used in config records: choose type String'],
  [{ expiresAt: 1_893_456_000_123 }, 'this looks like milliseconds: give 1893456000'],
  [{ expiresAt: 3600 }, 'give a point in time, not a duration: seconds since 1970'],
  [{ pipelineId: 'a-dlq' }, 'drop -dlq from its end: that is how dead-letter queues are named'],
  [
    { environment: { AWS_REGION: 'x' } },
    'names that start with SLUICE_ or AWS_, LAMBDA_TASK_ROOT and LAMBDA_RUNTIME_DIR are set for you: rename it',
  ],
  [
    { spread: { minSeconds: 0, maxSeconds: 172_800 } },
    'give whole seconds, a day at most; hand over longer work in several bursts',
  ],
  [{ idempotency: { key: '$.order.id', seconds: 86_400 } }, 'leave the $ out: "order.id"'],
  [{ breaker: { failureShare: 50 } }, 'give a share, for example 0.5 for every second task'],
  [{ breaker: true }, 'use {} for the preset, or leave it out for no breaker'],
  [{ spread: {} }, 'keep one way; leave spread out to hand a burst over at once'],
])('has a hint for the mistake in %j', (fields, hint) => {
  expect(problemsOf(fields).map((problem) => problem.hint)).toEqual([hint]);
});

it.each([
  ['concurency', 'concurrency'],
  ['Concurrency', 'concurrency'],
  ['timeout', 'timeoutSeconds'],
  ['visibilityTimeout', 'visibilityTimeoutSeconds'],
  ['memory', 'memoryMb'],
  ['memory_mb', 'memoryMb'],
  ['memroyMb', 'memoryMb'],
  ['env', 'environment'],
  ['rateLimits', 'rateLimit'],
  ['batch_size', 'batchSize'],
  ['retention', 'messageRetentionSeconds'],
  ['expires', 'expiresAt'],
  ['pause', 'paused'],
])('takes %s for a slip of %s', (slip, field) => {
  expect(problemsOf({ [slip]: 1 })).toMatchObject([
    { path: slip, code: 'UnknownField', hint: `did you mean ${field}?` },
  ]);
});

it('suggests the nearest field inside maps too', () => {
  expect(messagesOf({ rateLimit: { tasks: 1, perSecond: 1 } })).toEqual([
    'rateLimit.perSeconds must be an integer from 1 to 2678400, got nothing — give whole seconds: 2 tasks per half a second are 4 per 1, a day is 86400',
    'rateLimit.perSecond is not a known field — did you mean perSeconds?',
  ]);
  expect(messagesOf({ spread: { maxSecs: 9 } })).toEqual([
    'spread must be exactly one of {minSeconds, maxSeconds}, {maxConcurrency} or {finishWithinSeconds}, got {maxSecs} — keep one way; leave spread out to hand a burst over at once',
    'spread.maxSecs is not a known field — did you mean maxSeconds?',
  ]);
});

it('lists the known fields where none is near', () => {
  const [problem] = problemsOf({ zzzzzzzzzzzz: 1 });
  expect(problem?.hint).toMatch(/^remove it; known fields are pipelineId, concurrency, /);
});

it('does not take what every object inherits for a field', () => {
  const record = JSON.parse('{"pipelineId":"a","__proto__":{"concurrency":9},"constructor":1,"toString":2}');
  const parsed = parseConfigRecord(record, { stage: 'prod' });
  expect(parsed).toMatchObject({
    kind: 'invalid',
    problems: [{ path: '__proto__' }, { path: 'constructor' }, { path: 'toString' }],
  });
});

it.each([undefined, null, 'a', 7, [], new Set(), new Map(), new Uint8Array(1), new Date(0)])(
  'refuses %p, which is no record',
  (raw) => {
    expect(parseConfigRecord(raw, { stage: 'prod' })).toMatchObject({
      kind: 'invalid',
      problems: [{ path: '', code: 'WrongType', allowed: 'a map of fields' }],
    });
  },
);

it('says that a record without an id lacks it', () => {
  expect(parseConfigRecord({}, { stage: 'prod' })).toMatchObject({
    kind: 'invalid',
    problems: [{ path: 'pipelineId', code: 'Missing', given: 'nothing' }],
  });
});

it('keeps thousands of problems short', () => {
  const fields = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`field${index}`, index]));
  expect(problemsOf(fields)).toHaveLength(50);
  expect(problemsOf({ environment: fields })).toHaveLength(50);
});

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
