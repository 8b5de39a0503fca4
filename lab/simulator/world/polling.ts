import type { MappingSettings } from '../../../core/lifecycle/differences.ts';
import type { Chance } from '../chance.ts';
import type { VirtualClock } from '../clock.ts';
import type { Timer } from '../heap.ts';
import type { StoredMessage } from './messages.ts';
import type { Span } from './nature.ts';
import type { SimulatedQueue } from './queue-state.ts';
import type { QueueTraffic } from './queue-traffic.ts';

/** Pollers begin with so many invocations at once, and add as many a second (300 a minute). */
const FIRST_POLLERS = 5;
const MORE_PER_SECOND = 5;
/** A poller that Lambda had no room for tries again after a while, with whatever is there then. */
const THROTTLED_MS: Span = [1_000, 10_000];

/** What is polled, and by which settings. */
export interface Polled {
  readonly queue: SimulatedQueue;
  readonly settings: Pick<MappingSettings, 'maximumConcurrency' | 'batchSize' | 'batchWindowSeconds'>;
  /** Nothing is received before this, epoch milliseconds. */
  readonly heldUntilMs: number;
}

interface PollingParts {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly traffic: QueueTraffic;
  /** A free poller sees the next message. */
  readonly pollMs: Span;
  /** Pollers that had nothing to do for so long are gone. */
  readonly scaledDownMs: number;
  /** False while the mapping rests: what runs ends, and nothing begins. */
  readonly isEnabled: () => boolean;
  /** Undefined where there is nothing to poll, or nobody to run it. */
  readonly polled: () => Polled | undefined;
  /** Runs a batch and calls `free` when its slot is. Answers false where Lambda has no room. */
  readonly run: (batch: readonly StoredMessage[], queue: SimulatedQueue, free: () => void) => boolean;
}

/**
 * Lambda's pollers of one mapping: they fill its slots with batches. Nothing polls an empty queue here; an
 * arrival wakes them instead.
 */
export class Polling {
  readonly #parts: PollingParts;
  #slots = 0;
  #busySinceMs = 0;
  #idleSinceMs = 0;
  /** When a batch that waits to fill up goes as it is. */
  #windowEndMs: number | undefined;
  #timer: Timer | undefined;

  constructor(parts: PollingParts) {
    this.#parts = parts;
  }

  wake(inMs = this.#parts.chance.between(...this.#parts.pollMs)): void {
    const { clock, isEnabled } = this.#parts;
    if (!isEnabled()) return;
    const atMs = clock.nowMs() + inMs;
    if (this.#timer !== undefined && this.#timer.timeMs <= atMs) return;
    if (this.#timer) this.#timer.cancelled = true;
    this.#timer = clock.at(atMs, () => {
      this.#timer = undefined;
      this.#poll();
    });
  }

  #poll(): void {
    const polled = this.#parts.isEnabled() ? this.#parts.polled() : undefined;
    if (polled === undefined) return;
    const { queue, settings, heldUntilMs } = polled;
    for (;;) {
      const nowMs = this.#parts.clock.nowMs();
      const next = queue.messages.next();
      if (next === undefined) return;
      // What is held is asked anew once a message can be received: a hold may be over sooner than it said.
      const fromMs = next.visibleAtMs > nowMs ? next.visibleAtMs : heldUntilMs;
      if (fromMs > nowMs) {
        this.wake(fromMs - nowMs);
        return;
      }
      if (this.#slots === 0 && nowMs - this.#idleSinceMs >= this.#parts.scaledDownMs)
        this.#busySinceMs = nowMs;
      const pollers = FIRST_POLLERS + MORE_PER_SECOND * Math.floor((nowMs - this.#busySinceMs) / 1000);
      if (this.#slots >= settings.maximumConcurrency) return;
      if (this.#slots >= pollers) {
        this.wake(1_000);
        return;
      }
      if (this.#waitsToFill(polled)) return;
      const batch = this.#receive(polled);
      if (batch.length > 0) this.#invoke(batch, queue);
    }
  }

  #waitsToFill({ queue, settings: { batchSize, batchWindowSeconds } }: Polled): boolean {
    if (batchWindowSeconds === 0 || queue.messages.size >= batchSize) return false;
    const nowMs = this.#parts.clock.nowMs();
    this.#windowEndMs ??= nowMs + batchWindowSeconds * 1000;
    if (nowMs >= this.#windowEndMs) {
      this.#windowEndMs = undefined;
      return false;
    }
    this.wake(this.#windowEndMs - nowMs);
    return true;
  }

  #receive({ queue, settings: { batchSize } }: Polled): readonly StoredMessage[] {
    const { clock, traffic } = this.#parts;
    const visibility = queue.visibilityTimeoutSeconds.inForce(clock.nowMs());
    const batch: StoredMessage[] = [];
    while (batch.length < batchSize) {
      const message = traffic.take(queue, visibility);
      if (message === undefined) break;
      batch.push(message);
    }
    return batch;
  }

  #invoke(batch: readonly StoredMessage[], queue: SimulatedQueue): void {
    const { clock, chance, run } = this.#parts;
    this.#slots += 1;
    const free = () => {
      this.#slots -= 1;
      if (this.#slots === 0) this.#idleSinceMs = clock.nowMs();
      this.wake();
    };
    if (run(batch, queue, free)) return;
    // The messages come back after their visibility timeout, received once more and never run.
    clock.after(chance.between(...THROTTLED_MS), free);
  }
}
