import middy from '@middy/core';
import { createPorts, readSettings } from '../../aws/environment.ts';
import type { StepCall } from '../../core/machine-step.ts';
import type { RolloutState } from '../../core/release/rollout-state.ts';
import { runRolloutStep } from './run-step.ts';

const settings = readSettings(process.env);
const ports = createPorts(settings);

/** One step of the rollout machine; see statemachines/code-rollout.yml. */
export const handler = middy<StepCall, RolloutState>().handler((input, context) =>
  runRolloutStep(input, ports, settings, ports.clock.nowMs() + context.getRemainingTimeInMillis()),
);
