import * as fc from 'fast-check';
import { actionsAboutReleases, actionsOfAllSorts } from './stories/actions.ts';
import { fields } from './stories/deeds.ts';
import { faultsAroundReleases, faults as faultsOfAllSorts } from './stories/faults.ts';
import type { Action, Deed, Fields, PlannedFault, Story } from './story.ts';

/** What needs no reconciler. */
const CALM_DEEDS: readonly Deed['kind'][] = [
  'edit',
  'spoil',
  'remove',
  'send',
  'traffic',
  'upload',
  'hold',
  'unhold',
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

/** What differs from one sort of stories to the other. */
interface Sort {
  readonly first: fc.Arbitrary<Fields[]>;
  readonly actions: fc.Arbitrary<Action[]>;
  readonly faults: fc.Arbitrary<readonly PlannedFault[]>;
}

function storiesOf({ first, actions, faults }: Sort): fc.Arbitrary<Story> {
  return fc.noBias(
    fc
      .record({
        world: fc.noShrink(fc.nat(0x7fff_ffff)),
        first,
        accountConcurrency: fc.constantFrom(1000, 1000, 1000, 101, 100),
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
}

/** Stories: a few pipelines, edits and tasks and mishaps, at any distance from each other. */
export const stories = storiesOf({
  first: fc.array(fields, { minLength: 1, maxLength: 3 }),
  actions: actionsOfAllSorts,
  faults: faultsOfAllSorts,
});

/** A task that fails is soon tried again, and soon a dead letter. */
const HASTY: Fields = {
  timeoutSeconds: 10,
  visibilityTimeoutSeconds: 60,
  maxAttempts: 1,
  maxReceiveCount: 2,
};

/** Stories about releases: more pipelines, at work. */
export const releaseStories = storiesOf({
  first: fc.array(fc.oneof(fc.constant(HASTY), fc.constant({ ...HASTY, canary: true }), fields), {
    minLength: 1,
    maxLength: 7,
  }),
  actions: actionsAboutReleases,
  faults: faultsAroundReleases,
});
