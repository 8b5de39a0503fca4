import * as z from 'zod';

const share = z.number().min(0).max(1);
const seconds = z.number().min(0).max(86_400);

/** How a release goes out; a stage's own in stages.yml, a release's own in the `sluice.json` of its zip. */
export const rolloutSettingsSchema = z.strictObject({
  /** Share of the pipelines in the first wave, where none is marked `canary`. At least one. */
  canaryShare: share,
  /** Each wave is so many times as large as the one before. */
  growth: z.number().min(1).max(1000),
  /** How long a wave is watched after its last pipeline was told, before the next one opens. */
  bakeSeconds: seconds,
  /** How much longer a wave with too few tasks is watched; then it is healthy if nothing at all has failed. */
  unknownSeconds: seconds,
  /** Fewer tasks than this say nothing about a failure share or a duration. */
  minTasks: z.number().int().min(1).max(1_000_000),
  /** Failed tasks per task, above what the release before had. */
  failureShare: share,
  /** Throttled calls per call, above what the release before had. */
  throttleShare: share,
  /** New dead letters of one pipeline that are still well. */
  deadLetters: z.number().int().min(0).max(1_000_000),
  /** A task may take so many times as long as under the release before. */
  durationFactor: z.number().min(1).max(1000),
  /** Share of a wave's pipelines that may be unhealthy, or could not be changed, without stopping it. */
  toleratedShare: share,
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
