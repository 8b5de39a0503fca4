import {
  BUDGET_LEDGER,
  BUDGET_TOLERANCE_MS,
  LANE_HORIZON_MS,
  LANE_TAKES_TICKETS,
  type Lane,
  TICKET_LEAD_MS,
  TICKET_SHARE,
  ticketLedger,
} from '../core/lanes.ts';
import { judgeStart, spacingMs } from '../core/pacing.ts';
import type { Clock, Ledgers, Permit } from './ports.ts';

/** A ticket may lie as far ahead as it likes. */
const FAR_MS = Number.MAX_SAFE_INTEGER / 4;

export interface BudgetPorts {
  readonly clock: Clock;
  readonly ledgers: Ledgers;
  readonly random: () => number;
}

export type PermitAnswer =
  | { readonly kind: 'granted'; readonly permit: Permit }
  /** Come back then, and bring the ticket. */
  | { readonly kind: 'later'; readonly afterSeconds: number; readonly ticketMs?: number };

/**
 * Asks for leave to make one call in Lambda's control-plane bucket. Sleeps until the reserved start, at
 * most the lane's horizon; where the wait would be longer it answers `later`, so that a state machine
 * waits instead of a function.
 * @param perSecond the budget, calls per second of all functions of the stage together
 * @param ticketMs the ticket of an earlier `later`, epoch milliseconds
 */
export async function requestPermit(
  { clock, ledgers, random }: BudgetPorts,
  perSecond: number,
  lane: Lane,
  ticketMs?: number,
): Promise<PermitAnswer> {
  const spacing = budgetSpacingMs(perSecond);
  const horizonMs = LANE_HORIZON_MS[lane];
  const draw = async (): Promise<number | undefined> => {
    if (!LANE_TAKES_TICKETS[lane]) return undefined;
    const pace = { spacingMs: spacing / TICKET_SHARE, count: 1, horizonMs: FAR_MS };
    const drawn = await ledgers.reserve(ticketLedger(lane), { nowMs: clock.nowMs(), ...pace });
    return drawn.kind === 'granted' ? drawn.startMs : drawn.nextFreeMs;
  };

  const ticket = ticketMs ?? (await draw());
  // Also for a ticket that was brought: a machine's longest wait may be over long before the ticket's time.
  if (ticket !== undefined && ticket - clock.nowMs() > horizonMs) {
    return later(ticket - TICKET_LEAD_MS - clock.nowMs(), ticket);
  }

  const answer = await reserveStart({ clock, ledgers }, spacing, horizonMs);
  if (answer.kind === 'granted') return { kind: 'granted', permit: { lane, startMs: answer.startMs } };
  // The ticket's time has come, but others went first. With a new one those who are late come back one
  // by one; with the old one all of them would be back every second.
  const again = await draw();
  const roomMs = Math.max(answer.nextFreeMs - horizonMs, (again ?? 0) - TICKET_LEAD_MS);
  return later(roomMs - answer.nowMs + random() * TICKET_LEAD_MS, again);
}

/**
 * Asks for leave to make one call that nobody needs, as a look: granted only where the budget is free at once. It draws
 * no ticket, and takes no start that somebody else may wait for.
 */
export async function requestIdlePermit(
  { clock, ledgers }: Pick<BudgetPorts, 'clock' | 'ledgers'>,
  perSecond: number,
): Promise<Permit | undefined> {
  const answer = await reserveStart({ clock, ledgers }, budgetSpacingMs(perSecond), 0);
  return answer.kind === 'granted' ? { lane: 'bulk', startMs: answer.startMs } : undefined;
}

function budgetSpacingMs(perSecond: number): number {
  return spacingMs({ starts: perSecond, perMs: 1000, toleranceMs: BUDGET_TOLERANCE_MS });
}

type Reserved =
  | { readonly kind: 'granted'; readonly startMs: number }
  /** `nowMs`: what was taken for now. */
  | { readonly kind: 'full'; readonly nextFreeMs: number; readonly nowMs: number };

/** Reserves the next start, and sleeps until then. */
async function reserveStart(
  { clock, ledgers }: Pick<BudgetPorts, 'clock' | 'ledgers'>,
  spacing: number,
  horizonMs: number,
): Promise<Reserved> {
  let leadMs = 0;
  for (;;) {
    const askedMs = clock.nowMs();
    const nowMs = askedMs + leadMs;
    const answer = await ledgers.reserve(BUDGET_LEDGER, { nowMs, spacingMs: spacing, count: 1, horizonMs });
    if (answer.kind === 'full') return { ...answer, nowMs };
    // A timer may fire a millisecond early.
    while (clock.nowMs() < answer.startMs) await clock.sleep(answer.startMs - clock.nowMs());
    if (judgeStart(answer.startMs, clock.nowMs(), BUDGET_TOLERANCE_MS).kind !== 'late') return answer;
    // The answer itself took too long, as it does on a new connection: the next start asked for lies so far ahead.
    leadMs = Math.max(leadMs, 2 * (clock.nowMs() - askedMs));
  }
}

function later(afterMs: number, ticketMs: number | undefined): PermitAnswer {
  // A machine waits whole seconds: the fraction is slept off in the function, so that no start is missed.
  const afterSeconds = Math.max(1, Math.floor(afterMs / 1000));
  return { kind: 'later', afterSeconds, ...(ticketMs === undefined ? {} : { ticketMs }) };
}
