import type { Ports } from '../../aws/ports.ts';
import { type RolloutState, rolloutStateSchema } from '../../core/code-rollout.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import { admitRelease } from './steps/AdmitRelease.ts';
import { syncPipelines } from './steps/SyncPipelines.ts';

/** What the state machine hands to the function. */
export interface RolloutStepInput {
  readonly step: string;
  readonly state: unknown;
}

type RolloutStep = (state: RolloutState, ports: Ports, settings: StageSettings) => Promise<RolloutState>;

/** The steps, by the name of their state. Each can be run again at any time. */
export const ROLLOUT_STEPS: Readonly<Record<string, RolloutStep>> = {
  AdmitRelease: admitRelease,
  SyncPipelines: syncPipelines,
};

/**
 * Runs one step of a rollout.
 * @throws only surprises; the state machine retries those
 */
export async function runRolloutStep(
  { step, state }: RolloutStepInput,
  ports: Ports,
  settings: StageSettings,
): Promise<RolloutState> {
  const run = Object.hasOwn(ROLLOUT_STEPS, step) ? ROLLOUT_STEPS[step] : undefined;
  if (run === undefined) throw new Error(`there is no step ${step}`);
  return run(rolloutStateSchema.parse(state), ports, settings);
}
