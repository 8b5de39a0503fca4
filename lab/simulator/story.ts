import * as fc from 'fast-check';
import { CALL_FAULTS, type CallFault, RUN_FAULTS, type RunFault } from './world/faults.ts';

/** Fields of a config record as a story sets them; the pipelineId is the story's business. */
export type Fields = Readonly<Record<string, unknown>>;

/** What somebody changes by hand, past Sluice. */
export type Meddling =
  | 'mappingOff'
  | 'mappingConcurrency'
  | 'mappingGone'
  | 'functionTimeout'
  | 'functionCode'
  | 'functionGone'
  | 'reservationGone'
  | 'visibility'
  | 'queueGone'
  | 'deadLetterQueueGone';

export type Deed =
  /** Writes the record, or changes some fields of it. */
  | { readonly kind: 'edit'; readonly fields: Fields }
  /** Sets a field to something that no record may have. */
  | { readonly kind: 'spoil'; readonly field: string; readonly value: unknown }
  | { readonly kind: 'remove' }
  | {
      readonly kind: 'send';
      readonly count: number;
      readonly seconds: number;
      readonly failures: number;
      readonly delaySeconds: number;
    }
  | { readonly kind: 'meddle'; readonly how: Meddling }
  /** Somebody else has made a queue or a function of the pipeline's name. */
  | { readonly kind: 'foreign'; readonly what: 'queue' | 'function' }
  /** Uploads the next version of the consumer code. */
  | { readonly kind: 'upload' }
  /** Stops the execution that is at work on the pipeline: a dead writer. */
  | { readonly kind: 'abort' }
  /** Events of this pipeline make the listener fail from now on. */
  | { readonly kind: 'poison' }
  | { readonly kind: 'reconciler'; readonly on: boolean };

export interface Action {
  readonly afterSeconds: number;
  /** Index of the pipeline. */
  readonly on: number;
  readonly deed: Deed;
}

/** A fault at one call, or at one run of a step; counted per pipeline from the story's begin. */
export type PlannedFault =
  | { readonly on: number; readonly call: number; readonly fault: CallFault }
  | { readonly on: number; readonly run: number; readonly fault: RunFault };

/** For a while everything goes wrong now and then, in the listener and the reconciler too. */
export interface Storm {
  readonly fromSeconds: number;
  readonly seconds: number;
  readonly permille: number;
}

export interface Story {
  /** Seed of the world: latencies, durations, AWS's whims. */
  readonly world: number;
  /** What each pipeline's record says when the story begins. */
  readonly first: readonly Fields[];
  readonly accountConcurrency: number;
  /** The budget: calls per second in Lambda's control-plane bucket. */
  readonly perSecond: number;
  /** Nothing goes wrong, nobody meddles, and the reconciler never ticks: the events alone must do. */
  readonly calm: boolean;
  readonly reconcileSlice: number;
  readonly actions: readonly Action[];
  readonly faults: readonly PlannedFault[];
  readonly storm: Storm | undefined;
}

const fields: fc.Arbitrary<Fields> = fc
  .record(
    {
      concurrency: fc.constantFrom(1, 1, 2, 3, 5, 8),
      timeoutSeconds: fc.constantFrom(5, 20, 60),
      batchSize: fc.constantFrom(1, 1, 3),
      batchWindowSeconds: fc.constantFrom(0, 0, 5),
      memoryMb: fc.constantFrom(128, 512),
      visibilityTimeoutSeconds: fc.constantFrom(60, 150, 400),
      messageRetentionSeconds: fc.constantFrom(1_209_600, 345_600, 3_600),
      maxReceiveCount: fc.constantFrom(2, 5, 8, 40),
      maxAttempts: fc.constantFrom(1, 5),
      environment: fc.constantFrom({}, { MODE: 'a' }, { MODE: 'b' }),
      paused: fc.boolean(),
      codeVersion: fc.constantFrom('v1', 'v2', 'v3'),
      onDelete: fc.constantFrom('drain', 'drain', 'drain', 'discard'),
      drainTimeoutSeconds: fc.constantFrom(0, 60, 600),
      restWhenIdleSeconds: fc.constantFrom(300, 600),
      expiresInSeconds: fc.constantFrom(-10, 30, 400),
    },
    { requiredKeys: [] },
  )
  // Most edits change a field or two.
  .chain((all) => {
    const names = Object.keys(all) as (keyof typeof all)[];
    if (names.length === 0) return fc.constant({});
    return fc
      .uniqueArray(fc.nat(names.length - 1), { minLength: 1, maxLength: 3 })
      .map((chosen) =>
        Object.fromEntries(chosen.map((at) => [names[at], all[names[at] as keyof typeof all]])),
      );
  });

const spoilt = fc.constantFrom(
  { field: 'concurrency', value: 0 },
  { field: 'concurrency', value: 'two' },
  { field: 'timeoutSeconds', value: 901 },
  { field: 'concurency', value: 2 },
  { field: 'visibilityTimeoutSeconds', value: 1 },
  { field: 'environment', value: { SLUICE_X: 'no' } },
  { field: 'batchSize', value: 500 },
);

const meddlings: readonly Meddling[] = [
  'mappingOff',
  'mappingConcurrency',
  'mappingGone',
  'functionTimeout',
  'functionCode',
  'functionGone',
  'reservationGone',
  'visibility',
  'queueGone',
  'deadLetterQueueGone',
];

const send: fc.Arbitrary<Deed> = fc
  .record({
    count: fc.integer({ min: 1, max: 25 }),
    seconds: fc.constantFrom(0.2, 1, 4, 15),
    failures: fc.constantFrom(0, 0, 0, 1, 1000),
    delaySeconds: fc.constantFrom(0, 0, 0, 10, 300, 900),
  })
  .map((what) => ({ kind: 'send', ...what }) as const);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 10, arbitrary: fields.map((what): Deed => ({ kind: 'edit', fields: what })) },
  { weight: 8, arbitrary: send },
  { weight: 4, arbitrary: fc.constant<Deed>({ kind: 'remove' }) },
  { weight: 2, arbitrary: spoilt.map((what): Deed => ({ kind: 'spoil', ...what })) },
  { weight: 3, arbitrary: fc.constantFrom(...meddlings).map((how): Deed => ({ kind: 'meddle', how })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('queue', 'function').map((what): Deed => ({ kind: 'foreign', what })),
  },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'upload' }) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'abort' }) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'poison' }) },
  { weight: 1, arbitrary: fc.boolean().map((on): Deed => ({ kind: 'reconciler', on })) },
);

const pause: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 4, arbitrary: fc.integer({ min: 5, max: 90 }) },
  { weight: 2, arbitrary: fc.integer({ min: 90, max: 900 }) },
);

const faults: fc.Arbitrary<readonly PlannedFault[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        on: fc.nat(2),
        call: fc.integer({ min: 1, max: 250 }),
        fault: fc.constantFrom(...CALL_FAULTS),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        on: fc.nat(2),
        run: fc.integer({ min: 1, max: 60 }),
        fault: fc.constantFrom(...RUN_FAULTS),
      }),
    },
  ),
  { maxLength: 20, size: 'max' },
);

/** What needs no reconciler. */
const CALM_DEEDS: readonly Deed['kind'][] = ['edit', 'spoil', 'remove', 'send'];

function calmed(story: Story): Story {
  return {
    ...story,
    accountConcurrency: 1000,
    faults: [],
    storm: undefined,
    first: story.first.map(calmFields),
    actions: story.actions
      .filter(({ deed }) => CALM_DEEDS.includes(deed.kind))
      .map((action) =>
        action.deed.kind === 'edit'
          ? { ...action, deed: { kind: 'edit', fields: calmFields(action.deed.fields) } }
          : action,
      ),
  };
}

function calmFields({
  restWhenIdleSeconds: _rest,
  expiresInSeconds: _expiry,
  codeVersion: _pin,
  ...fields
}: Fields) {
  return fields;
}

/** Stories: a few pipelines, edits and tasks and mishaps, at any distance from each other. */
export const stories: fc.Arbitrary<Story> = fc.noBias(
  fc
    .record({
      world: fc.noShrink(fc.nat(0x7fff_ffff)),
      first: fc.array(fields, { minLength: 1, maxLength: 3 }),
      accountConcurrency: fc.constantFrom(1000, 1000, 1000, 101),
      perSecond: fc.constantFrom(10, 2),
      calm: fc.nat(3).map((dice) => dice === 3),
      reconcileSlice: fc.constantFrom(400, 2),
      actions: fc.array(fc.record({ afterSeconds: pause, on: fc.nat(2), deed }), {
        minLength: 1,
        maxLength: 20,
        size: 'max',
      }),
      faults,
      storm: fc.option(
        fc.record({
          fromSeconds: fc.integer({ min: 0, max: 600 }),
          seconds: fc.integer({ min: 10, max: 900 }),
          permille: fc.integer({ min: 1, max: 120 }),
        }),
        { nil: undefined, freq: 2 },
      ),
    })
    .map((story) => (story.calm ? calmed(story) : story))
    .map((story) => ({
      ...story,
      actions: story.actions.map((action) => ({ ...action, on: action.on % story.first.length })),
      faults: story.faults.map((fault) => ({ ...fault, on: fault.on % story.first.length })),
    })),
);
