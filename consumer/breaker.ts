import {
  admit,
  type Breaker,
  type BreakerSettings,
  type Ended,
  partMs,
  partNames,
} from '../core/flow/breaker.ts';
import { ended, probeEnded } from '../core/flow/group.ts';
import { isPast } from './clock.ts';
import type { Effects } from './effects.ts';
import type { GroupView } from './group-view.ts';

/** What a task that was started found out; `nothing` says neither. */
export type Found = 'succeeded' | 'failed' | 'nothing';

/** Leave to start: as a probe, or as any other. */
export interface Pass {
  readonly probeId?: string;
}

export interface TaskBreaker {
  /** @returns leave to start, or when to ask again, epoch milliseconds */
  admit(breaker: Breaker | undefined, untilMs: number, signal: AbortSignal): Promise<Pass | number>;
  /** A task with this leave ended, or was not started after all. */
  over(pass: Pass, found: Found, signal: AbortSignal): Promise<void>;
}

const NONE: Ended = { tasks: 0, failed: 0 };
/** What all may know of a window is judged once a second at most. */
const JUDGE_AGAIN_MS = 1_000;

/** A group's breaker, as one environment sees it and adds to what it is judged by. */
export function createTaskBreaker(settings: BreakerSettings, view: GroupView, effects: Effects): TaskBreaker {
  const random = () => effects.random();
  let untold = NONE;
  /** Since when the breaker had been as it was for those: each change begins anew. */
  let untoldSinceMs = 0;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let judgedAtMs = Number.NEGATIVE_INFINITY;

  const tell = async (breaker: Breaker | undefined, nowMs: number, signal: AbortSignal) => {
    const more = untold;
    const [part] = partNames(breaker, settings, nowMs);
    const expiresAtSeconds = Math.ceil(nowMs / 1000) + 2 * settings.windowSeconds;
    await effects.shared.addEnded(part, more, expiresAtSeconds, signal);
    untold = NONE;
    toldAtMs = nowMs;
  };

  const count = async (found: 'succeeded' | 'failed', signal: AbortSignal) => {
    if (settings.force !== undefined) return;
    const failed = found === 'failed';
    const { breaker } = await view.look(signal).catch(() => view.known());
    const { state = 'closed', sinceMs = 0 } = breaker ?? {};
    if (sinceMs !== untoldSinceMs) untold = NONE;
    untoldSinceMs = sinceMs;
    // What was under way when it opened says nothing of what is there when it closes.
    if (state !== 'closed') return;
    untold = { tasks: untold.tasks + 1, failed: untold.failed + (failed ? 1 : 0) };
    const nowMs = effects.nowMs();
    // Successes can wait a part of the window: those of a quiet group are one write now and then.
    if (!failed && !isPast(toldAtMs, partMs(settings), nowMs)) return;
    await tell(breaker, nowMs, signal);
    if (!failed || !isPast(judgedAtMs, JUDGE_AGAIN_MS, nowMs)) return;
    judgedAtMs = nowMs;
    const counted = await effects.shared.readEnded(partNames(breaker, settings, nowMs), signal);
    await view.change(ended(counted, settings, effects.nowMs(), random), signal);
  };

  return {
    async admit(breaker, untilMs, signal) {
      const probe = { id: effects.newId(), untilMs };
      const admission = admit(breaker, settings, probe, effects.nowMs());
      if (admission.kind === 'go') return {};
      if (admission.kind === 'wait') return admission.untilMs;
      const after = await view.change((before) => {
        const now = admit(before.breaker, settings, probe, effects.nowMs());
        return now.kind === 'probe' ? { ...before, breaker: now.next } : undefined;
      }, signal);
      const isProbe =
        after.breaker?.state === 'halfOpen' && after.breaker.probes.some(({ id }) => id === probe.id);
      if (isProbe) return { probeId: probe.id };
      const again = admit(after.breaker, settings, probe, effects.nowMs());
      return again.kind === 'wait' ? again.untilMs : effects.nowMs();
    },

    async over({ probeId }, found, signal) {
      if (probeId === undefined) {
        if (found !== 'nothing') await count(found, signal);
        return;
      }
      const told = found === 'nothing' ? 'unknown' : found;
      await view.change(probeEnded(probeId, told, settings, effects.nowMs(), random), signal);
    },
  };
}
