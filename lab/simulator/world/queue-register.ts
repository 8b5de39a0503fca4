import { QUEUE_NAME_BLOCKED_SECONDS, QUEUE_USABLE_AFTER_SECONDS } from '../../../core/aws-limits.ts';
import type { Laws } from './laws.ts';
import { queueNameOf, type SimulatedQueue } from './queue-state.ts';

interface Grave {
  readonly queue: SimulatedQueue;
  readonly deletedAtMs: number;
  readonly byHand: boolean;
}

/** Which queues there are, who knows of them yet, and which names are blocked by one that was deleted. */
export class QueueRegister {
  readonly byName = new Map<string, SimulatedQueue>();
  readonly #graves = new Map<string, Grave>();
  readonly #laws: Laws;
  /** All names in order, made anew when asked for after a change. */
  #names: string[] | undefined;

  constructor(laws: Laws) {
    this.#laws = laws;
  }

  names(): readonly string[] {
    this.#names ??= [...this.byName.keys()].sort();
    return this.#names;
  }

  add(queue: SimulatedQueue): void {
    this.byName.set(queue.name, queue);
    this.#names = undefined;
  }

  bury(queue: SimulatedQueue, byHand: boolean): void {
    this.byName.delete(queue.name);
    this.#names = undefined;
    this.#graves.set(queue.name, { queue, deletedAtMs: this.#laws.clock.nowMs(), byHand });
  }

  /** The queue that was deleted under this name so lately that the name is blocked. */
  graveOf(name: string): Grave | undefined {
    const grave = this.#graves.get(name);
    const blocks = grave && this.#laws.clock.nowMs() < grave.deletedAtMs + QUEUE_NAME_BLOCKED_SECONDS * 1000;
    return blocks ? grave : undefined;
  }

  /** In its first second a new queue is not known everywhere. */
  usable(url: string): SimulatedQueue | undefined {
    const { clock, chance, nature } = this.#laws;
    const queue = this.byName.get(queueNameOf(url));
    if (queue === undefined) return undefined;
    const isNew = clock.nowMs() < queue.createdAtMs + QUEUE_USABLE_AFTER_SECONDS * 1000;
    return isNew && chance.happens(nature.newQueueUnknown) ? undefined : queue;
  }
}
