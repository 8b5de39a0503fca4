import * as z from 'zod';
import { type FieldNotes, fieldNotes, integer } from '../config-record/field-notes.ts';

function number(lowest: number, highest: number, notes: FieldNotes) {
  return z.number().min(lowest).max(highest).register(fieldNotes, notes);
}

const A_DAY_SECONDS = 86_400;

/** How a release goes out; a stage's own in stages.yml, a release's own in the `sluice.json` of its zip. */
export const rolloutSettingsSchema = z.strictObject({
  canaryShare: number(0, 1, {
    title: 'Canary share',
    description: 'Share of the pipelines in the first wave, where none is marked `canary`. At least one.',
    hint: 'give a share: 0.01 is one in a hundred',
  }),
  growth: number(1, 1000, {
    title: 'Growth',
    description: 'Each wave is so many times as large as the one before.',
    hint: 'use 1 for waves of one size',
  }),
  bakeSeconds: number(0, A_DAY_SECONDS, {
    title: 'Bake time',
    unit: 'seconds',
    description: 'How long a wave is watched after its last pipeline was told, before the next one opens.',
    hint: 'give seconds, at most a day',
  }),
  unknownSeconds: number(0, A_DAY_SECONDS, {
    title: 'Longest wait for tasks',
    unit: 'seconds',
    description:
      'How much longer a wave with too few tasks is watched; then it is healthy if nothing at all has failed.',
    hint: 'give seconds, at most a day',
  }),
  minTasks: integer(1, 1_000_000, {
    title: 'Fewest tasks',
    unit: 'tasks',
    description: 'Fewer tasks than this say nothing about a failure share or a duration.',
    hint: 'use 1 to judge by every task',
  }),
  failureShare: number(0, 1, {
    title: 'Failure share',
    description: 'Failed tasks per task, above what the release before had.',
    hint: 'give a share: 0.05 is one in twenty',
  }),
  throttleShare: number(0, 1, {
    title: 'Throttle share',
    description: 'Throttled calls per call, above what the release before had.',
    hint: 'give a share: 0.2 is one in five',
  }),
  deadLetters: integer(0, 1_000_000, {
    title: 'Dead letters',
    unit: 'tasks',
    description: 'New dead letters of one pipeline that are still well.',
    hint: 'use 0 to stop at the first',
  }),
  durationFactor: number(1, 1000, {
    title: 'Duration factor',
    description: 'A call may take so many times as long as under the release before.',
    hint: 'use 2 for twice as long',
  }),
  toleratedShare: number(0, 1, {
    title: 'Tolerated share',
    description:
      'Share of a wave’s pipelines that may be unhealthy, or could not be changed, without stopping it.',
    hint: 'give a share: 0.05 is one in twenty',
  }),
});

export type RolloutSettings = z.output<typeof rolloutSettingsSchema>;

/** A stage's settings unless it says otherwise. */
export const ROLLOUT_SETTINGS: RolloutSettings = {
  canaryShare: 0.01,
  growth: 5,
  bakeSeconds: 300,
  unknownSeconds: 900,
  minTasks: 20,
  failureShare: 0.05,
  throttleShare: 0.2,
  deadLetters: 0,
  durationFactor: 2,
  toleratedShare: 0.05,
};

/** The stage's settings with a release's own in their place. */
export function withOwn(
  stage: RolloutSettings,
  own: { readonly [Setting in keyof RolloutSettings]?: RolloutSettings[Setting] | undefined },
): RolloutSettings {
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...stage, ...Object.fromEntries(given) };
}
