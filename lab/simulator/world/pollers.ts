import { maxAttemptsOf } from '../../../consumer/attempts.ts';
import type { TaskOutcome } from '../../../consumer/fate.ts';
import { hash32 } from '../chance.ts';
import type { Timer } from '../heap.ts';
import type { Behaviour } from './code-bucket.ts';
import { type Begun, Fates } from './fates.ts';
import type { SimulatedFunction } from './function-state.ts';
import type { SimulatedFunctions } from './functions.ts';
import type { Laws } from './laws.ts';
import type { SimulatedMapping, SimulatedMappings } from './mappings.ts';
import type { StoredMessage } from './messages.ts';
import type { SimulatedQueue } from './queue-state.ts';
import type { SimulatedQueues } from './queues.ts';
import { SlotLeases } from './slot-leases.ts';
import { type Counted, type TaskBook, type TaskRun, taskOf } from './tasks.ts';

/** Pollers begin with so many invocations at once, and add as many a second (300 a minute). */
const FIRST_POLLERS = 5;
const MORE_PER_SECOND = 5;

interface Polling {
  slots: number;
  busySinceMs: number;
  /** When a batch that waits to fill up goes as it is. */
  windowEndMs: number | undefined;
  timer: Timer | undefined;
}

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

/**
 * Lambda's pollers and the consumers behind them: the data plane of every mapping. Nothing polls an empty
 * queue here; an arrival wakes the mapping instead.
 */
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
    mappings.onChange = (mapping) => this.#wake(mapping);
    functions.onChange = (name) => this.#wakeQueue(name);
  }

  /** A pipeline's queue and function have one name, so both wake the same mappings. */
  #wakeQueue(name: string): void {
    for (const mapping of this.#parts.mappings.byQueue.get(name) ?? []) this.#wake(mapping);
  }

  #wake(mapping: SimulatedMapping, inMs = this.#parts.chance.between(...this.#parts.nature.pollMs)): void {
    if (!mapping.inForce.enabled) return;
    const polling = this.#pollingOf(mapping);
    const atMs = this.#parts.clock.nowMs() + inMs;
    if (polling.timer !== undefined && polling.timer.timeMs <= atMs) return;
    if (polling.timer) polling.timer.cancelled = true;
    polling.timer = this.#parts.clock.at(atMs, () => {
      polling.timer = undefined;
      this.#poll(mapping, polling);
    });
  }

  #poll(mapping: SimulatedMapping, polling: Polling): void {
    const queue = this.#parts.queues.byName.get(mapping.queueName);
    const consumer = this.#parts.functions.byName.get(mapping.functionName);
    if (!mapping.inForce.enabled || queue === undefined || consumer?.state !== 'Active') return;
    for (;;) {
      const nowMs = this.#parts.clock.nowMs();
      const next = queue.messages.next();
      if (next === undefined) return;
      if (next.visibleAtMs > nowMs) {
        this.#wake(mapping, next.visibleAtMs - nowMs);
        return;
      }
      const heldUntilMs = this.#parts.heldUntilMs(mapping.functionName);
      if (heldUntilMs > nowMs) {
        this.#wake(mapping, heldUntilMs - nowMs);
        return;
      }
      if (polling.slots === 0) polling.busySinceMs = nowMs;
      const pollers = FIRST_POLLERS + MORE_PER_SECOND * Math.floor((nowMs - polling.busySinceMs) / 1000);
      if (polling.slots >= mapping.inForce.maximumConcurrency) return;
      if (polling.slots >= pollers) {
        this.#wake(mapping, 1000);
        return;
      }
      if (this.#waitsToFill(mapping, polling, queue)) return;
      const batch = this.#receive(mapping, queue);
      if (batch.length > 0) this.#invoke(mapping, polling, queue, batch);
    }
  }

  #waitsToFill(mapping: SimulatedMapping, polling: Polling, queue: SimulatedQueue): boolean {
    const { batchSize, batchWindowSeconds } = mapping.inForce;
    if (batchWindowSeconds === 0 || queue.messages.size >= batchSize) return false;
    const nowMs = this.#parts.clock.nowMs();
    polling.windowEndMs ??= nowMs + batchWindowSeconds * 1000;
    if (nowMs >= polling.windowEndMs) {
      polling.windowEndMs = undefined;
      return false;
    }
    this.#wake(mapping, polling.windowEndMs - nowMs);
    return true;
  }

  #receive(mapping: SimulatedMapping, queue: SimulatedQueue): StoredMessage[] {
    const visibility = queue.visibilityTimeoutSeconds.inForce(this.#parts.clock.nowMs());
    const batch: StoredMessage[] = [];
    while (batch.length < mapping.inForce.batchSize) {
      const message = this.#parts.queues.traffic.take(queue, visibility);
      if (message === undefined) break;
      batch.push(message);
    }
    return batch;
  }

  #invoke(mapping: SimulatedMapping, polling: Polling, queue: SimulatedQueue, batch: StoredMessage[]): void {
    const consumer = this.#parts.functions.byName.get(mapping.functionName);
    const end = consumer && this.#parts.functions.begin(consumer);
    polling.slots += 1;
    const free = (afterMs: number, then: () => void) => {
      this.#parts.clock.after(afterMs, () => {
        polling.slots -= 1;
        then();
        this.#wake(mapping);
      });
    };
    const startedAtMs = this.#parts.clock.nowMs();
    const count = (what: Counted, more: number, atMs = startedAtMs) =>
      this.#parts.book.onCount(mapping.functionName, atMs, what, more);
    count('received', batch.length);
    // Throttled: the messages come back after their visibility timeout, received once more and never run.
    if (consumer === undefined || end === undefined) {
      count('throttled', 1);
      free(this.#parts.chance.between(1_000, 10_000), () => {});
      return;
    }
    const { ran, endMs } = this.#run(batch, consumer);
    free(endMs - startedAtMs, () => {
      end();
      const timedOut = ran.some(({ outcome }) => outcome === undefined);
      count('calls', 1);
      count('durationMs', endMs - startedAtMs);
      if (timedOut) {
        count('errors', 1);
        return;
      }
      for (const { message, outcome, begun } of ran) {
        if (outcome === undefined) continue;
        const fate = this.#fates.settle(queue, message, outcome, begun);
        // Dead letters are deleted, too, but known by their being sent.
        if (fate.kind === 'done') count('done', 1, endMs);
      }
    });
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

  #pollingOf(mapping: SimulatedMapping): Polling {
    let polling = this.#polling.get(mapping.id);
    if (polling === undefined) {
      polling = { slots: 0, busySinceMs: 0, windowEndMs: undefined, timer: undefined };
      this.#polling.set(mapping.id, polling);
    }
    return polling;
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
