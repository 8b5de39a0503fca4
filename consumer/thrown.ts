/**
 * What a handler throws to decide a task's fate itself. The runtime knows them by their `code`, so that one of another
 * copy of this package, or a look-alike without it, counts as well.
 */

import type { TaskOutcome } from './fate.ts';
import { cut } from './log.ts';
import { read } from './throttling/headers.ts';
import { throttlingOf } from './throttling.ts';

const DROP = 'SluiceDrop';
const DEAD_LETTER = 'SluiceDeadLetter';
const RETRY_LATER = 'SluiceRetryLater';
const THROTTLED = 'SluiceThrottled';

/**
 * There is nothing to do for this task: it is done, and logged as dropped.
 * @example throw new Drop('the customer is gone');
 */
export class Drop extends Error {
  override readonly name = 'Drop';
  readonly code = DROP;

  /** @param reason for the log */
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
  }
}

/**
 * No attempt can succeed: the task goes to the dead-letter queue at once, whatever attempts are left.
 * @example throw new DeadLetter('no such document', { cause: error });
 */
export class DeadLetter extends Error {
  override readonly name = 'DeadLetter';
  readonly code = DEAD_LETTER;

  /**
   * @param reason travels with the dead letter. One text for one kind of trouble, so that they can be told apart
   * @param options its `cause` travels along, name and message
   */
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
  }
}

/**
 * Not now: the task comes back later, and this was no attempt. It may do so as often as it likes, until
 * `maxReceiveCount` receives: those SQS counts itself.
 * @example throw new RetryLater({ seconds: 60 });
 */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly code = RETRY_LATER;
  /** How long the task stays out of sight. */
  readonly seconds: number;

  /**
   * @param when `seconds`: 0 or more, fractions rounded up; SQS hides a message for 12 hours at most, and from
   *   11 hours 40 minutes on (42,000) all are the same
   * @throws {RangeError} for other seconds
   */
  constructor({ seconds }: { readonly seconds: number }, options?: ErrorOptions) {
    super(`to be tried again in ${seconds} s`, options);
    if (!isWait(seconds)) {
      throw new RangeError(`RetryLater: seconds must be 0 or more, got ${String(seconds)}`);
    }
    this.seconds = seconds;
  }
}

/**
 * The other side gets too many: the whole group waits, and this was no attempt. What is thrown by HTTP clients with a
 * status of 429 or 503 need not be wrapped: the runtime knows it, and what its headers say.
 * @example throw new Throttled({ retryAfterSeconds: 30 });
 */
export class Throttled extends Error {
  override readonly name = 'Throttled';
  readonly code = THROTTLED;
  /** How long the group is to wait; undefined: the runtime guesses. */
  readonly retryAfterSeconds: number | undefined;

  /**
   * @param when `retryAfterSeconds`: 0 or more; a day at most is believed. Leave it out where the other side has not
   *   said it
   * @throws {RangeError} for other seconds
   */
  constructor({ retryAfterSeconds }: { readonly retryAfterSeconds?: number } = {}, options?: ErrorOptions) {
    super(
      retryAfterSeconds === undefined ? 'throttled' : `throttled, to go on after ${retryAfterSeconds} s`,
      options,
    );
    if (retryAfterSeconds !== undefined && !isWait(retryAfterSeconds)) {
      throw new RangeError(
        `Throttled: retryAfterSeconds must be 0 or more, got ${String(retryAfterSeconds)}`,
      );
    }
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

type ThrownOutcome = TaskOutcome & {
  readonly kind: 'dropped' | 'gaveUp' | 'postponed' | 'throttled' | 'threw';
};

/** What became of a task whose handler threw this. */
export function outcomeOfThrown(error: unknown, nowMs: number): ThrownOutcome {
  switch (read(error, 'code')) {
    case DROP:
      return { kind: 'dropped', reason: reasonOf(error) };
    case DEAD_LETTER:
      return { kind: 'gaveUp', reason: reasonOf(error), error };
    case RETRY_LATER: {
      const seconds = read(error, 'seconds');
      return isWait(seconds) ? { kind: 'postponed', seconds } : { kind: 'threw', error };
    }
    default: {
      const throttling = throttlingOf(error, nowMs);
      if (throttling === undefined) return { kind: 'threw', error };
      const { retryAfterMs } = throttling;
      const said = retryAfterMs === undefined ? {} : { retryAfterMs };
      // When it is to be back is known once the group's hold is.
      return { kind: 'throttled', afterSeconds: 0, error, said };
    }
  }
}

function reasonOf(error: unknown): string {
  const reason = read(error, 'message');
  return typeof reason === 'string' ? cut(reason) : '';
}

function isWait(seconds: unknown): seconds is number {
  return typeof seconds === 'number' && seconds >= 0;
}
