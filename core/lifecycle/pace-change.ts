import type { PacePlan } from '../flow/pace.ts';

/** A way of keeping rate limits, as calls may go by it. */
export interface Enforced {
  readonly pace: PacePlan;
  /** How many calls run at once. */
  readonly concurrency: number;
}

/**
 * How a consumer goes from one way of keeping its rate limits to another, so that they hold meanwhile too. Calls that run
 * go on by the old one, for as long as a call may take; new calls go by the new one.
 */
export type PaceChange =
  /** Both together start no more than the new one lets start. */
  | { readonly kind: 'free' }
  /** Both together start no more than the larger of the two, and the change is over once the old calls are. */
  | { readonly kind: 'settleLate' }
  /**
   * Both together could start more than either. No call runs while it changes, and then none starts for `quietMs`: by
   * then nothing of the old one is left in any window that the new one would fill up.
   */
  | { readonly kind: 'rest'; readonly quietMs: number };

const FREE: PaceChange = { kind: 'free' };
const SETTLE_LATE: PaceChange = { kind: 'settleLate' };

/** @param from all that may be in force: also what a run that was broken off was about to bring */
export function paceChange(from: readonly Enforced[], to: Enforced): PaceChange {
  return from.map((one) => changeFrom(one, to)).reduce(harder, FREE);
}

function changeFrom(from: Enforced, to: Enforced): PaceChange {
  if (to.pace.kind === 'none') return FREE;
  if (from.pace.kind === 'none') return SETTLE_LATE;
  if (from.pace.kind === 'ledger' && to.pace.kind === 'ledger') return ledgerChange(from.pace, to.pace);
  if (from.pace.kind === 'slots' && to.pace.kind === 'slots') {
    const longer = to.pace.holdMs - from.pace.holdMs;
    const more = to.concurrency - from.concurrency;
    // One of the two has at least as many slots, and each of them is free at least as soon: it lets the other one be.
    if (more >= 0 && longer <= 0) return FREE;
    if (more <= 0 && longer >= 0) return SETTLE_LATE;
  }
  return { kind: 'rest', quietMs: quietMs(from.pace, to.pace) };
}

/** They share the ledger: a start reserved by either moves the next one on. */
function ledgerChange(from: Ledger, to: Ledger): PaceChange {
  const isLooser = to.spacingMs <= from.spacingMs;
  return isLooser && from.toleranceMs <= to.toleranceMs ? FREE : SETTLE_LATE;
}

type Ledger = PacePlan & { readonly kind: 'ledger' };

/**
 * All slots may start at once where a steady stream would start them one after the other: they are ahead of it by less
 * than a hold. A ledger is ahead of it by one start, which a hold covers as well, and by starts that came late.
 */
function quietMs(from: PacePlan, to: PacePlan): number {
  const holdMs = Math.max(holdOf(from), holdOf(to));
  return 2 * holdMs + (from.kind === 'ledger' ? from.toleranceMs : 0);
}

function holdOf(pace: PacePlan): number {
  return pace.kind === 'slots' ? pace.holdMs : 0;
}

function harder(one: PaceChange, other: PaceChange): PaceChange {
  if (one.kind === 'rest' && other.kind === 'rest') return one.quietMs >= other.quietMs ? one : other;
  if (one.kind === 'rest' || other.kind === 'rest') return one.kind === 'rest' ? one : other;
  return one.kind === 'settleLate' ? one : other;
}
