import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  countsSchema,
  evidenceSchema,
  isOpen,
  needsDriver,
  newWalk,
  RELEASE_STATES,
  type ReleaseRecord,
  releaseRecordSchema,
  rolloutName,
  waveSchema,
} from '../../../../core/release/record.ts';
import { anySettings, anyTasks } from './arbitraries.ts';
import { release } from './releases.ts';

const number = fc.nat();
const text = fc.string();
const state = fc.constantFrom(...RELEASE_STATES);
const counts = fc.record({
  moved: number,
  moving: number,
  due: number,
  failing: number,
  failed: number,
  blocked: number,
  waiting: number,
  pinned: number,
});
const evidence = fc.record(
  { pipelineId: text, what: fc.constantFrom(...evidenceSchema.shape.what.options), message: text },
  { requiredKeys: ['what', 'message'] },
);
const walk = fc.record(
  {
    cursor: text,
    startedMs: number,
    told: number,
    counts,
    before: anyTasks,
    after: anyTasks,
    watched: number,
    lastMovedMs: number,
    judged: number,
    unhealthy: number,
    evidence: fc.array(evidence),
  },
  {
    requiredKeys: [
      'startedMs',
      'told',
      'counts',
      'before',
      'after',
      'watched',
      'lastMovedMs',
      'judged',
      'unhealthy',
      'evidence',
    ],
  },
);

/** A value for every field, so that a new one has to be thought of here, too. */
const fields: { [Field in keyof Required<ReleaseRecord>]: fc.Arbitrary<Required<ReleaseRecord>[Field]> } = {
  codeKey: text,
  version: text,
  revision: number,
  bucket: text,
  state,
  announced: state,
  reason: text,
  uploadedAt: text,
  startedAt: text,
  endedAt: text,
  expectedEnd: text,
  sequencer: text,
  sizeBytes: number,
  unzippedBytes: number,
  sha256: text,
  storage: fc.record({ usedBytes: number, allowedBytes: number, neededBytes: number }),
  warnings: fc.array(text),
  settings: anySettings,
  from: text,
  waves: fc.array(
    fc.record({
      reach: fc.double({ min: 0, max: 1, noNaN: true }),
      canaries: fc.boolean(),
      pipelines: number,
    }),
  ),
  wave: fc.integer({ min: -1, max: 20 }),
  toldAtMs: number,
  counts,
  failedPipelines: fc.array(fc.record({ pipelineId: text, message: text })),
  walk,
  health: fc.record({ before: anyTasks, after: anyTasks, atMs: number }),
  evidence: fc.array(evidence),
  returned: fc.boolean(),
  redriven: number,
  paused: fc.boolean(),
  owner: text,
  aliveAtMs: number,
  executions: number,
  updatedAt: text,
  expiresAt: number,
};

const optional = Object.entries(releaseRecordSchema.shape)
  .filter(([, field]) => field.safeParse(undefined).success && field.parse(undefined) === undefined)
  .map(([name]) => name);
const required = Object.keys(fields).filter((name) => !optional.includes(name));

describe('a release record', () => {
  it('is read as it was written, through JSON, with any of its fields', () => {
    const requiredKeys = required as (keyof ReleaseRecord)[];
    fc.assert(
      fc.property(fc.record(fields, { requiredKeys }), (record) => {
        const stored: unknown = JSON.parse(JSON.stringify(record));
        expect(releaseRecordSchema.parse(stored)).toEqual(record);
      }),
    );
  });

  it('of an upload that nobody has looked at has waves, counts and evidence of nothing', () => {
    expect(release()).toMatchObject({
      waves: [],
      wave: -1,
      counts: countsSchema.parse({}),
      warnings: [],
      failedPipelines: [],
      evidence: [],
      paused: false,
      executions: 1,
    });
  });

  it('shares none of its parts with another one', () => {
    const [a, b] = [release(), release()];
    for (const part of ['waves', 'counts', 'warnings', 'failedPipelines', 'evidence'] as const) {
      expect(a[part]).not.toBe(b[part]);
    }
    expect(newWalk(1).counts).not.toBe(newWalk(1).counts);
    expect(newWalk(1).before).not.toBe(newWalk(1).after);
  });

  it('refuses a wave, a state or evidence that is none', () => {
    expect(waveSchema.safeParse({ reach: Number.NaN, canaries: true, pipelines: 1 }).success).toBe(false);
    expect(releaseRecordSchema.safeParse({ ...release(), state: 'Gone' }).success).toBe(false);
    expect(evidenceSchema.safeParse({ what: 'weather', message: '' }).success).toBe(false);
  });

  it.each([
    { states: ['Checking', 'Canary', 'Rolling', 'Baking'] as const, open: true },
    { states: ['Done', 'RolledBack', 'Rejected', 'Superseded', 'Aborted'] as const, open: false },
  ])('is open: $open in $states', ({ states, open }) => {
    for (const state of states) {
      expect(isOpen({ state })).toBe(open);
      const drives = (fields: Partial<ReleaseRecord>) => needsDriver(release({ state, ...fields }));
      // Also a paused one is brought back to its end once it is rolled back.
      expect(drives({})).toBe(open || state === 'RolledBack');
      expect(drives({ paused: true })).toBe(state === 'RolledBack');
      expect(drives({ returned: true })).toBe(open);
    }
  });
});

describe('the name of an execution', () => {
  const anyRelease = fc.record({
    key: fc.string({ unit: 'binary', maxLength: 1024 }),
    version: fc.string({ maxLength: 1024 }),
  });
  const execution = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
  it('is one that Step Functions takes, whatever key and version hold', () => {
    fc.assert(
      fc.property(anyRelease, execution, (of, count) => {
        expect(rolloutName(of, count)).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
      }),
    );
  });

  it('is the same for the same, and another one for another release or another try', () => {
    fc.assert(
      fc.property(anyRelease, anyRelease, execution, execution, (a, b, first, second) => {
        const isSame = a.key === b.key && a.version === b.version && first === second;
        expect(rolloutName(a, first) === rolloutName(b, second)).toBe(isSame);
        expect(rolloutName({ ...a }, first)).toBe(rolloutName(a, first));
      }),
    );
    expect(rolloutName({ key: 'a', version: 'bc' })).not.toBe(rolloutName({ key: 'ab', version: 'c' }));
    expect(rolloutName({ key: 'a', version: 'b' })).toBe(rolloutName({ key: 'a', version: 'b' }, 1));
  });
});
