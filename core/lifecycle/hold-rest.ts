import type { GroupState } from '../flow/hold.ts';
import { type ConsumerLimits, mindsBreaker, watchesGroup } from '../flow/limits.ts';
import type { Timings } from '../stage-settings.ts';

/** Why a consumer rests though it has work: its group waits. */
export interface Held {
  /** `forced`: its record keeps the breaker open. */
  readonly cause: 'throttled' | 'breaker' | 'forced';
  /** Epoch milliseconds; absent where the record has to change first. */
  readonly untilMs?: number;
}

type HoldTimings = Pick<Timings, 'restHoldSeconds' | 'wakeLeadSeconds'>;

/**
 * Whether a consumer is to rest for its group's hold, and why. A short hold is not worth it: its runtime waits. One that
 * rests goes on resting until it is time to wake it, however short the rest of its hold.
 * @param limits what its runtime is told
 * @param rests it rests for a hold already, or a run is about to bring it there
 * @returns undefined where it is to run, as far as holds go
 */
export function heldFor(
  state: GroupState | undefined,
  limits: ConsumerLimits,
  rests: boolean,
  timings: HoldTimings,
  nowMs: number,
): Held | undefined {
  if (limits.breaker?.force === 'open') return { cause: 'forced' };
  const held = longest(state, limits);
  if (held === undefined) return undefined;
  // After a long rest all environments are new. Those that do not ask would start tasks before the hold is over.
  const wakeMs = watchesGroup(limits) ? wakeAtMs(held.untilMs, timings) : held.untilMs;
  return (rests && wakeMs > nowMs) || isWorthRest(held.untilMs, timings, nowMs) ? held : undefined;
}

/** The wait that ends last, of those that the runtime minds: a breaker that is gone or forced closed holds nobody. */
function longest(
  { hold, breaker }: GroupState = {},
  limits: ConsumerLimits,
): (Held & { readonly untilMs: number }) | undefined {
  const holds = [
    ...(hold === undefined ? [] : [{ cause: hold.cause, untilMs: hold.untilMs }]),
    ...(breaker?.state === 'open' ? [{ cause: 'breaker' as const, untilMs: breaker.untilMs }] : []),
  ].filter(({ cause }) => cause !== 'breaker' || mindsBreaker(limits));
  return holds.sort((a, b) => b.untilMs - a.untilMs)[0];
}

/** Whether somebody who runs should rest for a wait until then. */
export function isWorthRest(untilMs: number, { restHoldSeconds }: HoldTimings, nowMs: number): boolean {
  return untilMs - nowMs > restHoldSeconds * 1000;
}

/** When to wake a consumer that rests: a mapping takes its time, and until then its runtime waits. */
export function wakeAtMs(untilMs: number, { wakeLeadSeconds }: HoldTimings): number {
  return untilMs - wakeLeadSeconds * 1000;
}

export function isSameHeld(one: Held | undefined, other: Held | undefined): boolean {
  return one?.cause === other?.cause && one?.untilMs === other?.untilMs;
}
