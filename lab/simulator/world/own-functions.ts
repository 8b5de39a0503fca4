import type { LifecycleInput } from '../../../aws/ports.ts';
import type { PartsId } from '../../../core/burst/place.ts';
import type { GroupChanged } from '../../../core/flow/group-change.ts';
import type { StepCall } from '../../../core/machine-step.ts';
import { listen as listenToBursts } from '../../../functions/burst-listener/listen.ts';
import { listen } from '../../../functions/config-listener/listen.ts';
import { listen as listenToHolds } from '../../../functions/hold-listener/listen.ts';
import { runStep } from '../../../functions/pipeline-lifecycle/run-step.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import { BEGIN_MS } from '../clock.ts';
import type { Caller } from './caller.ts';
import type { SimulatedExecutions } from './executions.ts';
import type { Laws } from './laws.ts';
import { runMachine } from './machine-run.ts';
import { lifecycleMachine } from './stage.ts';
import { type Numbered, SimulatedStream } from './stream.ts';
import type { Patch, World } from './world.ts';

const TICK_MS = 60_000;
/** As functions/reconciler/function.yml and the listeners' say. */
const RECONCILER_SECONDS = 55;
const LISTENER_SECONDS = 60;

/** The lifecycle machine as it is deployed; its Tasks run the real steps. */
export function runExecutions(world: World, laws: Laws, patch: Patch): SimulatedExecutions<LifecycleInput> {
  const step = patch.step?.(runStep) ?? runStep;
  const { settings } = world;
  return runMachine(world, laws, {
    definition: patch.machine?.(lifecycleMachine()) ?? lifecycleMachine(),
    functionName: 'pipeline-lifecycle',
    timeoutSeconds: settings.timings.stepSeconds,
    work: (input: StepCall, caller, deadlineMs) => step(input, world.portsOf(caller), settings, deadlineMs),
  });
}

export type RecordStream = SimulatedStream<{ readonly pipelineId: string }>;
export type HoldStream = SimulatedStream<GroupChanged>;
export type BurstStream = SimulatedStream<{ readonly pipelineId: string; readonly partsId: PartsId }>;

/** The stream of what groups share, and the listener behind it. */
export function runHoldStream(world: World, laws: Laws): HoldStream {
  return listenOn(world, laws, 'hold-listener', (changes, caller) =>
    listenToHolds(changes, world.portsOf(caller), world.settings.timings),
  );
}

/** The stream of bursts, as far as it says that one is over, and the listener behind it. */
export function runBurstStream(world: World, laws: Laws): BurstStream {
  return listenOn(world, laws, 'burst-listener', (ends, caller) =>
    listenToBursts(ends, world.portsOf(caller)),
  );
}

/** The stream of config records, and the listener behind it. */
export function runStream(world: World, laws: Laws): RecordStream {
  return listenOn(world, laws, 'config-listener', async (changes, caller) => {
    if (changes.some(({ pipelineId }) => world.poison.has(pipelineId))) throw new Error('poison');
    return listen(changes, world.portsOf(caller));
  });
}

function listenOn<C extends { readonly pipelineId: string }>(
  world: World,
  laws: Laws,
  functionName: string,
  work: (changes: readonly Numbered<C>[], caller: Caller) => Promise<unknown>,
): SimulatedStream<C> {
  return new SimulatedStream({
    ...laws,
    invoke: (changes, told) =>
      world.host.invoke(
        {
          functionName,
          label: changes.map(({ eventId }) => eventId).join(),
          owner: '',
          pipelineId: '',
          timeoutSeconds: LISTENER_SECONDS,
          work: (caller) => work(changes, caller),
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
