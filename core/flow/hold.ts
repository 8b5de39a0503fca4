import type { Breaker } from './breaker.ts';

/** A group waits: none of its tasks starts before `untilMs`. */
export interface Hold {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly cause: 'throttled' | 'breaker';
  /** How many holds in a row had to guess how long; 0 where the other side has said it. */
  readonly guesses: number;
}

/** What the tasks of one group share: the item of a pipeline in the holds table. All times epoch milliseconds. */
export interface GroupState {
  readonly hold?: Hold;
  readonly breaker?: Breaker;
}

/** The other side has refused a task, for it gets too many. */
export interface Refusal {
  /** When the refused task had started. */
  readonly startedAtMs: number;
  /** When a task last succeeded, as far as is known here. */
  readonly succeededAtMs?: number | undefined;
  /** How long it asked to be left alone, if it did. */
  readonly retryAfterMs?: number;
  readonly nowMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A longer wait is not believed: it is asked again then. */
const LONGEST_HOLD_MS = 86_400_000;
/** A shorter one is not worth a word to all. */
const SHORTEST_HOLD_MS = 50;

const FIRST_GUESS_MS = 1_000;
const LONGEST_GUESS_MS = 60_000;

/**
 * The hold that a refusal asks for.
 * @returns undefined where the group waits long enough already, or the refused task had started before it did
 */
export function holdAfter(before: Hold | undefined, refusal: Refusal): Hold | undefined {
  const { nowMs, retryAfterMs } = refusal;
  const current = before !== undefined && before.untilMs > nowMs ? before : undefined;
  // Who always says "at once" would be asked at once for good.
  if (retryAfterMs === undefined || retryAfterMs <= 0) {
    // It was under way when the others were refused, and says nothing new.
    if (current !== undefined || (before !== undefined && refusal.startedAtMs < before.sinceMs))
      return undefined;
    return guess(before, refusal);
  }
  const untilMs = nowMs + Math.min(LONGEST_HOLD_MS, Math.max(SHORTEST_HOLD_MS, retryAfterMs));
  if (current !== undefined && untilMs - current.untilMs < SHORTEST_HOLD_MS) return undefined;
  return { sinceMs: current?.sinceMs ?? nowMs, untilMs, cause: 'throttled', guesses: 0 };
}

/** Half of it fixed, half of it chance: never too short to help, and groups that share the other side part. */
function guess(before: Hold | undefined, refusal: Refusal): Hold {
  const { nowMs, random } = refusal;
  const again = before !== undefined && isSoonAfter(before, refusal);
  const guesses = again ? before.guesses + 1 : 1;
  const mostMs = Math.min(LONGEST_GUESS_MS, FIRST_GUESS_MS * 2 ** (guesses - 1));
  const untilMs = nowMs + mostMs * (0.5 + random() / 2);
  return { sinceMs: nowMs, untilMs, cause: 'throttled', guesses };
}

/** Tasks that waited in the queue come back after whole seconds, and when a poller sees them. */
const RETURN_MS = 3_000;

/**
 * A refusal says that the hold before was too short if it is of a task that started in the ramp, or not long after, and none has
 * got through since: an API that lets some through is asked again soon, one that refuses all is left alone for longer.
 */
function isSoonAfter(before: Hold, { startedAtMs, succeededAtMs = 0 }: Refusal): boolean {
  return startedAtMs < before.untilMs + rampMs(before) + RETURN_MS && succeededAtMs < before.untilMs;
}

/** Whether tasks must not start. */
export function isHeld(hold: Hold | undefined, nowMs: number): boolean {
  return hold !== undefined && hold.untilMs > nowMs;
}

const RAMP_SHARE = 0.1;
const SHORTEST_RAMP_MS = 500;
const LONGEST_RAMP_MS = 10_000;

/** For so long after a hold a group goes gently: a tenth of it. */
export function rampMs(hold: Hold): number {
  return Math.min(LONGEST_RAMP_MS, Math.max(SHORTEST_RAMP_MS, RAMP_SHARE * lengthMs(hold)));
}

/** When one of many that waited may go on: somewhere in the ramp, so that they do not come all at once. */
export function resumeAtMs(hold: Hold, random: () => number): number {
  return hold.untilMs + random() * rampMs(hold);
}

const FIRST_SHARE = 0.25;

/** The share of its rate at which a group starts tasks: a quarter as a hold ends, growing evenly to the whole. */
export function rampShare(hold: Hold | undefined, nowMs: number): number {
  if (hold === undefined) return 1;
  const share = FIRST_SHARE + ((1 - FIRST_SHARE) * (nowMs - hold.untilMs)) / rampMs(hold);
  return Math.min(1, Math.max(FIRST_SHARE, share));
}

function lengthMs(hold: Hold): number {
  return hold.untilMs - hold.sinceMs;
}
