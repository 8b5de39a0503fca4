import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LAMBDA_ENVIRONMENT_BYTES } from '../../../../core/aws-limits.ts';
import { configHash } from '../../../../core/config-hash.ts';
import { LONGEST_OPEN } from '../../../../core/config-record/breaker.ts';
import {
  environmentJsonBytes,
  USER_ENVIRONMENT_JSON_BYTES,
  utf8Bytes,
} from '../../../../core/config-record/environment.ts';
import { LONGEST_KEY } from '../../../../core/config-record/idempotency.ts';
import { parseConfigRecord } from '../../../../core/config-record.ts';
import { type Breaker, probed, tripped } from '../../../../core/flow/breaker.ts';
import { readLimits } from '../../../../core/flow/limits.ts';
import { functionSpec, limitsOf } from '../../../../core/lifecycle/target.ts';
import { consumers, wantedOf } from './records.ts';

const LONG_STAGE = 'abcdefghij';

describe('a consumer’s environment', () => {
  const settings = {
    ...consumers,
    stage: LONG_STAGE,
    flowTable: `sluice-${LONG_STAGE}-flow`,
    holdsTable: `sluice-${LONG_STAGE}-holds`,
    burstsTable: `sluice-${LONG_STAGE}-bursts`,
  };

  function environmentOf(record: Record<string, unknown>) {
    const parsed = parseConfigRecord(record, { stage: LONG_STAGE });
    if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
    return functionSpec({ wanted: parsed.wanted, lease: true }, settings).environment;
  }

  const whole = (min: number, max: number) => fc.integer({ min, max });
  const flow = fc.record({
    rateLimit: fc.uniqueArray(fc.record({ tasks: whole(1, 1_000_000), perSeconds: whole(1, 2_678_400) }), {
      selector: ({ perSeconds }) => perSeconds,
      minLength: 1,
      maxLength: 10,
    }),
    failureShare: fc.double({ min: 0.01, max: 1, noNaN: true }),
    concurrency: fc.option(whole(2, 1000), { nil: undefined }),
  });

  it('takes no more than Lambda’s 4 KB with the longest of everything, the user’s part included', () => {
    fc.assert(
      fc.property(flow, ({ rateLimit, failureShare, concurrency }) => {
        const record = {
          pipelineId: 'i'.repeat(40),
          maxAttempts: 100,
          rateLimit,
          concurrency,
          breaker: {
            failureShare,
            windowSeconds: 3600,
            minTasks: 100_000,
            openSeconds: 3600,
            probes: 100,
            force: 'closed',
          },
          idempotency: { key: 'k'.repeat(LONGEST_KEY), seconds: 2_592_000 },
        };
        const own = environmentOf(record);
        // As Lambda measures them: both as one text of JSON.
        const bytes = utf8Bytes(JSON.stringify(own)) + USER_ENVIRONMENT_JSON_BYTES;
        expect(bytes).toBeLessThanOrEqual(LAMBDA_ENVIRONMENT_BYTES);
      }),
    );
  });

  it('grows by as much as a variable is said to take', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[B-K][A-Z]{1,9}$/), fc.string({ unit: 'binary' }), (name, value) => {
        fc.pre(!/^(ssm|secret):/.test(value));
        const bare = utf8Bytes(JSON.stringify(environmentOf({ pipelineId: 'a' })));
        const full = utf8Bytes(
          JSON.stringify(environmentOf({ pipelineId: 'a', environment: { [name]: value } })),
        );
        expect(full - bare).toBe(environmentJsonBytes({ [name]: value }));
      }),
    );
  });
});

describe('the limits that a consumer is told', () => {
  it('are nothing but the backstop for a record without any', () => {
    expect(limitsOf({ wanted: wantedOf() })).toEqual({
      pace: { kind: 'none' },
      lease: false,
      maxReceives: 50,
    });
  });

  it('are all those of its record, and read back as they were told', () => {
    const fields = {
      rateLimit: { tasks: 100, perSeconds: 1 },
      breaker: { failureShare: 0.2, force: 'closed' },
      idempotency: { key: 'order.id', seconds: 86_400 },
      maxReceiveCount: 17,
    };
    const told = { wanted: wantedOf(fields), lease: true as const };
    const limits = limitsOf(told);
    expect(limits).toEqual({
      pace: { kind: 'ledger', spacingMs: expect.closeTo(10.22), toleranceMs: expect.closeTo(18) },
      lease: true,
      breaker: {
        failureShare: 0.2,
        windowSeconds: 60,
        minTasks: 20,
        openSeconds: 30,
        probes: 3,
        force: 'closed',
      },
      idempotency: { key: 'order.id', seconds: 86_400 },
      maxReceives: 17,
    });
    expect(readLimits(functionSpec(told, consumers).environment.SLUICE_LIMITS)).toEqual(limits);
  });

  it('are the same text of a target that has been in a table, which keeps no order', () => {
    const wanted = wantedOf({
      rateLimit: { tasks: 100, perSeconds: 1 },
      breaker: { force: 'open' },
      idempotency: { key: '$', seconds: 86_400 },
    });
    const spec = functionSpec({ wanted }, consumers);
    expect(functionSpec({ wanted: reversed(wanted) }, consumers)).toEqual(spec);
  });
});

/** With the fields of every map in the opposite order. */
function reversed<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)]);
  return Object.fromEntries(entries.reverse());
}

// What was applied is known by its hash: another one changes every pipeline there is.
it.each([
  [{}, 'fbd1cdae2ae983d7'],
  [{ concurrency: 5, rateLimit: { tasks: 10, perSeconds: 1 }, maxBacklog: 7 }, '7a3820f9941b0138'],
])('the hash of a record without the newer fields is what it was: %j', (fields, hash) => {
  expect(configHash(wantedOf(fields))).toBe(hash);
});

it('a breaker is never open for longer than the record’s retention allows for', () => {
  const { breaker: settings } = limitsOf({ wanted: wantedOf({ breaker: { openSeconds: 7, probes: 1 } }) });
  if (settings === undefined) throw new Error('no breaker');
  const most = () => 1 - 1e-9;
  let longestMs = 0;
  let breaker: Breaker | undefined = tripped(undefined, { tasks: 99, failed: 99 }, settings, 0, most);
  for (let time = 0; time < 20; time += 1) {
    if (breaker?.state !== 'open') throw new Error('not open');
    longestMs = Math.max(longestMs, breaker.untilMs - breaker.sinceMs);
    const { untilMs, sinceMs, opened } = breaker;
    const probe = { id: 'p', untilMs: untilMs + 1 };
    const halfOpen: Breaker = { state: 'halfOpen', sinceMs, opened, probes: [probe], succeeded: 0 };
    breaker = probed(halfOpen, 'p', 'failed', settings, untilMs, most);
  }
  expect(longestMs).toBeLessThanOrEqual(LONGEST_OPEN * 7_000);
  expect(longestMs).toBeGreaterThan((LONGEST_OPEN - 1) * 7_000);
});
