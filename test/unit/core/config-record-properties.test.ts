import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configRecordSchema } from '../../../core/config-record/schema.ts';
import { parseConfigRecord, type Wanted } from '../../../core/config-record.ts';
import { problemMessage } from '../../../core/problems.ts';
import { fieldCases } from './config-record-cases.ts';
import { validRecords } from './valid-records.ts';

const facts = { stage: 'prod', accountConcurrency: 1000 };
const fieldNames = Object.keys(configRecordSchema.shape);

const anything = fc.anything({
  withBigInt: true,
  withSet: true,
  withMap: true,
  withTypedArray: true,
  withNullPrototype: true,
  withDate: true,
  maxDepth: 4,
});

/** Records of known, mistyped and odd fields with values that are right, nearly right or anything. */
const almostRecords = fc.dictionary(
  fc.oneof(fc.constantFrom(...fieldNames), fc.constantFrom('timeout', '__proto__', 'toString'), fc.string()),
  fc.oneof(
    fc.constantFrom(
      ...Object.values(fieldCases).flatMap(({ takes, refuses, wrongTypes }) => [
        ...takes,
        ...refuses,
        ...wrongTypes,
      ]),
    ),
    anything,
  ),
  { maxKeys: 25 },
);

function wantedOf(record: unknown): Wanted {
  const parsed = parseConfigRecord(record, facts);
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.map(problemMessage).join('\n'));
  return parsed.wanted;
}

/** The record that says in full what another said in part. */
function recordOf({
  concurrency,
  concurrencySource,
  rateLimits,
  ...fields
}: Wanted): Record<string, unknown> {
  return {
    ...fields,
    ...(concurrencySource === 'record' ? { concurrency } : {}),
    ...(rateLimits.length > 0 ? { rateLimit: rateLimits } : {}),
  };
}

it('takes anything without throwing, and says of every problem where, what, why and what to do', () => {
  fc.assert(
    fc.property(fc.oneof(anything, almostRecords), (raw) => {
      const parsed = parseConfigRecord(raw, facts);
      if (parsed.kind === 'valid') return;
      expect(parsed.problems.length).toBeGreaterThan(0);
      for (const problem of parsed.problems) {
        for (const text of [problem.code, problem.allowed, problem.given, problem.hint])
          expect(text).not.toBe('');
        if (problem.path === '') expect(problem.code).toBe('WrongType');
        expect(problemMessage(problem)).toContain(problem.path || 'the config record');
        expect(problemMessage(problem).length).toBeLessThan(1200);
      }
    }),
    { numRuns: 2000 },
  );
});

it('takes every valid record, and wants nothing but plain JSON', () => {
  fc.assert(
    fc.property(validRecords, (record) => {
      const wanted = wantedOf(record);
      expect(JSON.parse(JSON.stringify(wanted))).toEqual(wanted);
      expect(wanted).toMatchObject({ pipelineId: record.pipelineId, environment: record.environment ?? {} });
      expect(wanted.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(wanted.timeoutSeconds);
      expect(wanted.maxReceiveCount).toBeGreaterThanOrEqual(wanted.maxAttempts);
    }),
    { numRuns: 1000 },
  );
});

it('wants the same of a record that says all its defaults', () => {
  fc.assert(
    fc.property(validRecords, (record) => {
      const wanted = wantedOf(record);
      expect(wantedOf(recordOf(wanted))).toEqual(wanted);
    }),
    { numRuns: 1000 },
  );
});

it('leaves the record as it was', () => {
  fc.assert(
    fc.property(validRecords, (record) => {
      const before = structuredClone(record);
      wantedOf(record);
      expect(record).toEqual(before);
    }),
  );
});

it('names every broken field of a record and no other', () => {
  // Fields that no rule ties to another, so that breaking one cannot excuse another.
  const alone = [
    'concurrency',
    'memoryMb',
    'maxBacklog',
    'paused',
    'restWhenIdleSeconds',
    'onDelete',
    'drainTimeoutSeconds',
    'codeKey',
    'codeVersion',
    'canary',
    'progress',
    'expiresAt',
  ];
  fc.assert(
    fc.property(validRecords, fc.subarray(alone, { minLength: 1 }), fc.nat(), (record, broken, pick) => {
      const bad = Object.fromEntries(
        broken.map((field) => {
          const { refuses = [], wrongTypes = [] } = fieldCases[field] ?? {};
          const values = [...refuses, ...wrongTypes];
          return [field, values[pick % values.length]];
        }),
      );
      const parsed = parseConfigRecord({ ...record, ...bad }, facts);
      const paths = parsed.kind === 'invalid' ? parsed.problems.map(({ path }) => path) : [];
      expect(paths.sort()).toEqual([...broken].sort());
    }),
    { numRuns: 1000 },
  );
});

it('never repeats a value of the environment, however it is mistyped', () => {
  const secret = 'hunter2-hunter2';
  const around = fc.tuple(
    fc.constantFrom('', 'ssm:', 'secret:', 'ssm:/a b', ' '),
    fc.constantFrom('', ' ', 'x'.repeat(5000)),
  );
  const text = around.map(([before, after]) => `${before}${secret}${after}`);
  const value = fc.oneof(
    text,
    fc.array(text, { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'B2'), text),
    text.map((one) => new Set([one])),
  );
  const names = fc.constantFrom('AB', 'A', 'AWS_REGION', 'SLUICE_X', 'a-b', '__proto__');
  fc.assert(
    fc.property(
      fc.constantFrom('environment', 'enviroment', 'env', 'Variables', 'zzz'),
      fc.oneof(value, fc.dictionary(names, value), fc.array(value)),
      (field, environment) => {
        const parsed = parseConfigRecord({ pipelineId: 'a', [field]: environment }, facts);
        expect(JSON.stringify(parsed.kind === 'invalid' ? parsed.problems : [])).not.toContain('hunter2');
      },
    ),
    { numRuns: 1000 },
  );
});
