import type { Caller } from './caller.ts';
import type { Execution } from './execution.ts';
import { SimulatedExecutions } from './executions.ts';
import type { Laws } from './laws.ts';
import type { MachineDefinition } from './machine-definition.ts';
import type { World } from './world.ts';

/** A state machine as it is deployed, and the function that its Tasks invoke. */
interface Machine<S> {
  readonly definition: MachineDefinition;
  readonly functionName: string;
  readonly timeoutSeconds: number;
  /** The function's work on a Task's payload. */
  readonly work: (payload: S, caller: Caller, deadlineMs: number) => Promise<unknown>;
}

/** Runs a machine's executions. `I` is what starts one, `S` what it hands to its Tasks. */
export function runMachine<I, S extends { readonly step: string }>(
  world: World,
  laws: Laws,
  { definition, functionName, timeoutSeconds, work }: Machine<S>,
): SimulatedExecutions<I> {
  return new SimulatedExecutions({
    ...laws,
    definition,
    invoke: (execution, payload, told) => {
      const input = payload as S;
      world.host.invoke(
        {
          functionName,
          label: input.step,
          owner: execution.name,
          pipelineId: pipelineOf(execution),
          timeoutSeconds,
          work: (caller, deadlineMs) => work(input, caller, deadlineMs),
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

/** Empty where an execution is about all pipelines. */
function pipelineOf({ input }: Execution): string {
  return (input as { readonly pipelineId?: string }).pipelineId ?? '';
}
