/** The decisions about a call's time. Milliseconds throughout. */

/** Enough for a task to stop and for the call to answer. */
const LONGEST_MARGIN_MS = 1_000;

/** Short calls keep most of their time for the task. */
const MARGIN_SHARE = 0.1;

/** How long before the deadline a task's signal aborts: a tenth of the call's time, a second at most. */
export function abortMarginMs(callMs: number): number {
  return Math.min(LONGEST_MARGIN_MS, callMs * MARGIN_SHARE);
}

/**
 * Whether to start the next task of a batch: it may take as long as the longest of this call so far. Lambda
 * ends a call at its deadline in the middle of a task and with all of the batch counted as failed.
 */
export function roomForTask(left: {
  readonly remainingMs: number;
  readonly marginMs: number;
  readonly longestTaskMs: number;
}): boolean {
  return left.remainingMs > left.marginMs + left.longestTaskMs;
}
