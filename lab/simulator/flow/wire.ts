import type { Chance } from '../chance.ts';
import type { VirtualClock } from '../clock.ts';
import type { Span } from '../world/nature.ts';
import type { Trouble } from './conditions.ts';
import type { ExecutionEnvironment } from './environment.ts';

/** The client repeats and waits for about this long before it says that there was no answer. */
const PATIENCE_MS: Span = [900, 2_300];
const SLOW_MS: Span = [100, 1_000];
/** All calls of a time in which whoever answers is overrun. */
const OVERRUN_MS: Span = [1_900, 2_100];

/** What befalls all calls for a while. */
export type Fault = 'silent' | 'slow';

/** Everything between an environment and AWS: the way there, trouble, the way back. */
export class Wire {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #wayMs: Span;
  readonly #trouble: Trouble;
  readonly #fault: () => Fault | undefined;
  /** Calls so far, by name: what the work costs. */
  readonly calls = new Map<string, number>();

  constructor(parts: {
    readonly clock: VirtualClock;
    readonly chance: Chance;
    readonly wayMs: Span;
    readonly trouble: Trouble;
    readonly fault?: () => Fault | undefined;
  }) {
    this.#clock = parts.clock;
    this.#chance = parts.chance;
    this.#wayMs = parts.wayMs;
    this.#trouble = parts.trouble;
    this.#fault = parts.fault ?? (() => undefined);
  }

  /** @throws what `effect` throws, or that there was no answer, or the signal's reason once it aborts */
  call<R>(environment: ExecutionEnvironment, name: string, signal: AbortSignal, effect: () => R): Promise<R> {
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
    const fault = this.#fault();
    const trouble = fault === 'silent' ? this.#silence() : this.#draw();
    const wayMs = () => this.#chance.between(...this.#wayMs);
    return new Promise<R>((resolve, reject) => {
      const abort = () => environment.deliver(0, () => reject(signal.reason));
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      const answer = (afterMs: number, settle: () => void) =>
        environment.deliver(afterMs, () => {
          signal.removeEventListener('abort', abort);
          settle();
        });
      const unanswered = () => reject(new Error(`no answer to ${name}`));
      const patienceMs = this.#chance.happens(0.5) ? 0 : this.#chance.between(...PATIENCE_MS);
      if (trouble === 'fails') return answer(wayMs() + patienceMs, unanswered);
      if (trouble === 'hangs' && this.#chance.happens(0.5)) return;
      const slowMs = this.#slowMs(trouble, fault);
      // What was sent arrives, whether or not its sender lives on.
      this.#clock.after(wayMs() + slowMs, () => {
        let settle: () => void;
        try {
          if (trouble === 'doubled') effect();
          const result = effect();
          settle = () => resolve(result);
        } catch (error) {
          settle = () => reject(error);
        }
        if (trouble === 'hangs') return;
        if (trouble === 'replyLost') return answer(patienceMs, unanswered);
        answer(wayMs(), settle);
      });
    });
  }

  #slowMs(trouble: keyof Trouble | undefined, fault: Fault | undefined): number {
    if (fault === 'slow') return this.#chance.between(...OVERRUN_MS);
    return trouble === 'slow' ? this.#chance.between(...SLOW_MS) : 0;
  }

  /** Most calls have no effect. */
  #silence(): keyof Trouble {
    const kind = this.#chance.next();
    if (kind < 0.7) return 'fails';
    return kind < 0.9 ? 'hangs' : 'replyLost';
  }

  #draw(): keyof Trouble | undefined {
    let left = this.#chance.next();
    for (const kind of ['fails', 'replyLost', 'doubled', 'hangs', 'slow'] as const) {
      left -= this.#trouble[kind];
      if (left < 0) return kind;
    }
    return undefined;
  }
}
