import { keepPasts, type Past } from './past.ts';
import type { Round } from './round.ts';

/** The fact in the ledgers table that the sweep is kept in. */
export const SWEEP_FACT = 'sweep';

/** What the sweep keeps from tick to tick: one fact in the ledgers table. Plain JSON. */
export interface Sweep {
  readonly version: typeof VERSION;
  /** Where in the table the next tick goes on; absent: at its beginning. */
  readonly cursor?: string;
  /** The round under way; absent where the sweep came into it in its middle. */
  readonly round?: Round;
  /** The last whole round. */
  readonly whole?: Round;
  /** The mark of what was told last. */
  readonly told: number;
  readonly pasts: Readonly<Record<string, Past>>;
}

/** Of what another version has written nothing is known. */
const VERSION = 1;

export const NEW_SWEEP: Sweep = { version: VERSION, told: 0, pasts: {} };

export function sweepOf(value: unknown): Sweep {
  const isOurs = (value as Partial<Sweep> | undefined)?.version === VERSION;
  return isOurs ? (value as Sweep) : NEW_SWEEP;
}

/**
 * The round that a slice of the table belongs to.
 * @param from the cursor that the slice was read from
 * @returns `begins`: the slice is the first of one; undefined: its beginning is not known, for a tick has failed
 */
export function roundAt(sweep: Sweep, from: string | undefined): Round | 'begins' | undefined {
  if (from === undefined) return 'begins';
  return sweep.cursor === from ? sweep.round : undefined;
}

/** @param to the cursor after the slice; absent: the round is whole */
export function sweepAfter(
  sweep: Sweep,
  pasts: Readonly<Record<string, Past>>,
  round: Round | undefined,
  to: string | undefined,
): Sweep {
  const { cursor: _cursor, round: _round, ...rest } = sweep;
  if (to !== undefined) return { ...rest, cursor: to, ...(round && { round }), pasts: keepPasts(pasts, 0) };
  if (round === undefined) return { ...rest, pasts: keepPasts(pasts, 0) };
  // Whoever was looked at neither in this round nor in the one before is gone.
  const sinceMs = Math.min(round.sinceMs, sweep.whole?.sinceMs ?? 0);
  return { ...rest, whole: round, told: round.mark, pasts: keepPasts(pasts, sinceMs) };
}
