import { type Hold, rampMs, rampShare } from '../core/flow/hold.ts';
import type { PacePlan } from '../core/flow/pace.ts';
import type { Ran } from '../core/flow/shared.ts';
import {
  askAgainMs,
  askAgainSeconds,
  hideSeconds,
  LONGEST_HORIZON_MS,
  latestTicketMs,
  placeRequest,
  ticketSpacingMs,
} from '../core/flow/turns.ts';
import type { Effects } from './effects.ts';

type Ledger = PacePlan & { readonly kind: 'ledger' };

/** A start of the group's ledger, or when to be back for one. */
export type Start =
  | { readonly kind: 'granted'; readonly startMs: number }
  /** Nobody has it yet, but it is too far ahead for this call: the task is to be back at this time, to the millisecond. */
  | { readonly kind: 'near'; readonly backMs: number }
  | { readonly kind: 'later'; readonly afterSeconds: number };

export interface StartRequest {
  readonly isFresh: boolean;
  /** How long the call may wait for it, milliseconds. */
  readonly budgetMs: number;
  /** The same of the task's next call, as it begins. */
  readonly nextBudgetMs: number;
  readonly hold: Hold | undefined;
}

export interface Starts {
  reserve(request: StartRequest, signal: AbortSignal): Promise<Start>;
  /** When so many tasks are to be back that nobody can start before `floorMs`. */
  putOff(count: number, floorMs: number, signal: AbortSignal): Promise<readonly number[]>;
  /** Nobody starts before. */
  push(untilMs: number, signal: AbortSignal): Promise<void>;
  /** A task took so long. */
  ran(ms: number): void;
}

/** How quickly what was measured makes room for what is. */
const NEWEST_SHARE = 0.3;
const FIRST_REPLY_MS = 10;
const LONGEST_REPLY_MS = 500;
/** A start at the very end of what a call may wait would be given up: timers are late by some milliseconds. */
const TIMER_LATE_MS = 20;

/** The ledger of a group's starts, as one environment uses it. */
export function createStarts({ spacingMs }: Ledger, effects: Effects): Starts {
  const apartMs = ticketSpacingMs(spacingMs);
  let ran: Ran = { tasks: 0, ms: 0 };
  let replyMs = FIRST_REPLY_MS;
  /** Of the next call of a task that is given back. */
  let nextHorizonMs = LONGEST_HORIZON_MS;

  const longestReplyMs = () => Math.min(LONGEST_REPLY_MS, replyMs);
  /** It counts from when the answer is expected. */
  const horizonOf = (budgetMs: number) =>
    Math.max(0, Math.min(LONGEST_HORIZON_MS, budgetMs - longestReplyMs() - TIMER_LATE_MS));

  const putOff = async (count: number, floorMs: number, signal: AbortSignal) => {
    const mostMs = latestTicketMs(effects.nowMs());
    const request = { line: 'ticketMs', floorMs, mostMs, count, apartMs } as const;
    const firstMs = await effects.shared.drawTickets(request, signal);
    const nowMs = effects.nowMs();
    return Array.from({ length: count }, (_, index) =>
      firstMs === undefined
        ? askAgainSeconds(() => effects.random())
        : hideSeconds(firstMs + index * apartMs, nowMs, nextHorizonMs),
    );
  };

  const take = async (apartMs: number, withinMs: number, isFresh: boolean, signal: AbortSignal) => {
    const askedMs = effects.nowMs();
    // A start right now would be over before the answer is here.
    const earliestMs = askedMs + longestReplyMs();
    const told = ran;
    ran = { tasks: 0, ms: 0 };
    const request = { earliestMs, spacingMs: apartMs, horizonMs: withinMs, isFresh };
    const answer = await effects.shared.takeTurn(request, told, signal);
    replyMs += NEWEST_SHARE * (effects.nowMs() - askedMs - replyMs);
    if (answer.kind === 'ahead') ran = { tasks: ran.tasks + told.tasks, ms: ran.ms + told.ms };
    return answer;
  };

  return {
    async reserve({ isFresh, budgetMs, nextBudgetMs, hold }, signal) {
      const horizonMs = horizonOf(budgetMs);
      nextHorizonMs = horizonOf(nextBudgetMs);
      const rampEndsMs = hold === undefined ? 0 : hold.untilMs + rampMs(hold);
      // Starts are reserved ahead: only what comes in the ramp is spaced as in it.
      const inRampMs = Math.min(horizonMs, rampEndsMs - effects.nowMs());
      const share = rampShare(hold, effects.nowMs());
      let answer = inRampMs > 0 ? await take(spacingMs / share, inRampMs, isFresh, signal) : undefined;
      if (answer === undefined || (answer.kind === 'ahead' && answer.nextMs >= rampEndsMs)) {
        answer = await take(spacingMs, horizonMs, isFresh, signal);
      }
      if (answer.kind === 'granted') return answer;
      const near = { nextMs: answer.nextMs, nowMs: effects.nowMs(), spacingMs, horizonMs: nextHorizonMs };
      const place = placeRequest(near);
      // Those that have not waited yet have no ticket to lose, and others have tickets.
      if (!isFresh) {
        const placeMs = await effects.shared.drawTickets(place, signal);
        if (placeMs !== undefined) return { kind: 'near', backMs: askAgainMs(placeMs, near) };
      }
      const floorMs = isFresh ? place.floorMs : Math.max(place.floorMs, place.mostMs);
      const [afterSeconds = 0] = await putOff(1, floorMs, signal);
      return { kind: 'later', afterSeconds };
    },
    putOff,
    push: (untilMs, signal) => effects.shared.pushTurns(untilMs, signal),
    ran(ms) {
      ran = { tasks: ran.tasks + 1, ms: ran.ms + ms };
    },
  };
}
