import { CONSUMER_ENVIRONMENT } from '../core/consumer-code.ts';
import type { Effects } from './effects.ts';
import type { Environment } from './environment.ts';
import type { Message } from './message.ts';

/** The attempt that a receive of a message began. */
export interface Attempt {
  /** 1 at the first; undefined if it could not be counted. */
  readonly number: number | undefined;
  /** Whether it stands in the table. */
  readonly isNoted: boolean;
  /** Why it could not be counted. */
  readonly problem?: unknown;
}

/**
 * Counts the attempt that is about to begin. A receive is an attempt only if it comes as far as this: what Lambda's
 * pollers were throttled with, and what was given back, is none.
 *
 * A message's first receive is its first attempt: nothing is read or written for it, unless it throws (`settle.ts`).
 * Every further one is noted when it begins, so that those count that never end.
 */
export async function beginAttempt(
  { id, isFresh, receive }: Message,
  effects: Effects,
  signal: AbortSignal,
): Promise<Attempt> {
  if (isFresh) return { number: 1, isNoted: false };
  try {
    return { number: await effects.noteAttempt(id, receive, signal), isNoted: true };
  } catch (problem) {
    return { number: undefined, isNoted: false, problem };
  }
}

/** Without the variable, as in a function that others have made, there is no end of attempts but the queue's own. */
export function maxAttemptsOf(environment: Environment): number {
  const given = Number(environment[CONSUMER_ENVIRONMENT.maxAttempts]);
  return given >= 1 ? given : Number.POSITIVE_INFINITY;
}
