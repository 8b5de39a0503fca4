import type { Ports } from '../../../aws/ports.ts';
import { pipelineIdOf } from '../../../core/names.ts';
import { Chance } from '../chance.ts';
import type { Caller } from './caller.ts';
import type { BucketName } from './calls.ts';
import { STAGE } from './stage.ts';
import { linesOf } from './task-objects.ts';
import type { World } from './world.ts';

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

type Port = keyof typeof TRAITS;

/** Makes the ports of one caller: every method is one call through {@link World.calls}. */
export function createConnect(world: World, seed: number): (caller: Caller) => Ports {
  const { calls, clock, metrics } = world;
  const pipelineOf = (first: unknown): string => {
    if (typeof first === 'string') {
      const mapping = world.mappings.byId.get(first);
      const name = mapping?.functionName ?? first.slice(first.lastIndexOf('/') + 1);
      return pipelineIdOf(STAGE, name) ?? '';
    }
    const { name, functionName } = (first ?? {}) as {
      readonly name?: string;
      readonly functionName?: string;
    };
    return pipelineIdOf(STAGE, name ?? functionName ?? '') ?? '';
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
      calls.make(this.caller, { ...site, effect: () => world.taskObjects.piece(source, at) });
    return linesOf(piece, from);
  }

  const services: Readonly<Record<Port, object>> = {
    ...world,
    account: { read: () => world.functions.limits() },
  };
  /** Methods that are no call, or more than one. */
  const more: Partial<Record<Port, object>> = {
    salvage: { uri: (pipelineId: string) => world.salvage.uri(pipelineId) },
    taskObjects: { lines },
  };
  const prototypes = (Object.entries(TRAITS) as [Port, Readonly<Record<string, Trait>>][]).map(
    ([port, traits]) => [port, Object.assign(prototype(port, services[port], traits), more[port])] as const,
  );

  return (caller) => {
    const instances = prototypes.map(([port, of]) => [port, Object.assign(Object.create(of), { caller })]);
    const chance = new Chance(seed, `random ${caller.id}`);
    return {
      ...(Object.fromEntries(instances) as Pick<Ports, Port>),
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
      log: world.logOf(caller),
      metrics: { count: (name, value) => metrics.set(name, (metrics.get(name) ?? 0) + value) },
    };
  };
}
