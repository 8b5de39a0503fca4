import * as fc from 'fast-check';
import { CONTROLS } from '../../../core/release/control.ts';
import type { Deed, Fields, Meddling, ReleaseLike } from '../story.ts';

/** Single deeds, and the fields of records. */

export const fields: fc.Arbitrary<Fields> = fc
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

export const send: fc.Arbitrary<Deed> = fc
  .record({
    count: fc.integer({ min: 1, max: 25 }),
    seconds: fc.constantFrom(0.2, 1, 4, 15),
    failures: fc.constantFrom(0, 0, 0, 1, 1000),
    delaySeconds: fc.constantFrom(0, 0, 0, 10, 300, 900),
  })
  .map((what) => ({ kind: 'send', ...what }) as const);

export const edit: fc.Arbitrary<Deed> = fields.map((what): Deed => ({ kind: 'edit', fields: what }));
export const remove: fc.Arbitrary<Deed> = fc.constant<Deed>({ kind: 'remove' });
export const spoil: fc.Arbitrary<Deed> = spoilt.map((what): Deed => ({ kind: 'spoil', ...what }));
export const meddle: fc.Arbitrary<Deed> = fc
  .constantFrom(...meddlings)
  .map((how): Deed => ({ kind: 'meddle', how }));

/** Edits that have a branch of their own in the machine. */
export const turn: fc.Arbitrary<Deed> = fc
  .constantFrom<Fields>({ codeVersion: 'v1' }, { codeVersion: 'v2' }, { paused: true }, { paused: false })
  .map((what): Deed => ({ kind: 'edit', fields: what }));

export const upload: fc.Arbitrary<Deed> = fc
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

export const control: fc.Arbitrary<Deed> = fc
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

export const hold: fc.Arbitrary<Deed> = fc
  .record({
    seconds: fc.constantFrom(3, 60, 125, 170, 600, 600, 3_000),
    cause: fc.constantFrom('throttled', 'throttled', 'breaker'),
  })
  .map((what): Deed => ({ kind: 'hold', ...what }));
export const unhold: fc.Arbitrary<Deed> = fc.constant<Deed>({ kind: 'unhold' });

export const traffic: fc.Arbitrary<Deed> = fc
  .record({ perMinute: fc.constantFrom(2, 6, 12), minutes: fc.constantFrom(3, 10, 30) })
  .map((what): Deed => ({ kind: 'traffic', ...what }));
