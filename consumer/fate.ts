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
  /** Too little of the call's time was left to start it. */
  | { readonly kind: 'notStarted' };

/**
 * What happens to the message: `done` deletes it; `retry` and `giveBack` leave it in the queue and hide it for so many
 * seconds, without them for its visibility timeout; `deadLetter` sends it to the dead-letter queue. All but `giveBack`
 * end an attempt.
 */
export type Fate =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly afterSeconds: number }
  | { readonly kind: 'giveBack'; readonly afterSeconds?: number }
  | { readonly kind: 'deadLetter'; readonly reason: string };

/** Which attempt of the task it was, and how many it has. */
export interface Tries {
  /** 1 at the first; undefined where nobody could count, and nothing is then a dead letter for its attempts. */
  readonly attempt: number | undefined;
  readonly maxAttempts: number;
  /** Of the queue, 1 at the first. */
  readonly receives: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** The one place that decides a message's fate. */
export function fateOf(outcome: TaskOutcome, tries: Tries): Fate {
  switch (outcome.kind) {
    case 'returned':
    case 'dropped':
      return { kind: 'done' };
    case 'postponed':
      return { kind: 'giveBack', afterSeconds: Math.min(Math.ceil(outcome.seconds), LONGEST_HIDDEN_SECONDS) };
    case 'gaveUp':
      return { kind: 'deadLetter', reason: outcome.reason };
    case 'threw':
      return isLast(tries) ? { kind: 'deadLetter', reason: DEAD_LETTER_REASONS.maxAttempts } : retryOf(tries);
    case 'exhausted':
      return { kind: 'deadLetter', reason: DEAD_LETTER_REASONS.exhausted };
    case 'unreadable':
      return { kind: 'deadLetter', reason: DEAD_LETTER_REASONS.unreadable };
    case 'notStarted':
      return { kind: 'giveBack' };
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
export function retryOf({ attempt, receives, random }: Tries): Fate {
  const before = (attempt ?? receives) - 1;
  const waitMs = fullJitter({ attempt: before, baseMs: BACKOFF_BASE_MS, capMs: BACKOFF_CAP_MS, random });
  return { kind: 'retry', afterSeconds: Math.ceil(waitMs / 1000) };
}

function isLast({ attempt, maxAttempts }: Tries): boolean {
  return attempt !== undefined && attempt >= maxAttempts;
}
