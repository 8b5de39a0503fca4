import { type LedgerState, reserve } from '../pacing.ts';

/**
 * The ledger of a pipeline's starts, with tickets: who would have to wait long for a start waits in the queue instead
 * of in a slot. A ticket says when to be back; the start is reserved then. One item in DynamoDB.
 */
export interface TurnsState extends Partial<LedgerState> {
  /** The time of the next ticket, epoch milliseconds. */
  readonly ticketMs?: number;
  /** The next place near the next start, epoch milliseconds. */
  readonly placeMs?: number;
}

/** A start further ahead is not slept for. */
export const LONGEST_HORIZON_MS = 3_000;

export interface TurnRequest {
  /** When the task can start at the earliest, epoch milliseconds. */
  readonly earliestMs: number;
  readonly spacingMs: number;
  /** A start further ahead of `earliestMs` is not reserved. */
  readonly horizonMs: number;
  /** It has not waited yet: those with tickets go first, save for a start right now. */
  readonly isFresh: boolean;
}

export type TurnAnswer =
  | { readonly kind: 'granted'; readonly startMs: number }
  /** Nothing reserved. */
  | { readonly kind: 'ahead'; readonly nextMs: number; readonly ticketMs: number };

/**
 * Reserves the next start, if it is near and nobody waits for it.
 * In DynamoDB: an update of a busy ledger, or of an idle one; which of the two, a failed condition tells.
 */
export function takeTurn(
  state: TurnsState,
  { earliestMs, spacingMs, horizonMs, isFresh }: TurnRequest,
): { readonly state: TurnsState; readonly answer: TurnAnswer } {
  const { nextMs = 0, ticketMs = 0 } = state;
  // A start that would pass unused is anybody's: those with tickets may come late, behind a long queue.
  const isLeft = isFresh && nextMs >= earliestMs && ticketMs > nextMs;
  const taken = reserve({ nextMs }, { nowMs: earliestMs, spacingMs, count: 1, horizonMs });
  if (isLeft || taken.result.kind === 'full') return { state, answer: { kind: 'ahead', nextMs, ticketMs } };
  return { state: { ...state, ...taken.state }, answer: taken.result };
}

/**
 * Tickets go out a little slower than starts, so that a start that was lost, or came later than its ticket said,
 * is made up for, and those behind it do not all come too early.
 */
const TICKET_STRETCH = 1.003;

export interface TicketRequest {
  /** Of those that wait long, or of those whose start is near. */
  readonly line: 'ticketMs' | 'placeMs';
  /** No ticket before, epoch milliseconds. */
  readonly floorMs: number;
  /** None later: SQS could not hide a task so long, and the start that its ticket stands for would pass unused. */
  readonly mostMs: number;
  readonly count: number;
  /** Of two tickets: {@link ticketSpacingMs}. */
  readonly apartMs: number;
}

/** @returns the first of `count` times, epoch milliseconds; undefined where that would be too late: none is drawn */
export function drawTickets(
  state: TurnsState,
  { line, floorMs, mostMs, count, apartMs }: TicketRequest,
): { readonly state: TurnsState; readonly firstMs: number | undefined } {
  const { state: after, result } = reserve(
    { nextMs: state[line] ?? 0 },
    { nowMs: floorMs, spacingMs: apartMs, count, horizonMs: mostMs - floorMs },
  );
  if (after === undefined || result.kind === 'full') return { state, firstMs: undefined };
  return { state: { ...state, [line]: after.nextMs }, firstMs: result.startMs };
}

export function ticketSpacingMs(spacingMs: number): number {
  return spacingMs * TICKET_STRETCH;
}

/**
 * A task that is back and finds its start near, but no time left in its call to wait for it, keeps out of the line of
 * tickets: a new one would be its last, and the start that its old one stood for pass unused. It is to be back for the
 * very next start instead, sleeps till then as far as SQS cannot hide it for parts of a second, and asks again.
 *
 * A place reserves nothing. It bounds how many do so at once, a few for each start, so that one of them is there if
 * another is late; more of them, as after a stall, draw tickets again.
 */
const PLACES_A_START = 3;
/** Of starts further apart no more than those of so long do so. */
const LONGEST_APART_MS = 1_000;

export interface NearRequest {
  /** The next start. */
  readonly nextMs: number;
  readonly nowMs: number;
  readonly spacingMs: number;
  /** How far ahead its next call may reserve a start. */
  readonly horizonMs: number;
}

/** A place for one. Who came back when its ticket said finds one: SQS hides for whole seconds, rounded down. */
export function placeRequest({ nextMs, nowMs, spacingMs, horizonMs }: NearRequest): TicketRequest {
  const apartMs = Math.min(LONGEST_APART_MS, spacingMs);
  const earlyMs = leadMs(horizonMs) + 1_000 + POLL_MS + apartMs;
  return {
    line: 'placeMs',
    floorMs: Math.max(nextMs, nowMs),
    mostMs: nowMs + Math.min(LONGEST_HORIZON_MS, earlyMs),
    count: 1,
    apartMs: apartMs / PLACES_A_START,
  };
}

/** @returns when one with this place is to ask again, epoch milliseconds: before the next start, wherever its place is */
export function askAgainMs(placeMs: number, { nextMs, nowMs, horizonMs }: NearRequest): number {
  const atMs = Math.min(placeMs - horizonMs / 2, nextMs) - RETURN_MS;
  return Math.max(atMs, nowMs + LEAST_PAUSE_MS);
}

/** From when a task is given back until it asks again: two calls of AWS, a poll, and another. */
const RETURN_MS = 30;
/** Nobody asks more often. */
const LEAST_PAUSE_MS = 20;
/** A poll may be so late. */
const POLL_MS = 200;

/** A task whose ticket would be later than this asks again: SQS hides it for 12 hours at most. */
const LATEST_TICKET_MS = 11 * 3_600_000;

export function latestTicketMs(nowMs: number): number {
  return nowMs + LATEST_TICKET_MS;
}

/** While tickets are still out for the rest, so that no start is without one; and not all at once. */
const ASK_AGAIN_SHARE = 0.95;

/** When a task for which there is no ticket yet asks again. */
export function askAgainSeconds(random: () => number): number {
  return Math.round((ASK_AGAIN_SHARE - random() / 4) * (LATEST_TICKET_MS / 1000));
}

/** How long before its time a task comes back: SQS hides for whole seconds, and a mapping polls when it likes. */
const LEAD_MS = 1_500;

function leadMs(horizonMs: number): number {
  return Math.min(LEAD_MS, horizonMs / 2);
}

/** @returns whole seconds for which SQS is to hide a task that is to start at this time, 0 or more */
export function hideSeconds(atMs: number, nowMs: number, horizonMs: number): number {
  return Math.max(0, Math.floor((atMs - leadMs(horizonMs) - nowMs) / 1000));
}
