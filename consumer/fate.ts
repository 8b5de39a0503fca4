import { assertNever } from '../core/assert-never.ts';
import { fullJitter } from '../core/backoff.ts';
import { DEAD_LETTER_REASONS } from '../core/dead-letter.ts';

/** What became of one record of a call. */
export type TaskOutcome =
  | { readonly kind: 'returned' }
  /** The handler threw `Drop`. */
  | { readonly kind: 'dropped'; readonly reason: string }
  /** The handler threw `RetryLater`. */
  | { readonly kind: 'postponed'; readonly seconds: number }
  /** The handler threw `DeadLetter`. */
  | { readonly kind: 'gaveUp'; readonly reason: string; readonly error: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  /** Not started, for all its attempts are spent: the last of them never came to an end, or its dead letter failed. */
  | { readonly kind: 'exhausted' }
  /** The body is not JSON: no attempt can succeed. */
  | { readonly kind: 'unreadable'; readonly error: unknown }
  /** The other side refused it, for it gets too many: the group waits. */
  | {
      readonly kind: 'throttled';
      readonly afterSeconds: number;
      readonly error: unknown;
      /** How long it asked to be left alone, if it did. */
      readonly said: { readonly retryAfterMs?: number };
    }
  /** Not started, for … the group waits. */
  | { readonly kind: 'held'; readonly afterSeconds: number }
  /** … its turn comes later. */
  | {
      readonly kind: 'early';
      readonly afterSeconds: number;
      /** Not behind others: it asks again for the very next start. */
      readonly isNear?: true;
    }
  /** … another one of the group, or of the same key, has to end first. */
  | { readonly kind: 'busy'; readonly afterSeconds: number }
  /** … what says whether it may is out of reach. */
  | { readonly kind: 'unready'; readonly afterSeconds: number; readonly error: unknown }
  /** … a task of the same key is done. */
  | { readonly kind: 'duplicate' }
  /** Too little of the call's time was left to start it. */
  | { readonly kind: 'notStarted' };

/** Outcomes of a handler that was called. */
export const CALLED: ReadonlySet<TaskOutcome['kind']> = new Set([
  'returned',
  'dropped',
  'postponed',
  'gaveUp',
  'threw',
  'throttled',
]);

/** Why a task was not started though there was time. */
export type Waits = TaskOutcome & { readonly kind: 'held' | 'early' | 'busy' | 'unready' };

/**
 * What happens to the message: `done` deletes it; `retry` and `giveBack` leave it in the queue and hide it for so many
 * seconds; `deadLetter` sends it to the dead-letter queue. All but `giveBack` end an attempt. `anew`: SQS would soon
 * make it a dead letter for its many receives, so it is sent anew in its own place.
 */
export type Fate =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly afterSeconds: number; readonly anew?: true }
  | { readonly kind: 'giveBack'; readonly afterSeconds: number; readonly anew?: true }
  | { readonly kind: 'deadLetter'; readonly reason: string };

/** Which attempt of the task it was, and how many it has. */
export interface Tries {
  /** 1 at the first; undefined where nobody could count, and nothing is then a dead letter for its attempts. */
  readonly attempt: number | undefined;
  readonly maxAttempts: number;
  /** Of the queue, 1 at the first. */
  readonly receives: number;
  /** So many and SQS makes it a dead letter; undefined where that is not known. */
  readonly maxReceives?: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** The one place that decides a message's fate. */
export function fateOf(outcome: TaskOutcome, tries: Tries): Fate {
  switch (outcome.kind) {
    case 'returned':
    case 'dropped':
    case 'duplicate':
      return { kind: 'done' };
    case 'postponed':
      return giveBack(outcome.seconds, tries);
    case 'throttled':
    case 'held':
    case 'early':
    case 'busy':
    case 'unready':
      return giveBack(outcome.afterSeconds, tries);
    case 'gaveUp':
      return { kind: 'deadLetter', reason: outcome.reason };
    case 'threw':
      return isLast(tries) ? { kind: 'deadLetter', reason: DEAD_LETTER_REASONS.maxAttempts } : retryOf(tries);
    case 'exhausted':
      return { kind: 'deadLetter', reason: DEAD_LETTER_REASONS.exhausted };
    case 'unreadable':
      return { kind: 'deadLetter', reason: DEAD_LETTER_REASONS.unreadable };
    case 'notStarted':
      return giveBack(0, tries);
    default:
      return assertNever(outcome);
  }
}

/**
 * SQS hides a message for 12 hours at most, counted from its receive, which may be a batch's window (300 s) and a call
 * (900 s) ago: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
const LONGEST_HIDDEN_SECONDS = 42_000;

const BACKOFF_BASE_MS = 2_000;
const BACKOFF_CAP_MS = 900_000;

/** Also what becomes of a dead letter that could not be sent. */
export function retryOf(tries: Tries): Fate {
  const { attempt, receives, random } = tries;
  const before = (attempt ?? receives) - 1;
  const waitMs = fullJitter({ attempt: before, baseMs: BACKOFF_BASE_MS, capMs: BACKOFF_CAP_MS, random });
  return { kind: 'retry', afterSeconds: Math.ceil(waitMs / 1000), ...anew(tries) };
}

function giveBack(seconds: number, tries: Tries): Fate {
  const afterSeconds = Math.min(Math.ceil(seconds), LONGEST_HIDDEN_SECONDS);
  return { kind: 'giveBack', afterSeconds, ...anew(tries) };
}

/** Of a message's receives so many are left for calls that die: the last fifth, and one at least. */
const SPARE_SHARE = 0.2;

/** SQS counts every receive and forgets none; only another message begins at 0. */
function anew({ receives, maxReceives = Number.POSITIVE_INFINITY }: Tries): { readonly anew?: true } {
  const spare = Math.max(1, Math.floor(maxReceives * SPARE_SHARE));
  return receives >= maxReceives - spare ? { anew: true } : {};
}

function isLast({ attempt, maxAttempts }: Tries): boolean {
  return attempt !== undefined && attempt >= maxAttempts;
}
