import middy from '@middy/core';
import { createPorts, readSettings } from '../../aws/environment.ts';
import type { LifecycleState } from '../../core/lifecycle/state.ts';
import type { StepCall } from '../../core/machine-step.ts';
import { runStep } from './run-step.ts';

const settings = readSettings(process.env);
const ports = createPorts(settings);

/** One step of the lifecycle machine; see statemachines/pipeline-lifecycle.yml. */
export const handler = middy<StepCall, LifecycleState>().handler((input, context) => {
  const now = ports.clock.nowMs();
  const ownMs = settings.timings.stepSeconds * 1000;
  return runStep(input, ports, settings, now + Math.min(ownMs, context.getRemainingTimeInMillis()));
});
