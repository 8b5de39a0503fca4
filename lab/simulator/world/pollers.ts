import { maxAttemptsOf } from '../../../consumer/attempts.ts';
import type { Fate, TaskOutcome } from '../../../consumer/fate.ts';
import { hash32 } from '../chance.ts';
import type { Behaviour } from './code-bucket.ts';
import { type Begun, Fates } from './fates.ts';
import type { SimulatedFunction } from './function-state.ts';
import type { SimulatedFunctions } from './functions.ts';
import type { Laws } from './laws.ts';
import type { SimulatedMapping, SimulatedMappings } from './mappings.ts';
import type { StoredMessage } from './messages.ts';
import { type Polled, Polling } from './polling.ts';
import type { SimulatedQueue } from './queue-state.ts';
import type { SimulatedQueues } from './queues.ts';
import { SlotLeases } from './slot-leases.ts';
import { type Counted, type TaskBook, type TaskRun, taskOf } from './tasks.ts';

/** A message that a call came to; without an outcome the call ended before its task. */
interface Ran {
  readonly message: StoredMessage;
  readonly begun: Begun;
  readonly outcome: TaskOutcome | undefined;
}

/** What the runtime makes of each; of a task that ran out of time nothing, Lambda ends the call. */
const OUTCOMES: Readonly<Record<TaskRun['outcome'], TaskOutcome | undefined>> = {
  succeeded: { kind: 'returned' },
  failed: { kind: 'threw', error: undefined },
  timedOut: undefined,
};

interface PollerParts extends Laws {
  readonly queues: SimulatedQueues;
  readonly functions: SimulatedFunctions;
  readonly mappings: SimulatedMappings;
  readonly book: TaskBook;
  /** Until when a function's group waits, epoch milliseconds: its runtime starts nothing before that. */
  readonly heldUntilMs: (functionName: string) => number;
}

/** Lambda's pollers and the consumers behind them: the data plane of every mapping. */
export class Pollers {
  readonly #parts: PollerParts;
  readonly #polling = new Map<string, Polling>();
  readonly #fates: Fates;
  readonly #leases = new SlotLeases();
  #requests = 0;

  constructor(parts: PollerParts) {
    this.#parts = parts;
    this.#fates = new Fates(parts);
    const { queues, mappings, functions } = parts;
    queues.traffic.onArrival = (queue) => this.#wakeQueue(queue.name);
    mappings.onChange = (mapping) => this.#pollingOf(mapping).wake();
    functions.onChange = (name) => this.#wakeQueue(name);
  }

  /** A pipeline's queue and function have one name, so both wake the same mappings. */
  #wakeQueue(name: string): void {
    for (const mapping of this.#parts.mappings.byQueue.get(name) ?? []) this.#pollingOf(mapping).wake();
  }

  #pollingOf(mapping: SimulatedMapping): Polling {
    let polling = this.#polling.get(mapping.id);
    if (polling === undefined) {
      const { clock, chance, nature, queues } = this.#parts;
      polling = new Polling({
        clock,
        chance,
        traffic: queues.traffic,
        pollMs: nature.pollMs,
        scaledDownMs: 0,
        isEnabled: () => mapping.inForce.enabled,
        polled: () => this.#polledOf(mapping),
        run: (batch, queue, free) => this.#invoke(mapping.functionName, queue, batch, free),
      });
      this.#polling.set(mapping.id, polling);
    }
    return polling;
  }

  #polledOf({ queueName, functionName, inForce }: SimulatedMapping): Polled | undefined {
    const { queues, functions, heldUntilMs } = this.#parts;
    const queue = queues.byName.get(queueName);
    if (queue === undefined || functions.byName.get(functionName)?.state !== 'Active') return undefined;
    return { queue, settings: inForce, heldUntilMs: heldUntilMs(functionName) };
  }

  /** @returns false where Lambda has no room */
  #invoke(
    functionName: string,
    queue: SimulatedQueue,
    batch: readonly StoredMessage[],
    free: () => void,
  ): boolean {
    const { clock, functions, book } = this.#parts;
    const consumer = functions.byName.get(functionName);
    const end = consumer && functions.begin(consumer);
    const startedAtMs = clock.nowMs();
    const count = (what: Counted, more: number, atMs = startedAtMs) =>
      book.onCount(functionName, atMs, what, more);
    count('received', batch.length);
    if (consumer === undefined || end === undefined) {
      count('throttled', 1);
      return false;
    }
    const { ran, endMs } = this.#run(batch, consumer);
    clock.at(endMs, () => {
      end();
      count('calls', 1);
      count('durationMs', endMs - startedAtMs);
      // Dead letters are deleted, too, but known by their being sent.
      if (ran.some(({ outcome }) => outcome === undefined)) count('errors', 1);
      else for (const one of ran) if (this.#settle(queue, one) === 'done') count('done', 1, endMs);
      free();
    });
    return true;
  }

  #settle(queue: SimulatedQueue, { message, outcome, begun }: Ran): Fate['kind'] | undefined {
    return outcome && this.#fates.settle(queue, message, outcome, begun).kind;
  }

  /** Tasks of a batch run one after another, until all are done or the function's time is over. */
  #run(batch: readonly StoredMessage[], { name, inService, settings }: SimulatedFunction) {
    this.#requests += 1;
    const { code, behaviour, timeoutSeconds, lease } = inService;
    const { version: codeVersion } = code;
    const requestId = `request-${this.#requests}`;
    const nowMs = this.#parts.clock.nowMs();
    const overMs = nowMs + timeoutSeconds * 1000;
    let atMs = lease ? this.#leases.freeAtMs(name, nowMs) : nowMs;
    if (atMs > nowMs && atMs + longestOf(batch, behaviour) > overMs) {
      const outcome: TaskOutcome = { kind: 'busy', afterSeconds: (atMs - nowMs) / 1000 };
      const begun = { attempt: 0, maxAttempts: Number.POSITIVE_INFINITY };
      return { ran: batch.map((message) => ({ message, begun, outcome })), endMs: nowMs };
    }
    const maxAttempts = maxAttemptsOf(settings.environment);
    const ran: Ran[] = [];
    for (const message of batch) {
      const { taskId, pipelineId, seconds, failures } = taskOf(message.body);
      const begun = this.#fates.begin(message, maxAttempts);
      if (begun.attempt > maxAttempts) {
        ran.push({ message, begun, outcome: { kind: 'exhausted' } });
        continue;
      }
      const attempts = this.#parts.book.fates.get(taskId)?.attempts ?? 0;
      const endsMs = atMs + seconds * 1000 * (behaviour.slowdown ?? 1);
      const timedOut = endsMs > overMs;
      const endedAtMs = Math.min(endsMs, overMs);
      const fails = attempts < failures || failsOn(taskId, codeVersion, behaviour.fails ?? 0);
      const outcome = timedOut ? 'timedOut' : fails ? 'failed' : 'succeeded';
      this.#parts.book.ran({
        pipelineId,
        taskId,
        startedAtMs: atMs,
        endedAtMs,
        codeVersion,
        requestId,
        outcome,
      });
      ran.push({ message, begun, outcome: OUTCOMES[outcome] });
      atMs = endedAtMs;
      if (timedOut) break;
    }
    if (lease) this.#leases.take(name, atMs);
    return { ran, endMs: atMs };
  }
}

/** How long all tasks of a batch take, milliseconds. */
function longestOf(batch: readonly StoredMessage[], { slowdown = 1 }: Behaviour): number {
  return batch.reduce((sum, { body }) => sum + taskOf(body).seconds * 1000 * slowdown, 0);
}

/** Which tasks a version fails on: always the same ones. */
function failsOn(taskId: string, version: string, share: number): boolean {
  return share > 0 && hash32(`${taskId} ${version}`) / 2 ** 32 < share;
}
