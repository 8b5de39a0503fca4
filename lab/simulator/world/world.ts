import type {
  BurstRunInput,
  LifecycleInput,
  Log,
  Ports,
  RedriveInput,
  RolloutInput,
} from '../../../aws/ports.ts';
import { LAMBDA_CONTROL_PLANE_PER_SECOND } from '../../../core/aws-limits.ts';
import { burstIdOf } from '../../../core/burst/place.ts';
import { pipelineIdOf, pipelineNames } from '../../../core/names.ts';
import { EMPTY_LINE, type ReleaseLine, releaseFact } from '../../../core/release/line.ts';
import type { StageSettings } from '../../../core/stage-settings.ts';
import type { runRolloutStep } from '../../../functions/code-rollout/run-step.ts';
import type { runStep } from '../../../functions/pipeline-lifecycle/run-step.ts';
import { Chance } from '../chance.ts';
import { BEGIN_MS, VirtualClock } from '../clock.ts';
import { runBursts } from './burst-function.ts';
import { SimulatedBursts } from './bursts.ts';
import type { Caller } from './caller.ts';
import { Calls } from './calls.ts';
import { type Behaviour, SimulatedCodeBucket } from './code-bucket.ts';
import type { SimulatedCodeTopic } from './code-topic.ts';
import { createConnect } from './connect.ts';
import type { SimulatedExecutions } from './executions.ts';
import { type FaultPlan, NO_FAULTS } from './faults.ts';
import { SimulatedFunctions } from './functions.ts';
import { SimulatedFlow, SimulatedHolds } from './groups.ts';
import { SimulatedHealth } from './health.ts';
import { LambdaHost } from './lambda-host.ts';
import type { Laws } from './laws.ts';
import type { MachineDefinition } from './machine-definition.ts';
import { SimulatedMappings } from './mappings.ts';
import { AWS_NATURE, type Nature } from './nature.ts';
import { SimulatedSalvage } from './objects.ts';
import {
  type BurstStream,
  type HoldStream,
  type RecordStream,
  runBurstStream,
  runExecutions,
  runHoldStream,
  runStream,
  scheduleTicks,
} from './own-functions.ts';
import type { Foreign } from './people.ts';
import { Pollers } from './pollers.ts';
import { SimulatedQueueAges } from './queue-ages.ts';
import { SimulatedQueues } from './queues.ts';
import { runRedrives } from './redrive-function.ts';
import { SimulatedEvents, SimulatedReleases } from './releases.ts';
import { runCodeTopic, runRollouts } from './rollout-functions.ts';
import { CODE_KEY, STAGE } from './stage.ts';
import { stageSettings } from './stage-settings.ts';
import { SimulatedConfigs, SimulatedLedgers, SimulatedStatuses } from './tables.ts';
import { SimulatedTaskObjects } from './task-objects.ts';
import { type TaskBody, TaskBook } from './tasks.ts';

export { CODE_KEY, STAGE };

/** Changes the product for a test: how a deliberate bug gets in, without a switch in the product's code. */
export interface Patch {
  readonly ports?: (ports: Ports, caller: Caller) => Ports;
  readonly step?: (run: typeof runStep) => typeof runStep;
  readonly rolloutStep?: (run: typeof runRolloutStep) => typeof runRolloutStep;
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

/** More than any stretch of time needs: a loop that takes no time is found by it. */
const EVENTS_A_PASS = 50_000_000;

/** An AWS account in memory with one stage of Sluice in it, on a virtual clock. */
export class World {
  readonly clock = new VirtualClock();
  readonly settings: StageSettings;
  readonly calls: Calls;
  readonly configs = new SimulatedConfigs();
  readonly statuses = new SimulatedStatuses();
  readonly ledgers = new SimulatedLedgers();
  readonly holds = new SimulatedHolds();
  readonly code = new SimulatedCodeBucket(this.clock);
  readonly salvage: SimulatedSalvage;
  readonly book = new TaskBook();
  readonly flow = new SimulatedFlow(this.book, this.clock);
  readonly queues: SimulatedQueues;
  readonly queueAges: SimulatedQueueAges;
  readonly functions: SimulatedFunctions;
  readonly mappings: SimulatedMappings;
  readonly executions: SimulatedExecutions<LifecycleInput>;
  readonly rollouts: SimulatedExecutions<RolloutInput>;
  readonly redrives: SimulatedExecutions<RedriveInput>;
  readonly burstRuns: SimulatedExecutions<BurstRunInput>;
  readonly bursts = new SimulatedBursts();
  readonly taskObjects = new SimulatedTaskObjects(`bursts-of-${STAGE}`);
  readonly releases = new SimulatedReleases();
  readonly events = new SimulatedEvents(this.clock);
  readonly health: SimulatedHealth;
  readonly stream: RecordStream;
  readonly holdStream: HoldStream;
  readonly burstStream: BurstStream;
  readonly codeTopic: SimulatedCodeTopic;
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
  /** Resources of a pipeline's name that are somebody else's. */
  readonly foreign: Foreign[] = [];
  readonly #options: WorldOptions;
  #tasks = 0;

  constructor(options: WorldOptions) {
    const { seed, nature = AWS_NATURE, patch = {}, accountConcurrency = 1000 } = options;
    this.#options = options;
    const settings = stageSettings(STAGE, options.settings);
    this.settings = patch.settings?.(settings) ?? settings;
    this.salvage = new SimulatedSalvage(this.settings.salvageBucket);
    this.reconciles = options.reconciles ?? true;
    const { clock } = this;
    const laws = (part: string): Laws => ({ clock, chance: new Chance(seed, part), nature });
    this.calls = new Calls({
      ...laws('calls'),
      callSeconds: this.settings.timings.callSeconds,
      keep: options.keepCalls ?? 'all',
      lambdaPerSecond: options.lambdaPerSecond ?? LAMBDA_CONTROL_PLANE_PER_SECOND,
      faults: options.faults ?? NO_FAULTS,
    });
    const { calls, code, book } = this;
    this.host = new LambdaHost({ ...laws('host'), calls });
    const queues = new SimulatedQueues(laws('queues'));
    const functions = new SimulatedFunctions({ ...laws('functions'), code, concurrency: accountConcurrency });
    const mappings = new SimulatedMappings({ ...laws('mappings'), queues, functions });
    const heldUntilMs = (name: string) =>
      this.holds.read(pipelineIdOf(STAGE, name) ?? '')?.hold?.untilMs ?? 0;
    new Pollers({ ...laws('pollers'), queues, functions, mappings, book, heldUntilMs });
    this.queues = queues;
    this.queueAges = new SimulatedQueueAges(STAGE, clock, queues);
    this.health = new SimulatedHealth(STAGE, clock, nature, queues);
    this.functions = functions;
    this.mappings = mappings;
    this.book.onCount = (name, atMs, what, more) => this.health.count(name, atMs, what, more);
    this.queues.traffic.onLoss = (_queue, message, loss) => this.book.lost(message.body, loss);

    this.executions = runExecutions(this, laws('executions'), patch);
    this.rollouts = runRollouts(this, laws('rollouts'), patch);
    this.redrives = runRedrives(this, laws('redrives'));
    this.burstRuns = runBursts(this, laws('bursts'));
    this.stream = runStream(this, laws('stream'));
    this.codeTopic = runCodeTopic(this, laws('code topic'));
    this.configs.onChange = (pipelineId) => this.stream.write({ pipelineId });
    this.holdStream = runHoldStream(this, laws('hold stream'));
    this.holds.onChange = (change) => this.holdStream.write(change);
    this.burstStream = runBurstStream(this, laws('burst stream'));
    this.bursts.onEnd = (partsId) =>
      this.burstStream.write({
        partsId,
        pipelineId: this.bursts.read(burstIdOf(partsId))?.pipelineId ?? '',
      });
    this.connect = createConnect(this, seed);
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
    scheduleTicks(this);
  }

  /** Somebody uploads consumer code, and S3 tells of it. */
  upload(key: string, version: string, behaviour: Behaviour = {}): void {
    this.code.put(key, version, behaviour);
    this.codeTopic.uploaded(this.settings.consumers.codeBucket, key, version);
  }

  /** Makes a version the one that everybody runs who follows the key, as if its rollout were over. */
  admit(key: string, version: string): void {
    const { value, revision } = this.ledgers.read(releaseFact(key)) ?? { value: EMPTY_LINE, revision: 0 };
    this.ledgers.write(releaseFact(key), { ...(value as ReleaseLine), stable: version }, revision);
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

  /** What a caller logs is noted with who it is. */
  logOf(caller: Caller): Log {
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
