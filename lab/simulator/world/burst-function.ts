import type { BurstRunInput } from '../../../aws/ports.ts';
import type { StepCall } from '../../../core/machine-step.ts';
import { runBurstStep } from '../../../functions/burst/run-step.ts';
import type { SimulatedExecutions } from './executions.ts';
import type { Laws } from './laws.ts';
import { runMachine } from './machine-run.ts';
import { burstMachine } from './stage.ts';
import type { World } from './world.ts';

/** As functions/burst/function.yml says. */
const BURST_SECONDS = 300;

/** The burst machine as it is deployed; its Task runs the real step. */
export function runBursts(world: World, laws: Laws): SimulatedExecutions<BurstRunInput> {
  return runMachine(world, laws, {
    definition: burstMachine(),
    functionName: 'burst',
    timeoutSeconds: BURST_SECONDS,
    work: (input: StepCall, caller, deadlineMs) =>
      runBurstStep(input, world.portsOf(caller), world.settings, deadlineMs),
  });
}
