import { type Timer, TimerHeap } from './heap.ts';

/** Where virtual time begins: 2026-01-01T00:00:00Z. */
export const BEGIN_MS = Date.UTC(2026, 0, 1);

/** Every so many events the real event loop gets a turn, so that real timers (a test's) still fire. */
const EVENTS_PER_TURN = 20_000;

/** A run that did not come to rest in the virtual time, or the number of events, that it was given. */
export class EndlessRun extends Error {
  override readonly name = 'EndlessRun';
}

export interface RunLimits {
  /** Virtual time at which the run must be over, epoch milliseconds. */
  readonly limitMs: number;
  /** Asked between events; true ends the run. */
  readonly stop?: () => boolean;
  readonly maxEvents?: number;
}

/**
 * Virtual time. Events run one by one in the order of their times, and everything that an event sets in
 * motion (promises that it settles, and what waits for them) is over before the next event begins.
 */
export class VirtualClock {
  #nowMs = BEGIN_MS;
  #order = 0;
  #events = 0;
  #settled = false;
  readonly #timers = new TimerHeap();

  nowMs = (): number => this.#nowMs;

  /** Events so far, a measure of work. */
  get events(): number {
    return this.#events;
  }

  at(timeMs: number, run: () => void): Timer {
    this.#order += 1;
    const timer = {
      timeMs: Math.max(Math.ceil(timeMs), this.#nowMs),
      order: this.#order,
      run,
      cancelled: false,
    };
    this.#timers.push(timer);
    return timer;
  }

  after(delayMs: number, run: () => void): Timer {
    return this.at(this.#nowMs + delayMs, run);
  }

  /** An event that settles promises calls this: what waits for them runs before the next event. */
  willSettle(): void {
    this.#settled = true;
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, () => {
        this.willSettle();
        resolve();
      });
    });
  }

  /** Runs events until there are none, or `stop` says so. Past `limitMs` it throws an {@link EndlessRun}. */
  run({ limitMs, stop = () => false, maxEvents = Number.POSITIVE_INFINITY }: RunLimits): Promise<void> {
    const lastEvent = this.#events + maxEvents;
    return new Promise((resolve, reject) => {
      const turn = () => {
        try {
          for (let left = EVENTS_PER_TURN; left > 0; left -= 1) {
            const next = this.#next();
            if (next === undefined || stop()) {
              if (next) this.#timers.push(next);
              return resolve();
            }
            if (next.timeMs > limitMs) throw this.#endless(`at ${new Date(limitMs).toISOString()}`, next);
            if (this.#events >= lastEvent) throw this.#endless(`after ${maxEvents} events`, next);
            this.#nowMs = next.timeMs;
            this.#events += 1;
            next.run();
            if (this.#settled) {
              this.#settled = false;
              // A tick asked for by a microtask runs when no microtask is left: whatever hangs on the
              // settled promises, however deep, comes before the next event. Cheaper than setImmediate.
              queueMicrotask(() => process.nextTick(this.#events % EVENTS_PER_TURN === 0 ? later : turn));
              return;
            }
          }
          later();
        } catch (error) {
          reject(error);
        }
      };
      const later = () => setImmediate(turn);
      later();
    });
  }

  #next(): Timer | undefined {
    for (;;) {
      const next = this.#timers.pop();
      if (next === undefined || !next.cancelled) return next;
    }
  }

  #endless(when: string, next: Timer): EndlessRun {
    return new EndlessRun(
      `the run was not over ${when}: ${this.#timers.size + 1} events still wait, the next for ${new Date(next.timeMs).toISOString()}`,
    );
  }
}
