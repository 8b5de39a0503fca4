import type { TurnsState } from './turns.ts';

/** A ledger that a hold has pushed to its end, and that may have to go back if somebody ends the hold. */
export interface HeldTurns extends TurnsState {
  /** The next start as it was before the hold, epoch milliseconds. */
  readonly heldFromMs?: number;
  /** Where the hold has pushed it. */
  readonly heldUntilMs?: number;
}

/** No start before this moment, epoch milliseconds. */
export function pushTurns(state: HeldTurns, untilMs: number): HeldTurns {
  const { nextMs = 0, heldFromMs = nextMs } = state;
  if (nextMs >= untilMs) return state;
  return {
    ...state,
    nextMs: untilMs,
    heldFromMs: isPushed(state) ? heldFromMs : nextMs,
    heldUntilMs: untilMs,
  };
}

/**
 * A hold has been ended before its time, or shortened: the next start goes back to where it was before, and tickets,
 * which went out for what comes after the hold, begin anew.
 *
 * Only while the next start is where the hold has pushed it: every start moves it on, so none has been reserved since,
 * and where it was before keeps the distance to the last one. So this never lets more start than the limit.
 * @param endedMs when the hold would have been over
 * @param untilMs when it is now, or another one; 0 for none
 */
export function pullTurns(state: HeldTurns, endedMs: number, untilMs: number): HeldTurns {
  const { ticketMs = 0, placeMs: _place, heldFromMs = 0, heldUntilMs: _until, ...others } = state;
  const { nextMs = 0 } = state;
  if (untilMs >= endedMs) return state;
  const isBehind = isPushed(state) && nextMs <= endedMs && nextMs > untilMs;
  if (isBehind && heldFromMs >= untilMs) return { ...others, nextMs: heldFromMs };
  if (isBehind) return { ...others, nextMs: untilMs, heldFromMs, heldUntilMs: untilMs };
  if (ticketMs < endedMs) return state;
  const { ticketMs: _ticket, placeMs: _, ...starts } = state;
  return starts;
}

function isPushed({ nextMs, heldUntilMs }: HeldTurns): boolean {
  return heldUntilMs !== undefined && nextMs === heldUntilMs;
}
