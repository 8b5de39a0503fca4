import type { RateLimit } from '../config-record/rate-limit.ts';

/** How a pipeline keeps its rate limits. Plain JSON: it travels in the consumer's environment. */
export type PacePlan =
  /** There is no rate limit. */
  | { readonly kind: 'none' }
  /** Each call keeps its slot for so long after a start: nothing is shared, and nothing is written. */
  | { readonly kind: 'slots'; readonly holdMs: number }
  /** Starts are reserved in the pipeline's ledger, so far apart; one that would come later than `toleranceMs` is not made. */
  | { readonly kind: 'ledger'; readonly spacingMs: number; readonly toleranceMs: number };

/** What of a record decides how it is paced. */
export interface Paced {
  readonly rateLimits: readonly RateLimit[];
  readonly concurrency: number;
  readonly concurrencySource: 'record' | 'rateLimit' | 'default';
  readonly batchSize: number;
  readonly timeoutSeconds: number;
}

/** With a full queue the runtime starts this share of a rate limit at least: who comes faster waits. */
export const LEAST_RATE_SHARE = 0.97;

/** Who sleeps longer than this after each task pays more for it than a ledger would cost. */
const LONGEST_SLOT_HOLD_MS = 2_000;
/** From a call's answer until its poller has handed over the next batch: the slot stands idle, and no rest counts it. */
const HAND_OVER_MS = 25;
/** And it must leave the call most of its time. */
const SLOT_HOLD_SHARE = 1 / 3;

/** Shares of a window: how late a start may come, and how far two clocks may differ, each up to a cap. */
const TOLERANCE_SHARE = 0.018;
const TOLERANCE_CAP_MS = 2_000;
const SKEW_SHARE = 0.002;
const SKEW_CAP_MS = 1_000;

/**
 * Decides how a record's rate limits are kept.
 *
 * Slots where the record itself says how many there are, and they share the limit without much of a rest; else the
 * ledger. Slots promise the limit and, besides, one start for each call that died within the window; the ledger
 * promises the limit.
 */
export function planPace(paced: Paced): PacePlan {
  if (paced.rateLimits.length === 0) return { kind: 'none' };
  return slotsPlan(paced) ?? ledgerPlan(paced.rateLimits);
}

/**
 * `c` slots that start a task each `T / ⌊N / c⌋` at most start `c · ⌊N / c⌋ ≤ N` in any window of `T`.
 * Of several windows the longest hold keeps all. Short holds lose too much between two calls, unless a call brings many.
 */
function slotsPlan({
  rateLimits,
  concurrency,
  concurrencySource,
  batchSize,
  timeoutSeconds,
}: Paced): PacePlan | undefined {
  if (concurrencySource !== 'record') return undefined;
  const holds = rateLimits.map(
    ({ tasks, perSeconds }) => (perSeconds * 1000) / Math.floor(tasks / concurrency),
  );
  const holdMs = Math.ceil(Math.max(...holds));
  if (holdMs > Math.min(LONGEST_SLOT_HOLD_MS, timeoutSeconds * 1000 * SLOT_HOLD_SHARE)) return undefined;
  const apartMs = holdMs + HAND_OVER_MS / batchSize;
  const isEnough = (concurrency * 1000) / apartMs >= LEAST_RATE_SHARE * startsPerSecond(rateLimits);
  return isEnough ? { kind: 'slots', holdMs } : undefined;
}

/**
 * Starts so far apart that any `N + 1` of them span `T`, even if the first came `δ` late, and if the two clocks that
 * stamped the first and the last differ by `2 ε`: `N · spacing − δ − 2 ε ≥ T`. Evenly spaced starts that keep the
 * strictest window keep all of them, so several windows need one ledger; what the others leave over is tolerance.
 */
function ledgerPlan(rateLimits: readonly RateLimit[]): PacePlan {
  const windows = rateLimits.map(({ tasks, perSeconds }) => {
    const perMs = perSeconds * 1000;
    return { tasks, perMs, skewMs: clockSkewMs(perMs) };
  });
  const spacingMs = Math.max(
    ...windows.map(({ tasks, perMs, skewMs }) => (perMs + toleranceMs(perMs) + 2 * skewMs) / tasks),
  );
  const spare = windows.map(({ tasks, perMs, skewMs }) => tasks * spacingMs - perMs - 2 * skewMs);
  return { kind: 'ledger', spacingMs, toleranceMs: Math.min(TOLERANCE_CAP_MS, ...spare) };
}

/** How far a consumer's clock may be from the right time for a window's limit to hold exactly, milliseconds. */
export function clockSkewMs(perMs: number): number {
  return Math.min(SKEW_CAP_MS, SKEW_SHARE * perMs);
}

function toleranceMs(perMs: number): number {
  return Math.min(TOLERANCE_CAP_MS, TOLERANCE_SHARE * perMs);
}

/** The strictest of several limits. */
export function startsPerSecond(rateLimits: readonly RateLimit[]): number {
  return Math.min(...rateLimits.map(({ tasks, perSeconds }) => tasks / perSeconds));
}
