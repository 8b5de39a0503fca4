import type {
  BurstRunInput,
  LifecycleInput,
  Log,
  Metrics,
  Ports,
  RedriveInput,
  RolloutInput,
} from '../../../aws/ports.ts';
import { pipelineIdOf } from '../../../core/names.ts';
import { Chance } from '../chance.ts';
import type { VirtualClock } from '../clock.ts';
import type { SimulatedBursts } from './bursts.ts';
import type { Caller } from './caller.ts';
import type { BucketName, Calls } from './calls.ts';
import type { SimulatedCodeBucket } from './code-bucket.ts';
import type { SimulatedExecutions } from './executions.ts';
import type { SimulatedFunctions } from './functions.ts';
import type { SimulatedFlow, SimulatedHolds } from './groups.ts';
import type { SimulatedHealth } from './health.ts';
import type { SimulatedMappings } from './mappings.ts';
import type { SimulatedSalvage } from './objects.ts';
import type { SimulatedQueueAges } from './queue-ages.ts';
import type { SimulatedQueues } from './queues.ts';
import type { SimulatedEvents, SimulatedReleases } from './releases.ts';
import type { SimulatedConfigs, SimulatedLedgers, SimulatedStatuses } from './tables.ts';
import { linesOf, type SimulatedTaskObjects } from './task-objects.ts';

/** The services that the ports lead to. */
export interface Services {
  readonly stage: string;
  readonly seed: number;
  readonly clock: VirtualClock;
  readonly calls: Calls;
  readonly configs: SimulatedConfigs;
  readonly statuses: SimulatedStatuses;
  readonly ledgers: SimulatedLedgers;
  readonly holds: SimulatedHolds;
  readonly flow: SimulatedFlow;
  readonly queues: SimulatedQueues;
  readonly queueAges: SimulatedQueueAges;
  readonly functions: SimulatedFunctions;
  readonly mappings: SimulatedMappings;
  readonly code: SimulatedCodeBucket;
  readonly salvage: SimulatedSalvage;
  readonly executions: SimulatedExecutions<LifecycleInput>;
  readonly rollouts: SimulatedExecutions<RolloutInput>;
  readonly redrives: SimulatedExecutions<RedriveInput>;
  readonly burstRuns: SimulatedExecutions<BurstRunInput>;
  readonly bursts: SimulatedBursts;
  readonly taskObjects: SimulatedTaskObjects;
  readonly releases: SimulatedReleases;
  readonly health: SimulatedHealth;
  readonly events: SimulatedEvents;
  readonly metrics: Metrics;
  readonly log: (caller: Caller) => Log;
}

/** What there is to know of a port's methods, beyond what they do. */
interface Trait {
  readonly bucket?: BucketName;
  /** Changes a pipeline's resources. */
  readonly mutates?: true;
}

type Traits<T> = { readonly [K in keyof T]: Trait };

const READS: Trait = {};
const CHANGES: Trait = { mutates: true };
const LAMBDA: Trait = { bucket: 'lambda' };
const LAMBDA_CHANGES: Trait = { bucket: 'lambda', mutates: true };

const TRAITS = {
  configs: { read: READS, page: READS } satisfies Traits<Ports['configs']>,
  statuses: { read: READS, write: READS, page: READS } satisfies Traits<Ports['statuses']>,
  ledgers: { reserve: READS, read: READS, write: READS } satisfies Traits<Ports['ledgers']>,
  holds: { read: READS } satisfies Traits<Ports['holds']>,
  flow: { readRan: READS, pullTurns: READS } satisfies Traits<Ports['flow']>,
  queues: {
    find: READS,
    create: CHANGES,
    tags: READS,
    read: READS,
    change: CHANGES,
    delete: CHANGES,
    receive: READS,
    putBack: READS,
    deleteMessages: READS,
    send: READS,
    page: READS,
    cancelRedrives: READS,
  } satisfies Traits<Ports['queues']>,
  queueAges: { oldest: READS } satisfies Traits<Ports['queueAges']>,
  functions: {
    read: { bucket: 'getFunction' },
    create: LAMBDA_CHANGES,
    configure: LAMBDA_CHANGES,
    updateCode: LAMBDA_CHANGES,
    reserveOne: LAMBDA_CHANGES,
    releaseReservation: LAMBDA_CHANGES,
    delete: LAMBDA_CHANGES,
    invoke: READS,
    page: LAMBDA,
  } satisfies Traits<Ports['functions']>,
  mappings: {
    create: LAMBDA_CHANGES,
    read: LAMBDA,
    find: LAMBDA,
    change: LAMBDA_CHANGES,
    delete: LAMBDA_CHANGES,
    page: LAMBDA,
  } satisfies Traits<Ports['mappings']>,
  account: { read: LAMBDA } satisfies Traits<Ports['account']>,
  code: { head: READS, archive: READS, versions: READS, deleteVersion: READS } satisfies Traits<
    Ports['code']
  >,
  salvage: { write: READS, page: READS, read: READS, delete: READS },
  executions: { start: { bucket: 'startExecution' } } satisfies Traits<Ports['executions']>,
  rollouts: { start: { bucket: 'startExecution' } } satisfies Traits<Ports['rollouts']>,
  redrives: { start: { bucket: 'startExecution' } } satisfies Traits<Ports['redrives']>,
  burstRuns: { start: { bucket: 'startExecution' } } satisfies Traits<Ports['burstRuns']>,
  bursts: {
    read: READS,
    write: READS,
    open: READS,
    ofPipeline: READS,
    readSent: READS,
    noteCalls: READS,
    noteRound: READS,
    readShards: READS,
    readBlocks: READS,
    readEnd: READS,
    addOver: READS,
  } satisfies Traits<Ports['bursts']>,
  taskObjects: { find: READS, keep: READS, remove: READS } satisfies Traits<
    Omit<Ports['taskObjects'], 'lines'>
  >,
  releases: { read: READS, write: READS, ofKey: READS, page: READS } satisfies Traits<Ports['releases']>,
  health: { read: READS, callTimes: READS } satisfies Traits<Ports['health']>,
  events: { publish: READS } satisfies Traits<Ports['events']>,
};

/** Makes the ports of one caller: every method is one call through {@link Calls}. */
export function createConnect(services: Services): (caller: Caller) => Ports {
  const { stage, calls, clock, seed } = services;
  const pipelineOf = (first: unknown): string => {
    if (typeof first === 'string') {
      const mapping = services.mappings.byId.get(first);
      const name = mapping?.functionName ?? first.slice(first.lastIndexOf('/') + 1);
      return pipelineIdOf(stage, name) ?? '';
    }
    const { name, functionName } = (first ?? {}) as {
      readonly name?: string;
      readonly functionName?: string;
    };
    return pipelineIdOf(stage, name ?? functionName ?? '') ?? '';
  };

  /** One prototype per port; an instance only knows its caller. */
  const prototype = (port: string, service: object, traits: Readonly<Record<string, Trait>>): object => {
    const methods: Record<string, unknown> = {};
    for (const [method, { bucket, mutates = false }] of Object.entries(traits)) {
      const operation = `${port}.${method}`;
      const effect = Reflect.get(service, method) as (...args: unknown[]) => unknown;
      methods[method] = function call(this: { readonly caller: Caller }, ...args: unknown[]) {
        const pipelineId = mutates ? pipelineOf(args[0]) : '';
        return calls.make(this.caller, {
          operation,
          bucket,
          mutates,
          pipelineId,
          effect: () => effect.apply(service, args),
        });
      };
    }
    return methods;
  };

  /** A call for every piece that is read. */
  function lines(
    this: { readonly caller: Caller },
    ...[source, from]: Parameters<Ports['taskObjects']['lines']>
  ) {
    const operation = 'taskObjects.lines';
    const site = { operation, bucket: undefined, mutates: false, pipelineId: '' };
    const piece = (at: number) =>
      calls.make(this.caller, { ...site, effect: () => services.taskObjects.piece(source, at) });
    return linesOf(piece, from);
  }

  const account = { read: () => services.functions.limits() };
  const prototypes = {
    configs: prototype('configs', services.configs, TRAITS.configs),
    statuses: prototype('statuses', services.statuses, TRAITS.statuses),
    ledgers: prototype('ledgers', services.ledgers, TRAITS.ledgers),
    holds: prototype('holds', services.holds, TRAITS.holds),
    flow: prototype('flow', services.flow, TRAITS.flow),
    queues: prototype('queues', services.queues, TRAITS.queues),
    queueAges: prototype('queueAges', services.queueAges, TRAITS.queueAges),
    functions: prototype('functions', services.functions, TRAITS.functions),
    mappings: prototype('mappings', services.mappings, TRAITS.mappings),
    account: prototype('account', account, TRAITS.account),
    code: prototype('code', services.code, TRAITS.code),
    salvage: Object.assign(prototype('salvage', services.salvage, TRAITS.salvage), {
      uri: (pipelineId: string) => services.salvage.uri(pipelineId),
    }),
    executions: prototype('executions', services.executions, TRAITS.executions),
    rollouts: prototype('rollouts', services.rollouts, TRAITS.rollouts),
    redrives: prototype('redrives', services.redrives, TRAITS.redrives),
    burstRuns: prototype('burstRuns', services.burstRuns, TRAITS.burstRuns),
    bursts: prototype('bursts', services.bursts, TRAITS.bursts),
    taskObjects: Object.assign(prototype('taskObjects', services.taskObjects, TRAITS.taskObjects), {
      lines,
    }),
    releases: prototype('releases', services.releases, TRAITS.releases),
    health: prototype('health', services.health, TRAITS.health),
    events: prototype('events', services.events, TRAITS.events),
  };

  return (caller) => {
    const of = <K extends keyof typeof prototypes & keyof Ports>(port: K): Ports[K] => {
      const made = Object.create(prototypes[port]) as { caller: Caller };
      made.caller = caller;
      return made as unknown as Ports[K];
    };
    const chance = new Chance(seed, `random ${caller.id}`);
    return {
      clock: {
        nowMs: clock.nowMs,
        sleep: (ms) =>
          new Promise((resolve) => {
            clock.after(Math.ceil(ms), () => {
              if (!caller.alive) return;
              clock.willSettle();
              resolve();
            });
          }),
      },
      random: () => chance.next(),
      configs: of('configs'),
      statuses: of('statuses'),
      ledgers: of('ledgers'),
      holds: of('holds'),
      flow: of('flow'),
      queues: of('queues'),
      queueAges: of('queueAges'),
      functions: of('functions'),
      mappings: of('mappings'),
      account: of('account'),
      code: of('code'),
      salvage: of('salvage'),
      executions: of('executions'),
      rollouts: of('rollouts'),
      redrives: of('redrives'),
      burstRuns: of('burstRuns'),
      bursts: of('bursts'),
      taskObjects: of('taskObjects'),
      releases: of('releases'),
      health: of('health'),
      events: of('events'),
      log: services.log(caller),
      metrics: services.metrics,
    };
  };
}
