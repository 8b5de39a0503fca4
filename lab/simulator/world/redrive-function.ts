import type { RedriveInput } from '../../../aws/ports.ts';
import type { StepCall } from '../../../core/machine-step.ts';
import { redrive } from '../../../functions/redrive/redrive.ts';
import { runRedriveStep } from '../../../functions/redrive/run-step.ts';
import type { SimulatedExecutions } from './executions.ts';
import type { InvocationResult } from './lambda-host.ts';
import type { Laws } from './laws.ts';
import { runMachine } from './machine-run.ts';
import { redriveMachine } from './stage.ts';
import type { World } from './world.ts';

/** As functions/redrive/function.yml says. */
const REDRIVE_SECONDS = 60;

/** The redrive machine as it is deployed; its Task runs the real step. */
export function runRedrives(world: World, laws: Laws): SimulatedExecutions<RedriveInput> {
  return runMachine(world, laws, {
    definition: redriveMachine(),
    functionName: 'redrive',
    timeoutSeconds: REDRIVE_SECONDS,
    work: (input: StepCall, caller) => runRedriveStep(input, world.portsOf(caller)),
  });
}

/** Somebody invokes the function; `told` hears how that ended. */
export function askForRedrive(
  world: World,
  request: unknown,
  told: (result: InvocationResult) => void = () => {},
): void {
  world.host.invoke(
    {
      functionName: 'redrive',
      label: JSON.stringify(request),
      owner: '',
      pipelineId: '',
      timeoutSeconds: REDRIVE_SECONDS,
      work: (caller) => redrive(request, world.portsOf(caller)),
    },
    told,
  );
}
