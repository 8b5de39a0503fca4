import { type Hold, rampMs, rampShare } from '../core/flow/hold.ts';
import type { PacePlan } from '../core/flow/pace.ts';
import type { Ran } from '../core/flow/shared.ts';
import {
  askAgainSeconds,
  hideSeconds,
  latestTicketMs,
  ticketSpacingMs,
  waitFor,
} from '../core/flow/turns.ts';
import type { Effects } from './effects.ts';

type Ledger = PacePlan & { readonly kind: 'ledger' };

/** A start of the group's ledger, or when to be back for one. */
export type Start =
  | { readonly kind: 'granted'; readonly startMs: number }
  | { readonly kind: 'later'; readonly afterSeconds: number };

export interface Starts {
  /**
   * Reserves a start.
   * @param budgetMs how long the call may wait for it
   */
  reserve(
    request: { readonly isFresh: boolean; readonly budgetMs: number; readonly hold: Hold | undefined },
    signal: AbortSignal,
  ): Promise<Start>;
  /** When so many tasks are to be back that nobody can start before `floorMs`. */
  putOff(count: number, floorMs: number, signal: AbortSignal): Promise<readonly number[]>;
  /** Nobody starts before. */
  push(untilMs: number, signal: AbortSignal): Promise<void>;
  /** A task took so long. */
  ran(ms: number): void;
}

/** A start further ahead is not slept for. */
const HORIZON_MS = 3_000;
/** How quickly what was measured makes room for what is. */
const NEWEST_SHARE = 0.3;
const FIRST_REPLY_MS = 10;
const LONGEST_REPLY_MS = 500;

/** The ledger of a group's starts, as one environment uses it. */
export function createStarts({ spacingMs }: Ledger, effects: Effects): Starts {
  const apartMs = ticketSpacingMs(spacingMs);
  let ran: Ran = { tasks: 0, ms: 0 };
  let replyMs = FIRST_REPLY_MS;
  let horizonMs = HORIZON_MS;

  const putOff = async (count: number, floorMs: number, signal: AbortSignal) => {
    const request = { floorMs, mostMs: latestTicketMs(effects.nowMs()), count, apartMs };
    const firstMs = await effects.shared.drawTickets(request, signal);
    const nowMs = effects.nowMs();
    return Array.from({ length: count }, (_, index) =>
      firstMs === undefined
        ? askAgainSeconds(() => effects.random())
        : hideSeconds(firstMs + index * apartMs, nowMs, horizonMs),
    );
  };

  const take = async (apartMs: number, withinMs: number, isFresh: boolean, signal: AbortSignal) => {
    const askedMs = effects.nowMs();
    // A start right now would be over before the answer is here.
    const earliestMs = askedMs + Math.min(LONGEST_REPLY_MS, replyMs);
    const told = ran;
    ran = { tasks: 0, ms: 0 };
    const request = { earliestMs, spacingMs: apartMs, horizonMs: withinMs, isFresh };
    const answer = await effects.shared.takeTurn(request, told, signal);
    replyMs += NEWEST_SHARE * (effects.nowMs() - askedMs - replyMs);
    if (answer.kind === 'ahead') ran = { tasks: ran.tasks + told.tasks, ms: ran.ms + told.ms };
    return answer;
  };

  return {
    async reserve({ isFresh, budgetMs, hold }, signal) {
      horizonMs = Math.min(HORIZON_MS, budgetMs);
      const rampEndsMs = hold === undefined ? 0 : hold.untilMs + rampMs(hold);
      // Starts are reserved ahead: only what comes in the ramp is spaced as in it.
      const inRampMs = Math.min(horizonMs, rampEndsMs - effects.nowMs());
      const share = rampShare(hold, effects.nowMs());
      let answer = inRampMs > 0 ? await take(spacingMs / share, inRampMs, isFresh, signal) : undefined;
      if (answer === undefined || (answer.kind === 'ahead' && answer.nextMs >= rampEndsMs)) {
        answer = await take(spacingMs, horizonMs, isFresh, signal);
      }
      if (answer.kind === 'granted') return answer;
      const nowMs = effects.nowMs();
      const waiting = waitFor(answer, { nowMs, spacingMs, isFresh });
      if (waiting.kind === 'comeBack') {
        // Not at once: it would find what it has just found.
        return { kind: 'later', afterSeconds: Math.max(1, hideSeconds(waiting.nextMs, nowMs, horizonMs)) };
      }
      const [afterSeconds = 0] = await putOff(1, waiting.floorMs, signal);
      return { kind: 'later', afterSeconds };
    },
    putOff,
    push: (untilMs, signal) => effects.shared.pushTurns(untilMs, signal),
    ran(ms) {
      ran = { tasks: ran.tasks + 1, ms: ran.ms + ms };
    },
  };
}
