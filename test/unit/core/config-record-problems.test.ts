import { expect, it } from '@jest/globals';
import { parseConfigRecord } from '../../../core/config-record.ts';
import { messagesOf, problemsOf } from './config-record/problems-of.ts';

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
