import type { Ports } from '../../aws/ports.ts';
import { PLAIN_NATURE } from '../../lab/simulator/world/nature.ts';
import { STAGE, World } from '../../lab/simulator/world/world.ts';
import { ACCOUNT_CONCURRENCY, type Capabilities, type PortWorld } from '../ports/world.ts';

/** The simulator leaves out nothing of what the suite asks. */
export const SIMULATED_CAPABILITIES: Capabilities = {
  delaysNewQueues: true,
  forgivesSecondDelete: true,
  blocksDeletedNames: true,
  refusesMissingCode: true,
  refusesWhileBusy: true,
  timesMappings: true,
  boundsReservations: true,
};

/** The simulator as the port suite wants it: virtual time runs while somebody waits for an answer. */
export function makeSimulatedWorld(): { readonly world: PortWorld; stop(): Promise<void> } {
  const simulated = new World({
    seed: 1,
    nature: { ...PLAIN_NATURE, newQueueUnknown: 1 },
    reconciles: false,
    accountConcurrency: ACCOUNT_CONCURRENCY,
    // The suite paces nothing.
    lambdaPerSecond: 1_000,
  });
  const live = new Live(simulated);
  const ended = new Set<string>();
  simulated.bursts.onEnd = (partsId) => ended.add(partsId);
  let uploads = 0;
  const world: PortWorld = {
    capabilities: SIMULATED_CAPABILITIES,
    ports: live.ports(simulated.connect(simulated.hand)),
    stage: STAGE,
    consumers: simulated.settings.consumers,
    advance: (ms) => live.wait(simulated.clock.sleep(ms)),
    putConfig: async (record) => simulated.configs.put(String(record.pipelineId), record),
    putGroup: async (pipelineId, state) => simulated.holds.put(pipelineId, state),
    putRan: async (pipelineId, { tasks, ms }) => {
      const run = { pipelineId, taskId: '', startedAtMs: 0, endedAtMs: ms / tasks };
      for (let task = 0; task < tasks; task += 1)
        simulated.book.ran({ ...run, codeVersion: '', requestId: '', outcome: 'succeeded' });
    },
    beginTask: async (...args) => simulated.bursts.begin(...args),
    endTask: async (...args) => simulated.bursts.end(...args),
    hasEnded: async (partsId) => ended.has(partsId),
    putTasks: async (key, text) => {
      simulated.taskObjects.put('tasks', key, text);
      return 'tasks';
    },
    putCode: async (key, text, kind = 'sound') => {
      uploads += 1;
      const version = `${text} #${uploads}`;
      simulated.code.put(key, version, {
        ...(kind === 'failing' ? { trialFails: text } : {}),
        ...(kind === 'noZip' ? { archive: { kind: 'unreadable', reason: 'no zip archive' } } : {}),
      });
      return { key, version };
    },
    removeCode: async (key) => simulated.code.remove(key),
    heardEvents: async () =>
      simulated.events.published.map(({ detailType, detail }) => ({ detailType, detail })),
  };
  return { world, stop: async () => {} };
}

/** Lets virtual time run for as long as anybody outside waits for something in it. */
class Live {
  readonly #world: World;
  #waiting = 0;
  #running = false;

  constructor(world: World) {
    this.#world = world;
  }

  ports(ports: Ports): Ports {
    const entries = Object.entries(ports).map(([name, port]) => [
      name,
      typeof port === 'object' ? this.#port(port) : port,
    ]);
    return Object.fromEntries(entries) as Ports;
  }

  async wait<T>(promise: Promise<T>): Promise<T> {
    this.#waiting += 1;
    void this.#run();
    try {
      return await promise;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    await this.#world.clock.run({
      limitMs: Number.POSITIVE_INFINITY,
      stop: () => this.#waiting === 0,
    });
    this.#running = false;
    if (this.#waiting > 0) await this.#run();
  }

  async *#each<T>(items: AsyncIterable<T>): AsyncGenerator<T, void> {
    const iterator = items[Symbol.asyncIterator]();
    for (;;) {
      const next = await this.wait(iterator.next());
      if (next.done) return;
      yield next.value;
    }
  }

  #port<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name, receiver) => {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const answer: unknown = value.apply(target, args);
          if (isIterable(answer)) return this.#each(answer);
          return answer instanceof Promise ? this.wait(answer) : answer;
        };
      },
    });
  }
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
