import { type Breaker, type BreakerSettings, type Ended, probed, tripped } from './breaker.ts';
import { type GroupState, type Hold, holdAfter, type Refusal } from './hold.ts';

/**
 * What becomes of a group's shared state. Each returns the state to write, or undefined where nothing changes;
 * `write` makes it stand only if nobody wrote in between, else it is asked again about what they wrote.
 */
export type GroupChange = (before: GroupState) => GroupState | undefined;

/** A task was refused by the other side. */
export function refused(refusal: Refusal): GroupChange {
  return (before) => {
    const hold = holdAfter(before.hold, refusal);
    return hold && { ...before, hold };
  };
}

/** So many tasks of a window ended, so many of them in failure. */
export function ended(
  counted: Ended,
  settings: BreakerSettings,
  nowMs: number,
  random: () => number,
): GroupChange {
  return (before) => withBreaker(before, tripped(before.breaker, counted, settings, nowMs, random));
}

/** A probe ended. */
export function probeEnded(
  probeId: string,
  found: 'succeeded' | 'failed' | 'unknown',
  settings: BreakerSettings,
  nowMs: number,
  random: () => number,
): GroupChange {
  return (before) => withBreaker(before, probed(before.breaker, probeId, found, settings, nowMs, random));
}

/** An open breaker holds the group, as long as no refusal holds it longer. */
function withBreaker(before: GroupState, breaker: Breaker | undefined): GroupState | undefined {
  if (breaker === undefined) return undefined;
  if (breaker.state !== 'open' || (before.hold?.untilMs ?? 0) >= breaker.untilMs)
    return { ...before, breaker };
  const { sinceMs, untilMs } = breaker;
  const hold: Hold = { sinceMs, untilMs, cause: 'breaker', guesses: 0 };
  return { ...before, breaker, hold };
}
