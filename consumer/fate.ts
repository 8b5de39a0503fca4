import { assertNever } from '../core/assert-never.ts';

/** What became of one record of a call. */
export type TaskOutcome =
  | { readonly kind: 'returned' }
  | { readonly kind: 'threw'; readonly error: unknown }
  /** The body is not JSON: no attempt can succeed. */
  | { readonly kind: 'unreadable'; readonly error: unknown }
  /** Too little of the call's time was left to start it. */
  | { readonly kind: 'notStarted' };

/**
 * What happens to the message: `done` deletes it; `retry` and `giveBack` leave it in the queue, where it shows
 * up again after its visibility timeout, and in the dead-letter queue after `maxReceiveCount` receives.
 */
export type Fate = 'done' | 'retry' | 'giveBack';

/** The one place that decides a message's fate. */
export function fateOf(outcome: TaskOutcome): Fate {
  switch (outcome.kind) {
    case 'returned':
      return 'done';
    case 'threw':
    case 'unreadable':
      return 'retry';
    case 'notStarted':
      return 'giveBack';
    default:
      return assertNever(outcome);
  }
}
