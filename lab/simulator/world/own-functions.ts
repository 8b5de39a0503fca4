import type { LifecycleInput } from '../../../aws/ports.ts';
import type { GroupChanged } from '../../../core/flow/group-change.ts';
import { listen } from '../../../functions/config-listener/listen.ts';
import { listen as listenToHolds } from '../../../functions/hold-listener/listen.ts';
import { runStep, type StepInput } from '../../../functions/pipeline-lifecycle/run-step.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import { BEGIN_MS } from '../clock.ts';
import type { Caller } from './caller.ts';
import type { Execution } from './execution.ts';
import { SimulatedExecutions } from './executions.ts';
import type { Laws } from './laws.ts';
import { lifecycleMachine } from './stage.ts';
import { SimulatedStream } from './stream.ts';
import type { Patch, World } from './world.ts';

const TICK_MS = 60_000;
/** As functions/reconciler/function.yml and the listeners' say. */
const RECONCILER_SECONDS = 55;
const LISTENER_SECONDS = 60;

/** The lifecycle machine as it is deployed; its Tasks run the real steps. */
export function runExecutions(world: World, laws: Laws, patch: Patch): SimulatedExecutions<LifecycleInput> {
  const step = patch.step?.(runStep) ?? runStep;
  const { settings } = world;
  return new SimulatedExecutions({
    ...laws,
    definition: patch.machine?.(lifecycleMachine()) ?? lifecycleMachine(),
    invoke: (execution, payload, told) => {
      const input = payload as StepInput;
      world.host.invoke(
        {
          functionName: 'pipeline-lifecycle',
          label: input.step,
          owner: execution.name,
          pipelineId: pipelineOf(execution),
          timeoutSeconds: settings.timings.stepSeconds,
          work: (caller, deadlineMs) => step(input, world.portsOf(caller), settings, deadlineMs),
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

export type RecordStream = SimulatedStream<{ readonly pipelineId: string }>;
export type HoldStream = SimulatedStream<GroupChanged>;

/** The stream of what groups share, and the listener behind it. */
export function runHoldStream(world: World, laws: Laws): HoldStream {
  return new SimulatedStream({
    ...laws,
    invoke: (changes, told) =>
      world.host.invoke(
        {
          functionName: 'hold-listener',
          label: changes.map(({ eventId }) => eventId).join(),
          owner: '',
          pipelineId: '',
          timeoutSeconds: LISTENER_SECONDS,
          work: (caller) => listenToHolds(changes, world.portsOf(caller), world.settings.timings),
        },
        told,
      ),
  });
}

/** The stream of config records, and the listener behind it. */
export function runStream(world: World, laws: Laws): RecordStream {
  return new SimulatedStream({
    ...laws,
    invoke: (changes, told) =>
      world.host.invoke(
        {
          functionName: 'config-listener',
          label: changes.map(({ eventId }) => eventId).join(),
          owner: '',
          pipelineId: '',
          timeoutSeconds: LISTENER_SECONDS,
          work: async (caller) => {
            if (changes.some(({ pipelineId }) => world.poison.has(pipelineId))) throw new Error('poison');
            return listen(changes, world.portsOf(caller));
          },
        },
        told,
      ),
  });
}

/** The reconciler's schedule: once a minute, while the world lets it. */
export function scheduleTicks(world: World, count = 1): void {
  world.clock.at(BEGIN_MS + count * TICK_MS, () => {
    scheduleTicks(world, count + 1);
    if (world.reconciles) tick(world);
  });
}

function tick(world: World): void {
  let ticker: Caller | undefined;
  const atMs = world.nowMs();
  world.host.invoke(
    {
      functionName: 'reconciler',
      label: '',
      owner: '',
      pipelineId: '',
      timeoutSeconds: RECONCILER_SECONDS,
      work: (caller, deadlineMs) => {
        ticker = caller;
        return reconcile(world.portsOf(caller), world.settings, deadlineMs);
      },
    },
    (result) => {
      const end = result.kind === 'returned' ? JSON.stringify(result.value) : result.cause;
      world.ticks.push({ atMs, calls: ticker?.calls ?? 0, end });
      world.note(`the reconciler's tick ended: ${end}`, '');
    },
  );
}

function pipelineOf(execution: Execution): string {
  return (execution.input as { readonly pipelineId: string }).pipelineId;
}
