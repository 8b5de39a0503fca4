import * as fc from 'fast-check';
import type { Action, Deed, Fields } from '../story.ts';
import { control, edit, hold, meddle, remove, send, spoil, traffic, turn, unhold, upload } from './deeds.ts';

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
  { weight: 2, arbitrary: hold },
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

/** Groups are held while they have work, and their records change. */
const holds: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: hold },
  { weight: 1, arbitrary: unhold },
  { weight: 3, arbitrary: send },
  { weight: 2, arbitrary: edit },
  { weight: 1, arbitrary: turn },
  { weight: 1, arbitrary: remove },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<Fields>(
        { breaker: { force: 'open' } },
        { breaker: { force: 'closed' } },
        { breaker: {} },
        { rateLimit: { tasks: 2, perSeconds: 1 } },
        { rateLimit: { tasks: 5, perSeconds: 1 } },
        { restWhenIdleSeconds: 300 },
      )
      .map((what): Deed => ({ kind: 'edit', fields: what })),
  },
  { weight: 1, arbitrary: fc.constantFrom<Deed>({ kind: 'abort' }, { kind: 'meddle', how: 'mappingOff' }) },
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

/** What stories are about, all sorts of it. */
export const actionsOfAllSorts: fc.Arbitrary<Action[]> = fc.oneof(
  { weight: 4, arbitrary: actionsOf(anything, anyPause) },
  { weight: 2, arbitrary: actionsOf(limits, shortPause) },
  { weight: 2, arbitrary: actionsOf(comings, comingPause) },
  { weight: 1, arbitrary: actionsOf(edit, moment) },
  { weight: 2, arbitrary: actionsOf(salvages, fc.integer({ min: 20, max: 300 })) },
  { weight: 1, arbitrary: actionsOf(flickers, fc.integer({ min: 1, max: 80 })) },
  { weight: 3, arbitrary: actionsOf(releases, releasePause) },
  { weight: 3, arbitrary: actionsOf(holds, anyPause) },
);

/** Releases, mostly while there is work. */
export const actionsAboutReleases: fc.Arbitrary<Action[]> = fc
  .tuple(fc.nat(2), actionsOf(releases, releasePause))
  .map(([idle, actions]) => (idle === 0 ? actions : [AT_WORK, ...actions]));

const AT_WORK: Action = { afterSeconds: 60, on: 0, deed: { kind: 'traffic', perMinute: 6, minutes: 40 } };
