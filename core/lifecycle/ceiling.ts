import { configHash } from '../config-hash.ts';
import type { Wanted } from '../config-record.ts';
import { planPace } from '../flow/pace.ts';
import type { Ceiling, StatusRecord } from '../status-record.ts';
import { type Enforced, type PaceChange, paceChange } from './pace-change.ts';
import type { Target } from './target.ts';

/**
 * The most that may be in force while a run goes to `target`: whatever any run since the last settling was
 * about to make, for nobody knows how far it came.
 */
export function ceilingOver(status: Pick<StatusRecord, 'applied' | 'ceiling'>, target: Target): Ceiling {
  const { ceiling, applied } = status;
  const wishes = [applied?.wanted, target.wanted].filter((one) => one !== undefined);
  const all = [ceiling, ...wishes].filter((one) => one !== undefined);
  return {
    concurrency: Math.max(...all.map((one) => one.concurrency)),
    timeoutSeconds: Math.max(...all.map((one) => one.timeoutSeconds)),
    paces: distinct([...(ceiling?.paces ?? []), ...wishes.map(enforcedBy)]),
  };
}

/** How the run that goes to `target` has to go, so that rate limits hold meanwhile. */
export function paceChangeOver(
  status: Pick<StatusRecord, 'applied' | 'ceiling'>,
  target: Target,
): PaceChange {
  return paceChange(ceilingOver(status, target).paces ?? [], enforcedBy(target.wanted));
}

function enforcedBy(wanted: Wanted): Enforced {
  return { pace: planPace(wanted), concurrency: wanted.concurrency };
}

/** A status record has to hold them. */
const MOST_PACES = 12;

/** One of each kind: whatever is to come next, one of them lets nothing run beside it. */
const ANY_PACE: readonly Enforced[] = [
  { pace: { kind: 'slots', holdMs: 2_000 }, concurrency: 1 },
  { pace: { kind: 'ledger', spacingMs: 0, toleranceMs: 2_000 }, concurrency: 1 },
];

function distinct(paces: readonly Enforced[]): readonly Enforced[] {
  const each = [...new Map(paces.map((one) => [configHash(one), one])).values()];
  return each.length > MOST_PACES ? ANY_PACE : each;
}
