import type { Log, Metrics, Ports } from '../../../aws/ports.ts';
import { LAMBDA_CONTROL_PLANE_PER_SECOND } from '../../../core/aws-limits.ts';
import { pipelineNames } from '../../../core/names.ts';
import { AWS_TIMINGS, type StageSettings } from '../../../core/stage-settings.ts';
import { listen } from '../../../functions/config-listener/listen.ts';
import { runStep, type StepInput } from '../../../functions/pipeline-lifecycle/run-step.ts';
import { reconcile } from '../../../functions/reconciler/reconcile.ts';
import { Chance } from '../chance.ts';
import { BEGIN_MS, VirtualClock } from '../clock.ts';
import type { Caller } from './caller.ts';
import { Calls } from './calls.ts';
import { createConnect } from './connect.ts';
import type { Execution } from './execution.ts';
import { SimulatedExecutions, SimulatedRollouts } from './executions.ts';
import { type FaultPlan, NO_FAULTS } from './faults.ts';
import { SimulatedFunctions } from './functions.ts';
import { LambdaHost } from './lambda-host.ts';
import { type MachineDefinition, readMachine } from './machine-definition.ts';
import { SimulatedMappings } from './mappings.ts';
import { AWS_NATURE, type Nature } from './nature.ts';
import { SimulatedCodeBucket, SimulatedSalvage } from './objects.ts';
import { Pollers } from './pollers.ts';
import { SimulatedQueues } from './queues.ts';
import { SimulatedStream } from './stream.ts';
import { SimulatedConfigs, SimulatedLedgers, SimulatedStatuses } from './tables.ts';
import { type TaskBody, TaskBook, taskOf } from './tasks.ts';

/** Changes the product for a test: how a deliberate bug gets in, without a switch in the product's code. */
export interface Patch {
  readonly ports?: (ports: Ports, caller: Caller) => Ports;
  readonly step?: (run: typeof runStep) => typeof runStep;
  readonly machine?: (definition: MachineDefinition) => MachineDefinition;
  readonly settings?: (settings: StageSettings) => StageSettings;
}

export interface WorldOptions {
  readonly seed: number;
  readonly nature?: Nature;
  readonly settings?: Partial<StageSettings>;
  readonly faults?: FaultPlan;
  readonly patch?: Patch;
  /** Concurrent executions of the account. */
  readonly accountConcurrency?: number;
  readonly keepCalls?: 'all' | 'buckets';
  /** What AWS itself allows in Lambda's control-plane bucket. */
  readonly lambdaPerSecond?: number;
  /** Something to note, for a timeline. */
  readonly note?: (what: string, pipelineId: string) => void;
  /** Whether the reconciler ticks, once a minute. */
  readonly reconciles?: boolean;
}

export const STAGE = 'sim';
export const CODE_KEY = 'consumer.zip';
const SALVAGE_BUCKET = 'salvage-of-sim';
const TICK_MS = 60_000;
/** More than any stretch of time needs: a loop that takes no time is found by it. */
const EVENTS_A_PASS = 50_000_000;
/** As functions/reconciler/function.yml and functions/config-listener/function.yml say. */
const RECONCILER_SECONDS = 55;
const LISTENER_SECONDS = 60;

export function simulatedSettings(changes: Partial<StageSettings> = {}): StageSettings {
  return {
    stage: STAGE,
    consumers: {
      stage: STAGE,
      roleArn: 'arn:aws:iam::123456789012:role/sluice-sim-consumer',
      codeBucket: 'code-of-sim',
      logGroup: '/sluice/sim/consumers',
      runtime: 'nodejs24.x',
      architecture: 'arm64',
      handler: 'index.handler',
      layers: [],
      subnetIds: [],
      securityGroupIds: [],
      tracing: false,
    },
    salvageBucket: SALVAGE_BUCKET,
    controlPlanePerSecond: 10,
    orphans: 'report',
    reconcileSlice: 400,
    timings: AWS_TIMINGS,
    ...changes,
  };
}

let machine: MachineDefinition | undefined;

/** The machine as it is deployed, read once. */
function lifecycleMachine(): MachineDefinition {
  machine ??= readMachine(`${import.meta.dirname}/../../../statemachines/pipeline-lifecycle.yml`);
  return machine;
}

/** An AWS account in memory with one stage of Sluice in it, on a virtual clock. */
export class World {
  readonly clock = new VirtualClock();
  readonly settings: StageSettings;
  readonly calls: Calls;
  readonly configs = new SimulatedConfigs();
  readonly statuses = new SimulatedStatuses();
  readonly ledgers = new SimulatedLedgers();
  readonly code = new SimulatedCodeBucket();
  readonly salvage = new SimulatedSalvage(SALVAGE_BUCKET);
  readonly book = new TaskBook();
  readonly queues: SimulatedQueues;
  readonly functions: SimulatedFunctions;
  readonly mappings: SimulatedMappings;
  readonly executions: SimulatedExecutions;
  readonly rollouts = new SimulatedRollouts();
  readonly stream: SimulatedStream;
  readonly host: LambdaHost;
  readonly connect: (caller: Caller) => Ports;
  /** A person at a keyboard: the same ports, no faults that are theirs. */
  readonly hand: Caller;
  readonly metrics = new Map<string, number>();
  /** Calls that each tick of the reconciler made. */
  readonly ticks: { readonly atMs: number; readonly calls: number; readonly end: string }[] = [];
  reconciles: boolean;
  /** Moments at which a queue's visibility timeout was below its function's timeout. */
  readonly disorder: string[] = [];
  /** Events that make the listener fail, by pipeline. */
  readonly poison = new Set<string>();
  /** Resources of a pipeline's name that are somebody else's, and how they were made. */
  readonly foreign: {
    readonly pipelineId: string;
    readonly what: string;
    readonly isAsMade: () => boolean;
  }[] = [];
  readonly #options: WorldOptions;
  #tasks = 0;

  constructor(options: WorldOptions) {
    const { seed, nature = AWS_NATURE, patch = {}, accountConcurrency = 1000 } = options;
    this.#options = options;
    const settings = simulatedSettings(options.settings);
    this.settings = patch.settings?.(settings) ?? settings;
    this.reconciles = options.reconciles ?? true;
    const { clock } = this;
    const chance = (label: string) => new Chance(seed, label);
    this.calls = new Calls(
      clock,
      chance('calls'),
      nature,
      {
        callSeconds: this.settings.timings.callSeconds,
        keep: options.keepCalls ?? 'all',
        lambdaPerSecond: options.lambdaPerSecond ?? LAMBDA_CONTROL_PLANE_PER_SECOND,
      },
      options.faults ?? NO_FAULTS,
    );
    this.host = new LambdaHost(clock, chance('host'), nature, this.calls);
    this.queues = new SimulatedQueues(clock, chance('queues'), nature);
    this.functions = new SimulatedFunctions(
      clock,
      chance('functions'),
      nature,
      this.code,
      accountConcurrency,
    );
    this.mappings = new SimulatedMappings(clock, chance('mappings'), nature, this.queues, this.functions);
    new Pollers(clock, chance('pollers'), nature, this.queues, this.functions, this.mappings, this.book);
    this.queues.onLoss = (_queue, message, loss) => this.book.lost(message.body, loss);

    const step = patch.step?.(runStep) ?? runStep;
    this.executions = new SimulatedExecutions({
      clock,
      chance: chance('executions'),
      nature,
      definition: patch.machine?.(lifecycleMachine()) ?? lifecycleMachine(),
      invoke: (execution, payload, told) => {
        const input = payload as StepInput;
        const pipelineId = pipelineOf(execution);
        this.host.invoke(
          {
            functionName: 'pipeline-lifecycle',
            label: input.step,
            owner: execution.name,
            pipelineId,
            timeoutSeconds: this.settings.timings.stepSeconds,
            work: (caller, deadlineMs) => step(input, this.portsOf(caller), this.settings, deadlineMs),
          },
          told,
        );
      },
      onState: (execution, state) => this.note(`${execution.name} enters ${state}`, pipelineOf(execution)),
      onEnd: (execution) =>
        this.note(
          `${execution.name} ${execution.status.toLowerCase()} ${execution.error ?? ''}`,
          pipelineOf(execution),
        ),
    });
    this.stream = new SimulatedStream({
      clock,
      chance: chance('stream'),
      nature,
      invoke: (changes, told) =>
        this.host.invoke(
          {
            functionName: 'config-listener',
            label: changes.map(({ eventId }) => eventId).join(),
            owner: '',
            pipelineId: '',
            timeoutSeconds: LISTENER_SECONDS,
            work: async (caller) => {
              if (changes.some(({ pipelineId }) => this.poison.has(pipelineId))) throw new Error('poison');
              return listen(changes, this.portsOf(caller));
            },
          },
          told,
        ),
    });
    this.configs.onChange = (pipelineId) => this.stream.write(pipelineId);
    this.connect = createConnect({
      stage: STAGE,
      seed,
      clock,
      calls: this.calls,
      configs: this.configs,
      statuses: this.statuses,
      ledgers: this.ledgers,
      queues: this.queues,
      functions: this.functions,
      mappings: this.mappings,
      code: this.code,
      salvage: this.salvage,
      executions: this.executions,
      rollouts: this.rollouts,
      metrics: this.#metrics(),
      log: (caller) => this.#log(caller),
    });
    this.hand = {
      id: 0,
      functionName: 'hand',
      label: '',
      owner: 'hand',
      pipelineId: '',
      startedAtMs: BEGIN_MS,
      alive: true,
      sluggish: false,
      calls: 0,
      crash: () => {},
    };
    this.calls.observers.push((call) => {
      if (call.mutates) this.#watchOrder(call.operation, call.pipelineId);
    });
    this.#scheduleTick(1);
  }

  portsOf(caller: Caller): Ports {
    const ports = this.connect(caller);
    return this.#options.patch?.ports?.(ports, caller) ?? ports;
  }

  note(what: string, pipelineId: string): void {
    this.#options.note?.(what, pipelineId);
  }

  nowMs(): number {
    return this.clock.nowMs();
  }

  /** Lets virtual time pass. */
  async pass(seconds: number): Promise<void> {
    let over = false;
    const untilMs = this.clock.nowMs() + seconds * 1000;
    this.clock.at(untilMs, () => {
      over = true;
    });
    await this.clock.run({ limitMs: Number.POSITIVE_INFINITY, stop: () => over, maxEvents: EVENTS_A_PASS });
  }

  /** Sends tasks as any program would; answers how many SQS accepted. */
  send(
    pipelineId: string,
    count: number,
    {
      seconds = 1,
      failures = 0,
      delaySeconds = 0,
    }: { seconds?: number; failures?: number; delaySeconds?: number } = {},
  ): number {
    const { queue } = pipelineNames(STAGE, pipelineId);
    const url = this.queues.byName.get(queue)?.url ?? `https://sqs.simulated/123456789012/${queue}`;
    let accepted = 0;
    for (let i = 0; i < count; i += 1) {
      this.#tasks += 1;
      const task: TaskBody = { taskId: `t${this.#tasks}`, pipelineId, seconds, failures };
      this.book.accepted(task, this.nowMs());
      try {
        this.queues.send(url, [{ id: task.taskId, body: JSON.stringify(task), delaySeconds }]);
        accepted += 1;
      } catch {
        this.book.fates.delete(task.taskId);
      }
    }
    return accepted;
  }

  /** Makes a queue or a function of a pipeline's name without our tags, if the name is free. */
  makeForeign(pipelineId: string, what: 'queue' | 'function'): void {
    const names = pipelineNames(STAGE, pipelineId);
    const asMade = (look: () => unknown) => {
      const before = JSON.stringify(look());
      this.foreign.push({ pipelineId, what, isAsMade: () => JSON.stringify(look()) === before });
    };
    if (what === 'queue') {
      if (this.queues.byName.has(names.queue)) return;
      const spec = {
        name: names.queue,
        visibilityTimeoutSeconds: 33,
        messageRetentionSeconds: 345_600,
        tags: {},
      };
      if (this.queues.create(spec).kind !== 'created') return;
      const { createdAtMs } = this.queues.byName.get(names.queue) ?? {};
      asMade(() => {
        const queue = this.queues.byName.get(names.queue);
        return [
          queue?.createdAtMs === createdAtMs,
          queue?.visibilityTimeoutSeconds.wanted,
          queue?.closed.wanted,
        ];
      });
      return;
    }
    const made = this.functions.makeForeign(names.function, { key: 'other.zip', version: 'x' });
    if (made)
      asMade(() => [
        this.functions.byName.get(names.function) === made,
        made.settings,
        made.code,
        made.reserved,
      ]);
  }

  /** Where every task is that no attempt has finished. */
  taskPlaces(): Map<string, string> {
    const places = new Map<string, string>();
    for (const queue of this.queues.byName.values()) {
      for (const message of queue.messages.all()) places.set(taskOf(message.body).taskId, queue.name);
    }
    for (const [key, lines] of this.salvage.objects) {
      for (const line of lines) places.set(taskOf(line.body).taskId, key);
    }
    return places;
  }

  /** A task that outlives its visibility timeout is handed out again while it still runs. */
  #watchOrder(operation: string, pipelineId: string): void {
    const names = pipelineNames(STAGE, pipelineId);
    const visibility = this.queues.byName.get(names.queue)?.visibilityTimeoutSeconds.wanted;
    const timeout = this.functions.byName.get(names.function)?.settings.timeoutSeconds;
    if (visibility === undefined || timeout === undefined || visibility >= timeout) return;
    this.disorder.push(
      `${pipelineId}: after ${operation} visibility is ${visibility} s, the timeout ${timeout} s`,
    );
  }

  #scheduleTick(count: number): void {
    this.clock.at(BEGIN_MS + count * TICK_MS, () => {
      this.#scheduleTick(count + 1);
      if (this.reconciles) this.#tick();
    });
  }

  #tick(): void {
    let ticker: Caller | undefined;
    const atMs = this.nowMs();
    this.host.invoke(
      {
        functionName: 'reconciler',
        label: '',
        owner: '',
        pipelineId: '',
        timeoutSeconds: RECONCILER_SECONDS,
        work: (caller, deadlineMs) => {
          ticker = caller;
          return reconcile(this.portsOf(caller), this.settings, deadlineMs);
        },
      },
      (result) => {
        const end = result.kind === 'returned' ? JSON.stringify(result.value) : result.cause;
        this.ticks.push({ atMs, calls: ticker?.calls ?? 0, end });
        this.note(`the reconciler's tick ended: ${end}`, '');
      },
    );
  }

  #metrics(): Metrics {
    return {
      count: (name, value) => {
        this.metrics.set(name, (this.metrics.get(name) ?? 0) + value);
      },
    };
  }

  #log(caller: Caller): Log {
    const write = (message: string, data: Readonly<Record<string, unknown>> = {}) => {
      if (this.#options.note === undefined) return;
      this.note(
        `${caller.label || caller.functionName} says: ${message} ${JSON.stringify(data)}`,
        caller.pipelineId,
      );
    };
    return { info: write, warn: write };
  }
}

function pipelineOf(execution: Execution): string {
  return (execution.input as { readonly pipelineId: string }).pipelineId;
}
