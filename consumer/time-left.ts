/** The decisions about a call's time. Milliseconds throughout. */

/** Enough for a task to stop and for the call to answer. */
const LONGEST_MARGIN_MS = 1_000;

/** Short calls keep most of their time for the task. */
const MARGIN_SHARE = 0.1;

/** How long before the deadline a task's signal aborts: a tenth of the call's time, a second at most. */
export function abortMarginMs(callMs: number): number {
  return Math.min(LONGEST_MARGIN_MS, callMs * MARGIN_SHARE);
}

/** A task that needs nearly all of a call's time must not be kept from ever starting. */
const MOST_OF_CALL = 0.7;
/** Of a call's time, so much is for a task whose like has not been seen yet, ... */
const SHARE_OF_UNKNOWN = 0.5;
/** ... and so much for the shortest: a call that has waited for nothing has a batch to give back. */
const LEAST_OF_CALL = 0.1;

/** What is left of a call, and what a task may need of it. */
export interface TimeLeft {
  readonly remainingMs: number;
  readonly marginMs: number;
  readonly callMs: number;
  /** The slowest task of late; undefined if there was none yet. */
  readonly slowestMs: number | undefined;
}

/**
 * Whether to start the next task of a batch: it may take as long as the slowest of late. Lambda ends a call at its
 * deadline in the middle of a task and with all of the batch counted as failed.
 */
export function roomForTask({ remainingMs, marginMs, callMs, slowestMs = 0 }: TimeLeft): boolean {
  return remainingMs > marginMs + Math.min(slowestMs, MOST_OF_CALL * callMs);
}

/**
 * How long a call may wait before it starts a task, milliseconds: the rest of its time is for the task. None at all
 * where tasks take nearly all of a call: a wait would take the time of their attempts.
 */
export function waitBudgetMs({ remainingMs, marginMs, callMs, slowestMs }: TimeLeft): number {
  const taskMs = Math.max(slowestMs ?? SHARE_OF_UNKNOWN * callMs, LEAST_OF_CALL * callMs);
  return Math.max(0, remainingMs - marginMs - taskMs);
}
