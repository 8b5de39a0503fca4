import { isHeld } from '../../../../core/flow/hold.ts';
import { startsPerSecond } from '../../../../core/flow/pace.ts';
import type { Outcome } from '../world.ts';
import { at, type Check, some } from './check.ts';

/** What was written of a hold. */
interface HoldNote {
  readonly atMs: number;
  readonly sinceMs: number;
  readonly untilMs: number;
}

export function holdsOf({ book }: Outcome): readonly HoldNote[] {
  const notes: HoldNote[] = [];
  for (const { atMs, state } of book.groups) {
    const { hold } = state;
    const last = notes.at(-1);
    if (hold === undefined || (last?.sinceMs === hold.sinceMs && last.untilMs === hold.untilMs)) continue;
    notes.push({ atMs, sinceMs: hold.sinceMs, untilMs: hold.untilMs });
  }
  return notes;
}

/**
 * From the moment that a hold is written, every environment knows of it after so long; where nothing else makes it
 * look, only one that was refused itself.
 */
export function startsNobodyWhileHeld(knownAfterMs: number): Check {
  return (outcome) => {
    const { book, limits, skewBoundMs } = outcome;
    const holds = holdsOf(outcome);
    const allLook = limits.pace.kind === 'ledger' || limits.lease || limits.breaker !== undefined;
    const refusals = Map.groupBy(book.refusals, ({ environment }) => environment);
    const wrong = book.starts.flatMap(({ task, trueMs, environment }) => {
      if (!allLook && !refusals.get(environment)?.some(({ atMs }) => atMs < trueMs)) return [];
      const breaks = holds.some(
        ({ atMs, untilMs }) => trueMs > atMs + knownAfterMs && trueMs < untilMs - skewBoundMs,
      );
      return breaks ? [`task ${task} started at ${at(outcome, trueMs)} in ${environment}, while held`] : [];
    });
    return some(wrong);
  };
}

/** One way of a call at least: what was written before a refusal had come so far is seen by who was refused. */
const SEEN_AFTER_MS = 1;

/** An environment that was refused itself starts nothing more before its hold, or the one it then saw, is over. */
export const heedsItsOwnRefusal: Check = (outcome) => {
  const { book, skewBoundMs } = outcome;
  const holds = holdsOf(outcome);
  const refusals = Map.groupBy(book.refusals, ({ environment }) => environment);
  return some(
    book.starts.flatMap(({ task, trueMs, environment }) => {
      const refused = refusals.get(environment)?.findLast(({ atMs }) => atMs < trueMs);
      if (refused === undefined) return [];
      const own = holds.find(({ sinceMs }) => sinceMs === refused.ownMs);
      const breaks = holds.some(
        (hold) =>
          (hold.atMs <= refused.atMs + SEEN_AFTER_MS || hold === own) &&
          trueMs > hold.atMs &&
          hold.untilMs - skewBoundMs > trueMs,
      );
      return breaks
        ? [`task ${task} started at ${at(outcome, trueMs)} in ${environment}, which was refused`]
        : [];
    }),
  );
};

/** How long a client takes to tell the others. */
const TOLD_MS = 300;

/** For each hold, a slot is refused at most so often. */
export function refusalsPerHold(most: number): Check {
  return (outcome) => {
    const { book, wanted } = outcome;
    const holds = holdsOf(outcome);
    const counts = Map.groupBy(book.refusals, ({ atMs }) =>
      holds.findLast((one) => one.atMs <= atMs + TOLD_MS),
    );
    return some(
      [...counts]
        .filter(([, refusals]) => refusals.length > most * wanted.concurrency)
        .map(([hold, { length }]) => `${length} refusals with the hold of ${hold && at(outcome, hold.atMs)}`),
    );
  };
}

/** A refused task has had no attempt, however often. */
export const burnsNoAttempt: Check = ({ book }) =>
  some(
    book.starts
      .filter(({ attempt }) => attempt > 1)
      .map(({ task, attempt }) => `task ${task} was told attempt ${attempt}`),
  );

/** Tasks done, as a share of what so many a second allow in all of the time. */
export function goodputOf(least: number, perSecond: (outcome: Outcome) => number): Check {
  return (outcome) => {
    const { book } = outcome;
    const seconds = ((book.emptyAtMs ?? book.endMs) - book.beginMs) / 1000;
    const share = book.done / (seconds * perSecond(outcome));
    return share >= least ? [] : [`goodput is ${share.toFixed(3)} of what was allowed, wanted ${least}`];
  };
}

/** From a moment on, milliseconds since the world began, so much of the limit is started, of so many starts. */
export function goesOn(least: number, starts: number): Check {
  return ({ book, wanted }, { arrivals }) => {
    const fromMs = book.beginMs + Math.max(...arrivals.map(({ atMs }) => atMs));
    const forMs = (starts * 1000) / startsPerSecond(wanted.rateLimits);
    const made = book.starts.filter(({ trueMs }) => trueMs >= fromMs && trueMs < fromMs + forMs).length;
    return made >= least * starts ? [] : [`${made} starts where the limit allows ${starts}`];
  };
}

/** The API has refused so many of all that were asked. */
export function refusalShare(most: number): Check {
  return ({ book }) => {
    const share = book.refusals.length / Math.max(1, book.starts.length);
    return share <= most
      ? []
      : [`${(100 * share).toFixed(2)} % of all starts were refused, ${100 * most} % allowed`];
  };
}

/** It was held, and in the end it is not. */
export const wasHeld: Check = (outcome) => {
  const holds = holdsOf(outcome);
  if (holds.length === 0) return ['nothing was ever held'];
  const state = outcome.book.groups.at(-1)?.state;
  return isHeld(state?.hold, outcome.book.endMs + 1_000) ? ['it is held still'] : [];
};
