import { assertNever } from '../core/assert-never.ts';
import { type Hold, resumeAtMs } from '../core/flow/hold.ts';
import { type Call, timeLeft } from './call.ts';
import type { Effects } from './effects.ts';
import type { Waits } from './fate.ts';
import type { Caller } from './gate.ts';
import type { Starts } from './starts.ts';
import { waitBudgetMs } from './time-left.ts';

/** How tasks wait: a short while in their slot, else in the queue. */
export interface Waiting {
  /** How long a call may wait before it starts a task, milliseconds: the rest of its time is for the task. */
  budgetMs(call: Call): number;
  /** The same of a call like it, as it begins. */
  nextBudgetMs(call: Call): number;
  sleepUntil(timeMs: number): Promise<void>;
  /** For a task that is to be back at this time: sleeps as far as SQS, which hides for whole seconds, cannot hide it. */
  sleepPart(backMs: number, call: Call): Promise<Waits>;
  /**
   * @param isOver asked after a sleep that was too short: somebody may have ended the wait meanwhile
   * @returns what to tell a task that has to wait longer than a slot sleeps; undefined after a sleep till then, or where
   * the wait is over sooner
   */
  sleepOr(
    kind: 'held' | 'busy',
    untilMs: number,
    caller: Caller,
    hold: Hold | undefined,
    isOver?: () => Promise<boolean>,
  ): Promise<Waits | undefined>;
  /** The same wait for tasks behind one that has to wait, each a time of its own. */
  putOff(outcome: Waits, count: number, caller: Caller): Promise<readonly Waits[]>;
  /** For a task that could not be told whether it may start. */
  unready(error: unknown): Waits;
}

/** How far a clock may be set back while a task sleeps, and its start is still as it was reserved. */
const CLOCK_STEP_MS = 2_000;
/** A call sleeps no longer at a time. */
const LONGEST_SLEEP_MS = 20_000;
/** How long tasks stay away that nobody could tell anything; as much again by chance. */
const UNREADY_SECONDS = 5;

export function createWaiting(
  starts: Starts | undefined,
  slowestMs: () => number | undefined,
  effects: Effects,
): Waiting {
  const budgetMs = (call: Call) => waitBudgetMs(timeLeft(call, effects.nowMs(), slowestMs()));
  const nextBudgetMs = (call: Call) =>
    waitBudgetMs({ ...timeLeft(call, effects.nowMs(), slowestMs()), remainingMs: call.callMs });
  const secondsUntil = (timeMs: number) => Math.max(0, Math.ceil((timeMs - effects.nowMs()) / 1000));

  const sleepUntil = async (timeMs: number) => {
    // A timer may be early by a part of a millisecond, and a clock be set while it runs; but one that was set far back
    // must not keep the call waiting for good.
    let mayMs = timeMs - effects.nowMs() + CLOCK_STEP_MS;
    for (let leftMs = timeMs - effects.nowMs(); leftMs > 0 && mayMs > 0; leftMs = timeMs - effects.nowMs()) {
      const sleepMs = Math.ceil(Math.min(leftMs, mayMs));
      mayMs -= sleepMs;
      await new Promise<void>((resolve) => {
        effects.after(sleepMs, resolve);
      });
    }
  };

  /** A group with a ledger comes back one after another; another one somewhere in the ramp. */
  const backAfter = async (
    count: number,
    { untilMs, hold }: { readonly untilMs: number; readonly hold?: Hold | undefined },
    { signal, problem }: Caller,
  ): Promise<readonly number[]> => {
    try {
      const turns = await starts?.putOff(count, untilMs, signal);
      if (turns !== undefined) return turns;
    } catch (error) {
      problem('its turn is not known', error);
    }
    const backMs = () => (hold === undefined ? untilMs : resumeAtMs(hold, () => effects.random()));
    return Array.from({ length: count }, () => secondsUntil(backMs()));
  };

  return {
    budgetMs,
    nextBudgetMs,
    sleepUntil,
    async sleepPart(backMs, call) {
      const nowMs = effects.nowMs();
      const waitMs = Math.max(0, backMs - nowMs);
      const afterSeconds = Math.floor(waitMs / 1000);
      // No task starts in this call: it needs the time to give its batch back, and no more.
      const mostMs = waitBudgetMs(timeLeft(call, nowMs, 0));
      await sleepUntil(nowMs + Math.min(waitMs - afterSeconds * 1000, mostMs));
      return { kind: 'early', isNear: true, afterSeconds };
    },
    async sleepOr(kind, untilMs, caller, hold, isOver) {
      const nowMs = effects.nowMs();
      const waitMs = untilMs - nowMs;
      const sleepMs = Math.min(waitMs, LONGEST_SLEEP_MS, budgetMs(caller.call));
      await sleepUntil(nowMs + sleepMs);
      if (sleepMs >= waitMs || (await isOver?.())) return undefined;
      if (kind === 'busy') return { kind, afterSeconds: secondsUntil(untilMs) };
      const [afterSeconds = 0] = await backAfter(1, { untilMs, hold }, caller);
      return { kind, afterSeconds };
    },
    async putOff(outcome, count, caller) {
      const sameTime = () => Array.from({ length: count }, () => outcome);
      switch (outcome.kind) {
        case 'held':
        case 'early': {
          // They are back together, and ask one after another.
          if (outcome.kind === 'early' && outcome.isNear) return sameTime();
          const untilMs = effects.nowMs() + outcome.afterSeconds * 1000;
          const seconds = await backAfter(count, { untilMs }, caller);
          return seconds.map((afterSeconds) => ({ ...outcome, afterSeconds }));
        }
        case 'busy':
        case 'unready':
          return sameTime();
        default:
          return assertNever(outcome);
      }
    },
    unready: (error) => ({
      kind: 'unready',
      afterSeconds: Math.ceil(UNREADY_SECONDS * (1 + effects.random())),
      error,
    }),
  };
}
