import type { RolloutInput } from '../../../aws/ports.ts';
import { uploadsIn } from '../../../core/code-event.ts';
import type { StepCall } from '../../../core/machine-step.ts';
import { listen } from '../../../functions/code-listener/listen.ts';
import { runRolloutStep } from '../../../functions/code-rollout/run-step.ts';
import { type ControlResult, control } from '../../../functions/rollout-control/control.ts';
import { SimulatedCodeTopic } from './code-topic.ts';
import type { SimulatedExecutions } from './executions.ts';
import type { InvocationResult } from './lambda-host.ts';
import type { Laws } from './laws.ts';
import { runMachine } from './machine-run.ts';
import { rolloutMachine } from './stage.ts';
import type { Patch, World } from './world.ts';

/** As functions/code-listener/function.yml and functions/rollout-control/function.yml say. */
const LISTENER_SECONDS = 60;
const CONTROL_SECONDS = 60;

/** The rollout machine as it is deployed; its Tasks run the real steps. */
export function runRollouts(world: World, laws: Laws, patch: Patch): SimulatedExecutions<RolloutInput> {
  const step = patch.rolloutStep?.(runRolloutStep) ?? runRolloutStep;
  const { settings } = world;
  return runMachine(world, laws, {
    definition: rolloutMachine(),
    functionName: 'code-rollout',
    timeoutSeconds: settings.timings.stepSeconds,
    work: (input: StepCall, caller, deadlineMs) => step(input, world.portsOf(caller), settings, deadlineMs),
  });
}

/** The code topic, and the listener behind it. */
export function runCodeTopic(world: World, laws: Laws): SimulatedCodeTopic {
  return new SimulatedCodeTopic({
    ...laws,
    invoke: (message, told) =>
      world.host.invoke(
        {
          functionName: 'code-listener',
          label: message.match(/"versionId":"([^"]*)"/)?.[1] ?? '',
          owner: '',
          pipelineId: '',
          timeoutSeconds: LISTENER_SECONDS,
          work: (caller) =>
            listen(uploadsIn(message), world.settings.consumers.codeBucket, world.portsOf(caller)),
        },
        told,
      ),
  });
}

/** Somebody invokes the function that controls rollouts; `told` hears how that ended. */
export function controlRollout(
  world: World,
  request: unknown,
  told: (result: InvocationResult) => void = () => {},
): void {
  world.host.invoke(
    {
      functionName: 'rollout-control',
      label: JSON.stringify(request),
      owner: '',
      pipelineId: '',
      timeoutSeconds: CONTROL_SECONDS,
      work: (caller): Promise<ControlResult> => control(request, world.portsOf(caller)),
    },
    told,
  );
}
