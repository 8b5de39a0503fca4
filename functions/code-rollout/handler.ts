import middy from '@middy/core';
import { createPorts, readSettings } from '../../aws/environment.ts';
import type { RolloutState } from '../../core/release/rollout-state.ts';
import { type RolloutStepInput, runRolloutStep } from './run-step.ts';

const settings = readSettings(process.env);
const ports = createPorts(settings);

/** One step of the rollout machine; see statemachines/code-rollout.yml. */
export const handler = middy<RolloutStepInput, RolloutState>().handler((input, context) =>
  runRolloutStep(input, ports, settings, ports.clock.nowMs() + context.getRemainingTimeInMillis()),
);
