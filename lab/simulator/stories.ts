import * as fc from 'fast-check';
import { CONTROLS } from '../../core/release/control.ts';
import { ROLLOUT_STEPS } from '../../functions/code-rollout/run-step.ts';
import { STEPS } from '../../functions/pipeline-lifecycle/steps/index.ts';
import type { Action, Deed, Fields, Meddling, PlannedFault, ReleaseLike, Story } from './story.ts';
import { CALL_FAULTS, RUN_FAULTS } from './world/faults.ts';

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
      canary: fc.boolean(),
      onDelete: fc.constantFrom('drain', 'drain', 'drain', 'discard'),
      drainTimeoutSeconds: fc.constantFrom(0, 60, 600),
      restWhenIdleSeconds: fc.constantFrom(300, 600),
      expiresInSeconds: fc.constantFrom(-10, 30, 400),
    },
    { requiredKeys: [] },
  )
  // An edit changes a field or two.
  .chain((all) => {
    const names = Object.keys(all) as (keyof typeof all)[];
    if (names.length === 0) return fc.constant({});
    return fc
      .uniqueArray(fc.nat(names.length - 1), { minLength: 1, maxLength: 2 })
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

const edit: fc.Arbitrary<Deed> = fields.map((what): Deed => ({ kind: 'edit', fields: what }));
const remove: fc.Arbitrary<Deed> = fc.constant<Deed>({ kind: 'remove' });
const spoil: fc.Arbitrary<Deed> = spoilt.map((what): Deed => ({ kind: 'spoil', ...what }));
const meddle: fc.Arbitrary<Deed> = fc
  .constantFrom(...meddlings)
  .map((how): Deed => ({ kind: 'meddle', how }));

/** Edits that have a branch of their own in the machine. */
const turn: fc.Arbitrary<Deed> = fc
  .constantFrom<Fields>({ codeVersion: 'v1' }, { codeVersion: 'v2' }, { paused: true }, { paused: false })
  .map((what): Deed => ({ kind: 'edit', fields: what }));

const upload: fc.Arbitrary<Deed> = fc
  .constantFrom<ReleaseLike>(
    'good',
    'good',
    'good',
    'fails',
    'fails',
    'failsHalf',
    'slow',
    'failsTrial',
    'unreadable',
  )
  .map((like): Deed => ({ kind: 'upload', like }));

const control: fc.Arbitrary<Deed> = fc
  .record({
    action: fc.constantFrom(...CONTROLS),
    version: fc.constantFrom(undefined, undefined, 'v3', 'v4'),
  })
  .map(
    ({ action, version }): Deed => ({
      kind: 'control',
      action,
      ...(version === undefined ? {} : { version }),
    }),
  );

const anything: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 9, arbitrary: edit },
  { weight: 3, arbitrary: turn },
  { weight: 8, arbitrary: send },
  { weight: 4, arbitrary: remove },
  { weight: 2, arbitrary: spoil },
  { weight: 3, arbitrary: meddle },
  {
    weight: 1,
    arbitrary: fc.constantFrom('queue', 'function').map((what): Deed => ({ kind: 'foreign', what })),
  },
  { weight: 1, arbitrary: upload },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'abort' }) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'poison' }) },
  { weight: 1, arbitrary: fc.boolean().map((on): Deed => ({ kind: 'reconciler', on })) },
);

/** Limits go up and down under a backlog of long tasks. */
const limits: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc
      .record({ count: fc.integer({ min: 10, max: 60 }), seconds: fc.constantFrom(4, 15, 28) })
      .map((what): Deed => ({ kind: 'send', failures: 0, delaySeconds: 0, ...what })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record(
        {
          concurrency: fc.constantFrom(1, 2, 4, 9),
          timeoutSeconds: fc.constantFrom(30, 60),
          batchSize: fc.constantFrom(1, 3),
          paused: fc.constantFrom(false, false, true),
        },
        { requiredKeys: ['concurrency'] },
      )
      .map((what): Deed => ({ kind: 'edit', fields: what })),
  },
  { weight: 1, arbitrary: fc.constantFrom<Deed>({ kind: 'abort' }, { kind: 'meddle', how: 'mappingGone' }) },
);

/** Records go and come again, while tasks are sent. */
const comings: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: remove },
  { weight: 3, arbitrary: edit },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<Fields>({ paused: true }, { drainTimeoutSeconds: 0 }, { onDelete: 'discard' })
      .map((what): Deed => ({ kind: 'edit', fields: what })),
  },
  { weight: 5, arbitrary: send },
  { weight: 1, arbitrary: meddle },
);

/** Records that come and go so quickly that SQS still blocks the names of their queues. */
const flickers: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: remove },
  { weight: 3, arbitrary: fc.constant<Deed>({ kind: 'edit', fields: { onDelete: 'discard' } }) },
  { weight: 1, arbitrary: edit },
  { weight: 1, arbitrary: send },
);

/** Paused pipelines go with tasks in their queues. */
const salvages: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: send },
  { weight: 2, arbitrary: remove },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<Fields>({ paused: true }, { paused: true, concurrency: 1 }, { drainTimeoutSeconds: 0 })
      .map((what): Deed => ({ kind: 'edit', fields: what })),
  },
);

const traffic: fc.Arbitrary<Deed> = fc
  .record({ perMinute: fc.constantFrom(2, 6, 12), minutes: fc.constantFrom(3, 10, 30) })
  .map((what): Deed => ({ kind: 'traffic', ...what }));

/** Releases come and go while tasks flow and records change. */
const releases: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: upload },
  { weight: 3, arbitrary: control },
  { weight: 4, arbitrary: traffic },
  { weight: 3, arbitrary: send },
  { weight: 2, arbitrary: edit },
  { weight: 1, arbitrary: turn },
  { weight: 1, arbitrary: remove },
  { weight: 1, arbitrary: spoil },
  { weight: 1, arbitrary: fc.constantFrom<Deed>({ kind: 'abortRollouts' }, { kind: 'abort' }) },
);

const moment = fc.integer({ min: 0, max: 6_000 }).map((ms) => ms / 1000);
const anyPause: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: moment },
  { weight: 4, arbitrary: fc.integer({ min: 5, max: 90 }) },
  { weight: 2, arbitrary: fc.integer({ min: 90, max: 900 }) },
);
const shortPause = fc.oneof(moment, fc.integer({ min: 5, max: 150 }));
/** Now and then long enough for a teardown to come to its end. */
const comingPause = fc.oneof(moment, fc.integer({ min: 5, max: 150 }), fc.integer({ min: 100, max: 600 }));

/** Short against a rollout, or as long as one. */
const releasePause = fc.oneof(
  { weight: 3, arbitrary: moment },
  { weight: 5, arbitrary: fc.integer({ min: 5, max: 200 }) },
  { weight: 2, arbitrary: fc.integer({ min: 200, max: 1_500 }) },
);

function actionsOf(deed: fc.Arbitrary<Deed>, afterSeconds: fc.Arbitrary<number>): fc.Arbitrary<Action[]> {
  const action = fc.record({ afterSeconds, on: fc.nat(5), deed });
  return fc.array(action, { minLength: 1, maxLength: 25, size: 'max' });
}

const actions: fc.Arbitrary<Action[]> = fc.oneof(
  { weight: 4, arbitrary: actionsOf(anything, anyPause) },
  { weight: 2, arbitrary: actionsOf(limits, shortPause) },
  { weight: 2, arbitrary: actionsOf(comings, comingPause) },
  { weight: 1, arbitrary: actionsOf(edit, moment) },
  { weight: 2, arbitrary: actionsOf(salvages, fc.integer({ min: 20, max: 300 })) },
  { weight: 1, arbitrary: actionsOf(flickers, fc.integer({ min: 1, max: 80 })) },
  { weight: 3, arbitrary: actionsOf(releases, releasePause) },
);

/** Steps whose faults could cost a task or a word that was left. */
const DELICATE = ['Salvage', 'Salvage', 'DeleteQueues', 'Settle'];

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
      weight: 5,
      arbitrary: fc.record({
        on: fc.nat(2),
        step: fc.constantFrom('Claim', ...Object.keys(STEPS), ...DELICATE, ...DELICATE, ...DELICATE),
        call: fc.integer({ min: 1, max: 24 }),
        fault: fc.constantFrom(...CALL_FAULTS),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        on: fc.nat(2),
        run: fc.integer({ min: 1, max: 60 }),
        fault: fc.constantFrom(...RUN_FAULTS),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        of: fc.constantFrom('code-rollout', 'code-listener', 'rollout-control', ...ROLLOUT_STEPS),
        call: fc.integer({ min: 1, max: 30 }),
        fault: fc.constantFrom(...CALL_FAULTS),
      }),
    },
  ),
  { maxLength: 30, size: 'max' },
);

/** What needs no reconciler. */
const CALM_DEEDS: readonly Deed['kind'][] = [
  'edit',
  'spoil',
  'remove',
  'send',
  'traffic',
  'upload',
  'control',
];

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
      first: fc.oneof(
        { weight: 5, arbitrary: fc.array(fields, { minLength: 1, maxLength: 3 }) },
        { weight: 1, arbitrary: fc.array(fields, { minLength: 4, maxLength: 6 }) },
      ),
      accountConcurrency: fc.constantFrom(1000, 1000, 1000, 101),
      perSecond: fc.constantFrom(10, 2),
      calm: fc.nat(2).map((dice) => dice === 2),
      slow: fc.nat(2).map((dice) => dice === 2),
      reconcileSlice: fc.constantFrom(400, 2),
      bakeSeconds: fc.constantFrom(10, 240, 240),
      actions,
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
      faults: story.faults.map((fault) =>
        'on' in fault ? { ...fault, on: fault.on % story.first.length } : fault,
      ),
    })),
);
