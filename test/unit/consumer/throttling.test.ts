import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { throttlingOf } from '../../../consumer/throttling.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const SEVEN = { 'retry-after': '7' };

/** As the AWS SDK itself makes it of an answer. */
async function thrownByLambda(statusCode: number, name: string, headers: object): Promise<unknown> {
  const client = new LambdaClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
    maxAttempts: 1,
    requestHandler: {
      handle: async () => ({
        response: {
          statusCode,
          headers: { 'x-amzn-errortype': name, ...headers },
          body: new TextEncoder().encode('{"message":"Rate exceeded"}'),
        },
      }),
    },
  });
  return client.send(new ListFunctionsCommand({})).catch((error: unknown) => error);
}

const answer = (status: number, headers: Record<string, string> = {}) =>
  new Response('', { status, headers });
const failed = (fields: object, name = 'Error') => Object.assign(new Error('refused'), { name, ...fields });

/** axios 1: own enumerable headers as the server wrote them, and methods beside them. */
class AxiosHeaders {
  [name: string]: unknown;
  constructor(headers: object) {
    Object.assign(this, headers);
  }
  get(name: string) {
    return Object.entries(this).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  }
  *[Symbol.iterator]() {
    yield* Object.entries(this);
  }
}

/** got: what it knows of the exchange is not enumerable. */
function gotError(statusCode: number, headers: object): Error {
  return Object.defineProperty(failed({ code: 'ERR_NON_2XX_3XX_RESPONSE' }, 'HTTPError'), 'response', {
    enumerable: false,
    value: { statusCode, headers },
  });
}

describe('throttling', () => {
  it.each<[string, unknown]>([
    ['a fetch Response itself', answer(429, SEVEN)],
    ['a fetch Response of an own error, or of ky', failed({ response: answer(429, SEVEN) }, 'HTTPError')],
    [
      'axios',
      failed(
        { status: 429, response: { status: 429, headers: new AxiosHeaders({ 'Retry-After': '7' }) } },
        'AxiosError',
      ),
    ],
    ['axios 0', failed({ response: { status: 429, headers: SEVEN } })],
    ['got', gotError(429, SEVEN)],
    ['undici', failed({ code: 'UND_ERR_RESPONSE', statusCode: 429, headers: SEVEN }, 'ResponseError')],
    ['undici with raw headers', failed({ statusCode: 429, headers: ['Date', 'now', 'Retry-After', '7'] })],
    ['openai and Anthropic', failed({ status: 429, headers: new Headers(SEVEN) })],
    ['openai 4', failed({ status: 429, headers: SEVEN })],
    [
      'Octokit',
      failed({ status: 429, response: { status: 429, url: '/', data: {}, headers: SEVEN } }, 'HttpError'),
    ],
    ['a status that is a text', failed({ status: '429', headers: SEVEN })],
    ['no Error at all', { statusCode: 429, headers: SEVEN }],
    ['the cause of another', new Error('no page', { cause: gotError(429, SEVEN) })],
  ])('is recognised in what %s makes', (_, error) => {
    expect(throttlingOf(error, NOW_MS)).toEqual({ status: 429, retryAfterMs: 7_000 });
  });

  it.each([
    [429, 'TooManyRequestsException'],
    [400, 'ThrottlingException'],
    [400, 'ProvisionedThroughputExceededException'],
    [400, 'RequestLimitExceeded'],
    [503, 'SlowDown'],
    [503, 'ServiceUnavailable'],
    [200, 'Throttling'],
  ])('is recognised in an AWS SDK error of status %d and name %s', async (status, name) => {
    const given = failed({ $metadata: { httpStatusCode: status }, $response: { headers: SEVEN } }, name);
    expect(throttlingOf(given, NOW_MS)).toEqual({ status, retryAfterMs: 7_000 });
    if (status === 200) return;
    const thrown = await thrownByLambda(status, name, SEVEN);
    expect(thrown).toMatchObject({ name });
    expect(throttlingOf(thrown, NOW_MS)).toEqual({ status, retryAfterMs: 7_000 });
  });

  it('is recognised by the trait that AWS gives to errors of any name', () => {
    const $retryable = { throttling: true };
    expect(throttlingOf(failed({ $retryable }, 'CodedThrottlingError'), NOW_MS)).toEqual({});
    expect(throttlingOf(failed({ $retryable: { throttling: false } }), NOW_MS)).toBeUndefined();
  });

  it('is no AWS error that waiting need not end', async () => {
    const thrown = await thrownByLambda(400, 'LimitExceededException', {});
    expect(thrown).toMatchObject({ name: 'LimitExceededException' });
    expect(throttlingOf(thrown, NOW_MS)).toBeUndefined();
  });

  it.each([
    [{}, {}],
    [{ retryAfterSeconds: 30 }, { retryAfterMs: 30_000 }],
    [{ retryAfterSeconds: '30' }, { retryAfterMs: 30_000 }],
    [{ retryAfterSeconds: 0 }, { retryAfterMs: 0 }],
    [{ retryAfterSeconds: 0.0014 }, { retryAfterMs: 2 }],
    [{ retryAfterSeconds: 1e9 }, { retryAfterMs: 1e12 }],
    [{ retryAfterSeconds: 1e300 }, { retryAfterMs: Number.MAX_SAFE_INTEGER }],
    [{ retryAfterSeconds: -1 }, {}],
    [{ retryAfterSeconds: Number.NaN }, {}],
    [{ retryAfterSeconds: Number.POSITIVE_INFINITY }, {}],
    [{ retryAfterSeconds: 'soon' }, {}],
    [{ retryAfterSeconds: null }, {}],
    [{ cause: answer(429, SEVEN) }, { status: 429, retryAfterMs: 7_000 }],
    [{ retryAfterSeconds: 1, cause: answer(429, SEVEN) }, { retryAfterMs: 1_000 }],
  ])('is what calls itself Throttled, with %j', (fields, expected) => {
    expect(throttlingOf({ code: 'SluiceThrottled', ...fields }, NOW_MS)).toEqual(expected);
    expect(throttlingOf(failed({ code: 'SluiceThrottled', ...fields }), NOW_MS)).toEqual(expected);
  });

  it.each<[number, Record<string, string>, object | undefined]>([
    [429, {}, { status: 429 }],
    [503, {}, { status: 503 }],
    [503, { 'retry-after': 'soon' }, { status: 503 }],
    [403, {}, undefined],
    [403, { 'x-ratelimit-remaining': '0' }, { status: 403 }],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' }, { status: 403, retryAfterMs: 9_000 }],
    [403, { 'x-ratelimit-remaining': '10', 'x-ratelimit-reset': '9' }, undefined],
    [403, { 'x-ratelimit-reset': '9' }, undefined],
    [403, { 'retry-after': '60', 'x-ratelimit-remaining': '10' }, { status: 403, retryAfterMs: 60_000 }],
    [200, SEVEN, undefined],
    [404, SEVEN, undefined],
    [500, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' }, undefined],
    [502, SEVEN, undefined],
  ])('status %d with %j', (status, headers, expected) => {
    expect(throttlingOf(answer(status, headers), NOW_MS)).toEqual(expected);
  });

  it('is what the outermost error says, with the first wait in the chain of causes', () => {
    const inner = answer(503, SEVEN);
    const middle = new Error('no page', { cause: inner });
    expect(throttlingOf(failed({ status: 429, cause: middle }), NOW_MS)).toEqual({
      status: 429,
      retryAfterMs: 7_000,
    });
    expect(throttlingOf(failed({ status: 500, cause: middle }), NOW_MS)).toEqual({
      status: 503,
      retryAfterMs: 7_000,
    });
  });

  it('is looked for in causes without end', () => {
    const circle: { cause?: unknown } = {};
    circle.cause = { cause: circle };
    expect(throttlingOf(circle, NOW_MS)).toBeUndefined();
    const deep = (depth: number): unknown => (depth === 0 ? answer(429) : { cause: deep(depth - 1) });
    expect([9, 10].map((depth) => throttlingOf(deep(depth), NOW_MS))).toEqual([{ status: 429 }, undefined]);
  });

  it.each([
    undefined,
    null,
    429,
    '429',
    true,
    Symbol('429'),
    new Error('429 Too Many Requests'),
    failed({ code: 'SluiceRetryLater', seconds: 1 }),
    failed({ status: Number.NaN, statusCode: -429, response: null, headers: SEVEN }),
    failed({ status: { valueOf: () => 429 } }),
    failed({ status: '429 Too Many Requests' }),
    failed({}, 'ThrottlingExceptionally'),
    failed({}, 'NoSlowDown'),
  ])('is not %p', (error) => {
    expect(throttlingOf(error, NOW_MS)).toBeUndefined();
  });
});

describe('anything may be thrown', () => {
  const throws = () => {
    throw new Error('no');
  };
  const angry = new Proxy({}, { get: throws, has: throws, ownKeys: throws, getPrototypeOf: throws });
  const { proxy: revoked, revoke } = Proxy.revocable([], {});
  revoke();
  const mock: object = new Proxy(() => mock, { get: () => mock });
  const endless = {
    *[Symbol.iterator]() {
      for (;;) yield ['retry-after', '7'];
    },
  };
  const odd = { angry, revoked, mock, endless, throws, answer: answer(429, SEVEN) };
  /** By name while fast-check handles them: it looks at its values, and these do not like it. */
  const strange = fc.constantFrom(...Object.keys(odd).map((name) => `odd ${name}`));
  const real = (value: unknown): unknown => {
    if (typeof value === 'string' && value.startsWith('odd ')) return odd[value.slice(4) as keyof typeof odd];
    if (Array.isArray(value)) return value.map(real);
    if (value instanceof Map) return new Map([...value].map(([key, of]) => [key, real(of)]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, real(of)]));
  };

  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(...'0123456789.,;=-+:"\\ rtmshdZT') }),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    fc.constantFrom(
      '429',
      'Sun, 06 Nov 1994 08:49:37 GMT',
      '"a";r=0;t=5',
      'limit=1, remaining=0, reset=5',
      '6m0s',
    ),
  );
  const names = fc.constantFrom(
    ...['date', 'Retry-After', 'retry-after-ms', 'RateLimit', 'X-RateLimit-Reset', 'x-ratelimit-remaining'],
  );
  const values = fc.oneof(texts, fc.double(), fc.array(texts), strange, fc.anything());
  const pairs = fc.array(fc.tuple(fc.oneof(names, texts), values));
  const headers = fc.oneof(
    pairs,
    pairs.map((list) => list.flat()),
    pairs.map((list) => Object.fromEntries(list)),
    pairs.map((list) => new Map(list)),
    strange,
    values,
  );
  const keys = ['name', 'code', 'status', 'statusCode', 'retryAfterSeconds', '$retryable'] as const;
  const { error } = fc.letrec<{ error: unknown }>((tie) => ({
    error: fc.oneof(
      { depthSize: 'small' },
      values,
      fc.record(
        {
          ...Object.fromEntries(keys.map((key) => [key, values])),
          status: fc.oneof(fc.constantFrom(403, 429, 503), values),
          code: fc.oneof(fc.constant('SluiceThrottled'), values),
          headers,
          response: fc.oneof(fc.record({ status: values, headers }, { requiredKeys: [] }), strange),
          $response: fc.oneof(fc.record({ headers }), strange),
          $metadata: values,
          cause: tie('error'),
        },
        { requiredKeys: [] },
      ),
    ),
  }));

  it('never makes it throw, and a wait is a whole number of milliseconds', () => {
    const nowMs = fc.integer({ min: 0, max: 4e12 });
    fc.assert(
      fc.property(error, nowMs, (thrown, now) => {
        const throttling = throttlingOf(real(thrown), now);
        if (throttling === undefined) return;
        const { retryAfterMs = 0, status = 429 } = throttling;
        expect(Number.isSafeInteger(retryAfterMs) && retryAfterMs >= 0).toBe(true);
        expect(status).toBeGreaterThanOrEqual(100);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['code', 'name', 'status', 'headers', 'response', 'cause', '$metadata', '$response', '$retryable'])(
    'a getter %s that throws hides only what it has',
    (key) => {
      const cause = answer(429, SEVEN);
      const thrown = Object.defineProperty({ code: 'SluiceThrottled', statusCode: 429, cause }, key, {
        get: throws,
      });
      expect(throttlingOf(thrown, NOW_MS)).toMatchObject({ status: 429 });
    },
  );

  it('headers that break off count as far as they go', () => {
    const breaking = {
      *[Symbol.iterator]() {
        yield ['Retry-After', '7'];
        throw new Error('no');
      },
    };
    const expected = { status: 429, retryAfterMs: 7_000 };
    expect(throttlingOf({ status: 429, headers: breaking }, NOW_MS)).toEqual(expected);
    expect(throttlingOf({ status: 429, headers: revoked, cause: answer(429, SEVEN) }, NOW_MS)).toEqual(
      expected,
    );
    const half = Object.defineProperty({ 'Retry-After': '7' }, 'Date', { enumerable: true, get: throws });
    expect(throttlingOf({ status: 429, headers: half }, NOW_MS)).toEqual(expected);
  });
});
