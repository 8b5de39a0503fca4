import type { RedriveInput } from '../../../aws/ports.ts';
import { redrive } from '../../../functions/redrive/redrive.ts';
import { type RedriveStepInput, runRedriveStep } from '../../../functions/redrive/run-step.ts';
import { SimulatedExecutions } from './executions.ts';
import type { InvocationResult } from './lambda-host.ts';
import type { Laws } from './laws.ts';
import { redriveMachine } from './stage.ts';
import type { World } from './world.ts';

/** As functions/redrive/function.yml says. */
const REDRIVE_SECONDS = 60;

/** The redrive machine as it is deployed; its Task runs the real step. */
export function runRedrives(world: World, laws: Laws): SimulatedExecutions<RedriveInput> {
  const pipelineOf = ({ input }: { readonly input: unknown }) => (input as RedriveInput).pipelineId;
  return new SimulatedExecutions({
    ...laws,
    definition: redriveMachine(),
    invoke: (execution, payload, told) => {
      const input = payload as RedriveStepInput;
      world.host.invoke(
        {
          functionName: 'redrive',
          label: input.step,
          owner: execution.name,
          pipelineId: pipelineOf(execution),
          timeoutSeconds: REDRIVE_SECONDS,
          work: (caller) => runRedriveStep(input, world.portsOf(caller)),
        },
        told,
      );
    },
    onState: (execution, state) => world.note(`${execution.name} enters ${state}`, pipelineOf(execution)),
    onEnd: (execution) =>
      world.note(
        `${execution.name} ${execution.status.toLowerCase()} ${execution.error ?? ''}`,
        pipelineOf(execution),
      ),
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
