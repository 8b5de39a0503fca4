import type { Call } from '../../../consumer/call.ts';
import type { Applicant, Entry, Gate } from '../../../consumer/gate.ts';
import type { BreakerSettings } from '../../../core/flow/breaker.ts';
import type { Hold } from '../../../core/flow/hold.ts';
import { type ConsumerLimits, NO_LIMITS } from '../../../core/flow/limits.ts';
import type { World } from './world.ts';

export const ledger: ConsumerLimits = {
  ...NO_LIMITS,
  pace: { kind: 'ledger', spacingMs: 200, toleranceMs: 18 },
};
export const slots: ConsumerLimits = { ...NO_LIMITS, pace: { kind: 'slots', holdMs: 500 } };
export const lease: ConsumerLimits = { ...NO_LIMITS, lease: true };
export const settings: BreakerSettings = {
  failureShare: 0.5,
  windowSeconds: 60,
  minTasks: 1,
  openSeconds: 30,
  probes: 1,
};
export const breaker: ConsumerLimits = { ...NO_LIMITS, breaker: settings };

/** One call of an environment, and what its tasks are told. */
export function callOf(world: World, requestId = 'r1', callMs = 30_000) {
  const call: Call = {
    requestId,
    callMs,
    deadlineMs: world.effects.nowMs() + callMs,
    marginMs: Math.min(1_000, callMs / 10),
  };
  const problems: string[] = [];
  let isReady = 0;
  const applicant: Applicant = {
    call,
    signal: new AbortController().signal,
    problem: (text) => problems.push(text),
    isFresh: true,
    ready: async () => {
      isReady += 1;
    },
  };
  const enter = (gate: Gate, changes: Partial<Applicant> = {}) =>
    world.until(gate.enter({ ...applicant, ...changes }));
  return { applicant, enter, problems, readied: () => isReady };
}

export const hold = (world: World, forMs: number, changes: Partial<Hold> = {}): Hold => {
  const nowMs = world.effects.nowMs();
  return { sinceMs: nowMs, untilMs: nowMs + forMs, cause: 'throttled', guesses: 0, ...changes };
};
export const setHold = (world: World, given: Hold) => {
  const { state, revision } = world.shared.readGroup();
  world.shared.writeGroup({ ...state, hold: given }, revision);
};
export const goes: Entry = { kind: 'go', pass: {} };
