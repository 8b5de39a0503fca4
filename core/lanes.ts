/**
 * Everything that calls Lambda's control plane shares one budget. Who may go first is decided by how far
 * ahead a lane may reserve: bulk work keeps the next three seconds full and no more, so an edit, which may
 * look five seconds ahead, is never behind more than three seconds of it, and a pause comes before both.
 */
export type Lane = 'pause' | 'delete' | 'edit' | 'bulk';

/** How far ahead a lane may reserve, milliseconds. */
export const LANE_HORIZON_MS: Readonly<Record<Lane, number>> = {
  pause: 8_000,
  delete: 6_000,
  edit: 5_000,
  bulk: 3_000,
};

/** Work that comes in thousands queues for a ticket instead of asking again and again. */
export const LANE_TAKES_TICKETS: Readonly<Record<Lane, boolean>> = {
  pause: false,
  delete: true,
  edit: true,
  bulk: true,
};

/** How long before its ticket's time a caller should be back, so that the budget never idles. */
export const TICKET_LEAD_MS = 1_500;

/**
 * Tickets go out a little slower than calls: the rest is for those who take none, and those of other lanes (at the
 * default budget it is the reconciler's dozen calls a minute). At the full pace they would promise starts that others
 * have taken by then; whoever finds his taken draws anew, behind all who wait, and in a bulk load of thousands is made
 * long after everybody else.
 */
export const TICKET_SHARE = 0.98;

/** How late a call may come after its reserved start before it must reserve anew, milliseconds. */
export const BUDGET_TOLERANCE_MS = 50;

/** The ledger of the budget itself. */
export const BUDGET_LEDGER = 'budget#lambda';

/** The ledger that hands out a lane's tickets. */
export function ticketLedger(lane: Lane): string {
  return `${BUDGET_LEDGER}#${lane}`;
}

/** Reads of functions (GetFunction, 100 a second for the account) that a stage allows itself. */
export const FUNCTION_READS_PER_SECOND = 60;

/** The ledger of those reads. */
export const FUNCTION_READS_LEDGER = 'budget#getFunction';
