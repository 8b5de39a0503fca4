import type { Call } from './call.ts';
import type { Effects } from './effects.ts';

/** The right to run the group's one task at a time, held by one call. */
export interface Lease {
  /** @returns when to ask again, epoch milliseconds; undefined where the call has it */
  take(call: Call, signal: AbortSignal): Promise<number | undefined>;
  /** After the call's last task. */
  free(call: Call, signal: AbortSignal): Promise<void>;
}

/** How far the clocks of two environments may differ: a dead call's lease ends so long after the call must have. */
const SKEW_MS = 1_000;
/** Between two looks at a lease that another call holds: it may end before its time. */
const LOOK_AGAIN_MS = 1_000;

/** The lease is held under the call's own id, until Lambda must have ended the call. */
export function createLease(effects: Effects): Lease {
  let holder: string | undefined;
  /** The reply may be lost and the lease taken all the same. */
  let asked: string | undefined;
  return {
    async take({ requestId, deadlineMs }, signal) {
      if (holder === requestId) return undefined;
      const nowMs = effects.nowMs();
      asked = requestId;
      const answer = await effects.shared.takeLease(requestId, deadlineMs + SKEW_MS, nowMs, signal);
      if (answer.kind === 'taken') {
        holder = requestId;
        return undefined;
      }
      asked = undefined;
      return Math.min(answer.untilMs, effects.nowMs() + LOOK_AGAIN_MS);
    },
    async free({ requestId }, signal) {
      if (asked !== requestId) return;
      asked = undefined;
      holder = undefined;
      await effects.shared.freeLease(requestId, signal);
    },
  };
}
