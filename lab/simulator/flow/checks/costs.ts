import { BEGIN_MS } from '../../clock.ts';
import { HOUR_MS } from '../theme.ts';
import type { Outcome } from '../world.ts';
import type { Check } from './check.ts';
import { runsOf } from './once.ts';

/** Seconds of calls in which no handler ran, for each task that was done. */
export function idleSecondsPerTask(outcome: Outcome): number {
  const { book } = outcome;
  const callsMs = book.calls.reduce(
    (sum, { startMs, endMs }) => sum + Math.min(endMs, book.endMs) - startMs,
    0,
  );
  const handlersMs = runsOf(outcome).reduce((sum, { start, endMs }) => sum + endMs - start.trueMs, 0);
  return (callsMs - handlersMs) / 1000 / Math.max(1, book.done);
}

export function receivesPerTask({ book }: Outcome): number {
  return book.receives / Math.max(1, book.done);
}

/** SQS hides a task for 12 hours at most: one that waits longer is received again for each so many hours. */
const RECEIVED_AGAIN_MS = 7 * HOUR_MS;

/** Waiting for its turn costs a task no more than so many seconds of Lambda, and so many receives. */
export function waitsCheaply(most: { readonly idleSeconds: number; readonly receives: number }): Check {
  return (outcome) => {
    const idle = idleSecondsPerTask(outcome);
    const receives = receivesPerTask(outcome);
    const { starts } = outcome.book;
    const waitedMs =
      starts.reduce((sum, { trueMs }) => sum + trueMs - BEGIN_MS, 0) / Math.max(1, starts.length);
    const mostReceives = most.receives + waitedMs / RECEIVED_AGAIN_MS;
    return [
      ...(idle <= most.idleSeconds ? [] : [`${idle.toFixed(2)} s of Lambda asleep for each task`]),
      ...(receives <= mostReceives ? [] : [`${receives.toFixed(2)} receives for each task`]),
    ];
  };
}
