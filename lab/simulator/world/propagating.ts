/**
 * A setting that reaches everywhere only after a while: what was asked for, what a reader may still see,
 * and what is in force.
 */
export class Propagating<T> {
  #value: T;
  #older: { readonly value: T; readonly readableUntilMs: number; readonly inForceUntilMs: number }[] = [];

  constructor(value: T) {
    this.#value = value;
  }

  /** What was asked for last. */
  get wanted(): T {
    return this.#value;
  }

  set(value: T, until: { readonly readableMs: number; readonly inForceMs: number }): void {
    this.#older.push({
      value: this.#value,
      readableUntilMs: until.readableMs,
      inForceUntilMs: until.inForceMs,
    });
    this.#value = value;
  }

  readable(nowMs: number): T {
    return this.#at((older) => older.readableUntilMs > nowMs);
  }

  inForce(nowMs: number): T {
    return this.#at((older) => older.inForceUntilMs > nowMs);
  }

  #at(stillHolds: (older: { readableUntilMs: number; inForceUntilMs: number }) => boolean): T {
    // A later change never arrives before an earlier one: the last one still in its way decides.
    for (let i = 0; i < this.#older.length; i += 1) {
      const older = this.#older[i];
      if (older && stillHolds(older)) return older.value;
    }
    return this.#value;
  }
}
