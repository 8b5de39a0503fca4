import type { SQSBatchResponse } from 'aws-lambda';
import type { MappingSpec } from '../../../core/lifecycle/target.ts';
import type { Chance } from '../chance.ts';
import type { VirtualClock } from '../clock.ts';
import type { Timer } from '../heap.ts';
import type { StoredMessage } from '../world/messages.ts';
import type { SimulatedQueue } from '../world/queue-state.ts';
import type { QueueTraffic } from '../world/queue-traffic.ts';
import type { Book } from './book.ts';
import type { Conditions } from './conditions.ts';
import { recordOf } from './effects.ts';
import type { Fleet } from './fleet.ts';

/** Pollers begin with so many invocations at once, and add as many a second (300 a minute). */
const FIRST_POLLERS = 5;
const MORE_PER_SECOND = 5;
/** Pollers that had nothing to do for so long are gone. */
const SCALED_DOWN_MS = 60_000;
/** A poller that Lambda had no room for tries again after a while, with whatever is there then. */
const THROTTLED_MS = [1_000, 10_000] as const;

interface MappingParts {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly conditions: Conditions;
  readonly spec: MappingSpec;
  readonly queue: SimulatedQueue;
  readonly traffic: QueueTraffic;
  readonly fleet: Fleet;
  readonly book: Book;
}

/** Lambda's pollers of one queue. */
export class FlowMapping {
  /** False while the mapping rests: what runs ends, and nothing begins. */
  isEnabled = true;
  readonly #parts: MappingParts;
  #slots = 0;
  #busySinceMs = 0;
  #idleSinceMs = 0;
  /** When a batch that waits to fill up goes as it is. */
  #windowEndMs: number | undefined;
  #timer: Timer | undefined;

  constructor(parts: MappingParts) {
    this.#parts = parts;
    parts.traffic.onArrival = (queue) => {
      if (queue === parts.queue) this.wake();
    };
  }

  wake(inMs = this.#parts.chance.between(...this.#parts.conditions.pollMs)): void {
    const { clock } = this.#parts;
    const atMs = clock.nowMs() + inMs;
    if (this.#timer !== undefined && this.#timer.timeMs <= atMs) return;
    if (this.#timer) this.#timer.cancelled = true;
    this.#timer = clock.at(atMs, () => {
      this.#timer = undefined;
      this.#poll();
    });
  }

  #poll(): void {
    const { clock, queue, spec } = this.#parts;
    while (this.isEnabled) {
      const nowMs = clock.nowMs();
      const next = queue.messages.next();
      if (next === undefined) return;
      if (next.visibleAtMs > nowMs) {
        this.wake(next.visibleAtMs - nowMs);
        return;
      }
      if (this.#slots === 0 && nowMs - this.#idleSinceMs > SCALED_DOWN_MS) this.#busySinceMs = nowMs;
      const pollers = FIRST_POLLERS + MORE_PER_SECOND * Math.floor((nowMs - this.#busySinceMs) / 1000);
      if (this.#slots >= spec.maximumConcurrency) return;
      if (this.#slots >= pollers) {
        this.wake(1_000);
        return;
      }
      if (this.#waitsToFill()) return;
      const batch = this.#receive();
      if (batch.length > 0) this.#invoke(batch);
    }
  }

  #waitsToFill(): boolean {
    const { clock, queue, spec } = this.#parts;
    if (spec.batchWindowSeconds === 0 || queue.messages.size >= spec.batchSize) return false;
    const nowMs = clock.nowMs();
    this.#windowEndMs ??= nowMs + spec.batchWindowSeconds * 1000;
    if (nowMs >= this.#windowEndMs) {
      this.#windowEndMs = undefined;
      return false;
    }
    this.wake(this.#windowEndMs - nowMs);
    return true;
  }

  #receive(): StoredMessage[] {
    const { clock, queue, traffic, spec, book } = this.#parts;
    const visibility = queue.visibilityTimeoutSeconds.inForce(clock.nowMs());
    const batch: StoredMessage[] = [];
    while (batch.length < spec.batchSize) {
      const message = traffic.take(queue, visibility);
      if (message === undefined) break;
      batch.push(message);
    }
    book.receives += batch.length;
    return batch;
  }

  #invoke(batch: readonly StoredMessage[]): void {
    const { clock, chance, queue, fleet, book } = this.#parts;
    this.#slots += 1;
    const free = () => {
      this.#slots -= 1;
      if (this.#slots === 0) this.#idleSinceMs = clock.nowMs();
      this.wake();
    };
    const event = { Records: batch.map((message) => recordOf(queue, message)) };
    const hasRoom = fleet.invoke(event, (answer) => {
      this.#settle(batch, answer);
      free();
    });
    if (hasRoom) return;
    // The messages come back after their visibility timeout, received once more and never run.
    book.throttles += 1;
    clock.after(chance.between(...THROTTLED_MS), free);
  }

  /** Deletes what was answered for; a call without an answer has answered for nothing. */
  #settle(batch: readonly StoredMessage[], answer: SQSBatchResponse | undefined): void {
    const { chance, conditions, queue, traffic } = this.#parts;
    if (answer === undefined || chance.happens(conditions.answersLost)) return;
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { messageId, receipt } of batch) {
      if (!failed.has(messageId)) traffic.deleteMessage(queue, receipt);
    }
  }
}
