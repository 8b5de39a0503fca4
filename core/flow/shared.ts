import type { Ended } from './breaker.ts';
import type { GroupState } from './hold.ts';
import type { TicketRequest, TurnAnswer, TurnRequest } from './turns.ts';

/** Task durations that nobody has been told of yet. */
export interface Ran {
  readonly tasks: number;
  readonly ms: number;
}

/** What the environments of one pipeline share, and how each of them reaches it. Every call may fail or never answer. */
export interface Shared {
  /** `takeTurn` of core/flow/turns.ts, on the pipeline's ledger; tells how long tasks took along the way. */
  takeTurn(request: TurnRequest, ran: Ran, signal: AbortSignal): Promise<TurnAnswer>;
  /** `drawTickets`: @returns the first one's time, epoch milliseconds; undefined where none is drawn. */
  drawTickets(request: TicketRequest, signal: AbortSignal): Promise<number | undefined>;
  /** No start before this moment, epoch milliseconds. */
  pushTurns(untilMs: number, signal: AbortSignal): Promise<void>;

  /** What the group's tasks share; `revision` 0 where nothing is said yet. Consistent. */
  readGroup(signal: AbortSignal): Promise<{ readonly state: GroupState; readonly revision: number }>;
  /** Only if the revision is still this one. */
  writeGroup(state: GroupState, revision: number, signal: AbortSignal): Promise<'written' | 'conflict'>;

  /** Adds to a part of the breaker's window. */
  addEnded(part: string, more: Ended, expiresAtSeconds: number, signal: AbortSignal): Promise<void>;
  /** The sum of these parts. */
  readEnded(parts: readonly string[], signal: AbortSignal): Promise<Ended>;

  /** The right to run the group's one task, until this moment; once more by the same owner renews it. */
  takeLease(
    owner: string,
    untilMs: number,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'taken' } | { readonly kind: 'held'; readonly untilMs: number }>;
  /** Only the owner's own. */
  freeLease(owner: string, signal: AbortSignal): Promise<void>;

  /** Claims a key until this moment, unless it is done or claimed by another. */
  claimKey(
    key: string,
    owner: string,
    untilMs: number,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<
    | { readonly kind: 'claimed' }
    | { readonly kind: 'done' }
    | { readonly kind: 'running'; readonly untilMs: number }
  >;
  /** The owner's key is done, until this moment. */
  finishKey(key: string, owner: string, untilMs: number, signal: AbortSignal): Promise<void>;
  /** The owner's key is as if nobody had claimed it. */
  dropKey(key: string, owner: string, signal: AbortSignal): Promise<void>;
}
