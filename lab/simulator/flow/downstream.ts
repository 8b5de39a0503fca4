import type { Chance } from '../chance.ts';
import type { VirtualClock } from '../clock.ts';
import type { Book } from './book.ts';
import type { ExecutionEnvironment } from './environment.ts';

/** What the API is like from a moment on. Times are milliseconds since the world began. */
export interface ApiPhase {
  readonly fromMs: number;
  /** Requests that it takes: tokens a second, up to `burst` of them kept. 0: it refuses all. */
  readonly perSecond: number;
  /** Share of requests that fail with 500. */
  readonly failures?: number;
}

export interface ApiPlan {
  readonly phases: readonly [ApiPhase, ...ApiPhase[]];
  readonly burst: number;
  /** What a refusal says: the seconds until the next token, rounded up; always these; or nothing. */
  readonly retryAfter: 'exact' | 'none' | number;
}

export interface Refused {
  readonly error: Error;
  readonly isThrottling: boolean;
}

/** The API that tasks ask: a token bucket whose rate changes, with failures. */
export class Downstream {
  readonly #plan: ApiPlan;
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #book: Book;
  readonly #beginMs: number;
  #tokens: number;
  #asOfMs: number;

  constructor(plan: ApiPlan, parts: { clock: VirtualClock; chance: Chance; book: Book }) {
    this.#plan = plan;
    this.#clock = parts.clock;
    this.#chance = parts.chance;
    this.#book = parts.book;
    this.#beginMs = parts.clock.nowMs();
    this.#tokens = plan.phases[0].perSecond > 0 ? plan.burst : 0;
    this.#asOfMs = this.#beginMs;
  }

  /** @returns the error that the client throws, if any */
  ask(environment: ExecutionEnvironment): Refused | undefined {
    this.#refill();
    const { failures = 0, perSecond } = this.#phase(this.#asOfMs);
    if (this.#tokens < 1) {
      this.#book.refusals.push({
        atMs: this.#asOfMs,
        ownMs: environment.nowMs(),
        environment: environment.id,
      });
      return { error: this.#refusal(perSecond), isThrottling: true };
    }
    this.#tokens -= 1;
    if (!this.#chance.happens(failures)) return undefined;
    return { error: Object.assign(new Error('500'), { status: 500 }), isThrottling: false };
  }

  #refusal(perSecond: number): Error {
    const { retryAfter } = this.#plan;
    const error = Object.assign(new Error('429'), { status: 429 });
    if (retryAfter === 'none') return error;
    const missing = (1 - this.#tokens) / Math.max(perSecond, 0.1);
    const seconds = retryAfter === 'exact' ? Math.ceil(missing) : retryAfter;
    return Object.assign(error, { headers: new Headers({ 'retry-after': String(seconds) }) });
  }

  #refill(): void {
    const nowMs = this.#clock.nowMs();
    let fromMs = this.#asOfMs;
    for (const next of [...this.#plan.phases.map((phase) => this.#beginMs + phase.fromMs), nowMs]) {
      const toMs = Math.min(next, nowMs);
      if (toMs <= fromMs) continue;
      const { perSecond } = this.#phase(fromMs);
      this.#tokens = Math.min(this.#plan.burst, this.#tokens + ((toMs - fromMs) * perSecond) / 1000);
      fromMs = toMs;
    }
    this.#asOfMs = nowMs;
  }

  #phase(atMs: number): ApiPhase {
    let [found] = this.#plan.phases;
    for (const phase of this.#plan.phases) if (this.#beginMs + phase.fromMs <= atMs) found = phase;
    return found;
  }
}
