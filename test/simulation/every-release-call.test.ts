import { describe, expect, it } from '@jest/globals';
import type { Control } from '../../core/release/control.ts';
import { runStory } from '../../lab/simulator/run-story.ts';
import type { Action, Deed, Fields, ReleaseLike, Story } from '../../lab/simulator/story.ts';
import type { CallFault } from '../../lab/simulator/world/faults.ts';

/** A task that fails is soon tried again, and soon a dead letter. */
const HASTY: Fields = {
  timeoutSeconds: 10,
  visibilityTimeoutSeconds: 60,
  maxAttempts: 1,
  maxReceiveCount: 2,
};

/** A story about three pipelines at work and a canary, in which nothing goes wrong by chance. */
function plain(
  name: string,
  bakeSeconds: number,
  ...deeds: (readonly [afterSeconds: number, deed: Deed])[]
): Story & { name: string } {
  const work: Deed = { kind: 'traffic', perMinute: 6, minutes: 12 };
  const told = [[150, work] as const, ...deeds];
  const actions: Action[] = told.map(([afterSeconds, deed]) => ({ afterSeconds, on: 0, deed }));
  return {
    name,
    world: 5,
    first: [{ ...HASTY, canary: true }, HASTY, HASTY],
    accountConcurrency: 1000,
    perSecond: 10,
    calm: false,
    slow: false,
    reconcileSlice: 400,
    bakeSeconds,
    actions,
    faults: [],
    storm: undefined,
  };
}

const upload = (like: ReleaseLike): Deed => ({ kind: 'upload', like });

const control = (action: Control): Deed => ({ kind: 'control', action });

/** Every way through the rollout machine, each in a story of its own; and how its releases end. */
const STORIES = [
  { ...plain('a good release', 10, [120, upload('good')]), ends: ['Done'] },
  { ...plain('one that fails', 180, [120, upload('fails')]), ends: ['RolledBack'] },
  { ...plain('one that fails its trial', 10, [120, upload('failsTrial')]), ends: ['Rejected'] },
  {
    ...plain('a newer one in the middle', 10, [120, upload('good')], [40, upload('good')]),
    ends: ['Superseded', 'Done'],
  },
  {
    ...plain('a pause', 30, [120, upload('good')], [40, control('pause')], [60, control('resume')]),
    ends: ['Done'],
  },
  {
    ...plain('another try', 30, [120, upload('good')], [40, control('abort')], [60, control('retry')]),
    ends: ['Done'],
  },
  {
    ...plain('a rollback by hand', 30, [120, upload('good')], [60, control('rollback')]),
    ends: ['RolledBack'],
  },
];

const FAULTS: readonly CallFault[] = ['error', 'replyLost', 'crashBefore', 'crashAfter'];

const FUNCTIONS = ['code-rollout', 'code-listener', 'rollout-control'];

describe('a fault at any one call of a rollout is mended', () => {
  const cases = STORIES.flatMap((story) => FAULTS.map((fault) => ({ story, fault, name: story.name })));

  it.each(cases)(
    '$name: $fault',
    async ({ story, fault }) => {
      for (const of of FUNCTIONS) {
        for (let call = 1; ; call += 1) {
          const { violations, history } = await runStory({ ...story, faults: [{ of, call, fault }] });
          expect({ of, call, violations }).toEqual({ of, call, violations: [] });
          if (history.struck > 0) continue;
          // No call is left for the fault: that is the story as it is meant.
          expect(history.world.releases.records.map(({ state }) => state)).toEqual(story.ends);
          break;
        }
      }
    },
    240_000,
  );
});
