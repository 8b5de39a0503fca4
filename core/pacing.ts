/**
 * Reserve the start: a limit of `N` starts in any `T` milliseconds, kept by one number, the next free
 * start. Starts are handed out `(T + δ) / N` apart and a start that comes more than `δ` late is given up,
 * so any `N + 1` real starts span at least `N · (T + δ) / N − δ = T`: every window `[t, t + T)` holds at
 * most `N`, and throughput is `T / (T + δ)` of the limit. A bucket that lets a burst of `N` through allows
 * `2N − 1` in a window; this allows none.
 */
export interface Pace {
  /** Starts allowed in any window. */
  readonly starts: number;
  /** Length of the window, milliseconds. */
  readonly perMs: number;
  /** How late a reserved start may come, milliseconds. */
  readonly toleranceMs: number;
}

/** Distance between two reserved starts, milliseconds (a fraction is kept: rounding up would cost rate). */
export function spacingMs(pace: Pace): number {
  return (pace.perMs + pace.toleranceMs) / pace.starts;
}

/** The ledger: the next start that nobody has reserved, epoch milliseconds. */
export interface LedgerState {
  readonly nextMs: number;
}

export interface Reservation {
  readonly nowMs: number;
  readonly spacingMs: number;
  /** How many starts in a row. */
  readonly count: number;
  /** How far ahead the first start may lie; further ahead nothing is reserved. */
  readonly horizonMs: number;
}

export type ReservationResult =
  | { readonly kind: 'granted'; readonly startMs: number }
  | { readonly kind: 'full'; readonly nextFreeMs: number };

/**
 * Reserves `count` starts in a row, the first at the returned time.
 * Two conditional updates are its form in DynamoDB: `nextMs` within `[now, now + horizon]` adds to it,
 * `nextMs` before now (or none) sets it to now and adds.
 */
export function reserve(
  state: LedgerState | undefined,
  request: Reservation,
): { readonly state: LedgerState | undefined; readonly result: ReservationResult } {
  const startMs = Math.max(state?.nextMs ?? 0, request.nowMs);
  if (startMs > request.nowMs + request.horizonMs) {
    return { state, result: { kind: 'full', nextFreeMs: startMs } };
  }
  return {
    state: { nextMs: startMs + request.count * request.spacingMs },
    result: { kind: 'granted', startMs },
  };
}

/** What to do with a reserved start: wait for it, go, or give it up. */
export function judgeStart(
  startMs: number,
  nowMs: number,
  toleranceMs: number,
): { readonly kind: 'wait'; readonly waitMs: number } | { readonly kind: 'go' } | { readonly kind: 'late' } {
  if (nowMs < startMs) return { kind: 'wait', waitMs: startMs - nowMs };
  return nowMs > startMs + toleranceMs ? { kind: 'late' } : { kind: 'go' };
}
