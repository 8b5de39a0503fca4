import type { Chance } from '../chance.ts';
import type { VirtualClock } from '../clock.ts';
import type { Conditions } from './conditions.ts';

/** One execution environment of a function: a process with a clock of its own, frozen between calls. */
export class ExecutionEnvironment {
  readonly id: string;
  alive = true;
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #conditions: Conditions;
  readonly #skewBoundMs: number;
  #skewMs = 0;
  #nextStepMs: number;
  #isFrozen = true;
  #stalledUntilMs = 0;
  /** What fell due while it was frozen. */
  #due: (() => void)[] = [];

  constructor(
    id: string,
    parts: {
      readonly clock: VirtualClock;
      readonly chance: Chance;
      readonly conditions: Conditions;
      readonly skewBoundMs: number;
    },
  ) {
    this.id = id;
    this.#clock = parts.clock;
    this.#chance = parts.chance;
    this.#conditions = parts.conditions;
    this.#skewBoundMs = Math.floor(parts.skewBoundMs * parts.conditions.skewShare);
    this.#nextStepMs = Number.NEGATIVE_INFINITY;
  }

  /** Its wall clock: off by no more than the bound, and stepping within it. */
  nowMs(): number {
    const trueMs = this.#clock.nowMs();
    if (trueMs >= this.#nextStepMs) {
      this.#skewMs = this.#chance.whole(-this.#skewBoundMs, this.#skewBoundMs);
      this.#nextStepMs = trueMs + this.#chance.between(...this.#conditions.clockStepMs);
    }
    return trueMs + this.#skewMs;
  }

  random(): number {
    return this.#chance.next();
  }

  /** A timer: late by chance, and by everything else that keeps the process. */
  after(ms: number, call: () => void): () => void {
    let isCancelled = false;
    const lateMs = this.#chance.between(...this.#conditions.timerLateMs);
    this.deliver(Math.max(0, ms + lateMs), () => {
      if (!isCancelled) call();
    });
    return () => {
      isCancelled = true;
    };
  }

  /** Something reaches the process: now, or when it runs again. The dead hear nothing. */
  deliver(afterMs: number, run: () => void): void {
    this.#clock.after(afterMs, () => this.#arrive(run));
  }

  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    const due = this.#due;
    this.#due = [];
    for (const run of due) this.deliver(0, run);
  }

  die(): void {
    this.alive = false;
    this.#due = [];
  }

  #arrive(run: () => void): void {
    if (!this.alive) return;
    if (this.#isFrozen) {
      this.#due.push(run);
      return;
    }
    const nowMs = this.#clock.nowMs();
    if (nowMs >= this.#stalledUntilMs && this.#chance.happens(this.#conditions.stalls)) {
      this.#stalledUntilMs = nowMs + this.#chance.between(...this.#conditions.stallMs);
    }
    if (nowMs < this.#stalledUntilMs) {
      this.#clock.at(this.#stalledUntilMs, () => this.#run(run));
      return;
    }
    this.#run(run);
  }

  #run(run: () => void): void {
    if (!this.alive) return;
    this.#clock.willSettle();
    run();
  }
}
