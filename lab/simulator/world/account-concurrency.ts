import { LAMBDA_UNRESERVED_MIN } from '../../../core/aws-limits.ts';

/** The account's concurrency: what of it is reserved, and what runs. */
export class AccountConcurrency {
  total: number;
  #reserved = 0;
  /** Invocations that run now, by function name; an invocation outlives its function. */
  readonly #running = new Map<string, number>();
  #poolRunning = 0;

  constructor(total: number) {
    this.total = total;
  }

  get unreserved(): number {
    return this.total - this.#reserved;
  }

  /** False: Lambda keeps the rest unreserved. */
  reserveOne(): boolean {
    if (this.unreserved - 1 < LAMBDA_UNRESERVED_MIN) return false;
    this.#reserved += 1;
    return true;
  }

  releaseOne(): void {
    this.#reserved -= 1;
  }

  /**
   * Starts an invocation if there is room: in what is reserved for the function, or in the account's pool.
   * @returns what ends it; undefined if it is throttled
   */
  begin(name: string, reserved: number | undefined): (() => void) | undefined {
    const running = this.#running.get(name) ?? 0;
    if (reserved !== undefined ? running >= reserved : this.#poolRunning >= this.unreserved) return undefined;
    const fromPool = reserved === undefined ? 1 : 0;
    this.#poolRunning += fromPool;
    this.#running.set(name, running + 1);
    return () => {
      this.#poolRunning -= fromPool;
      const left = (this.#running.get(name) ?? 1) - 1;
      if (left > 0) this.#running.set(name, left);
      else this.#running.delete(name);
    };
  }
}
