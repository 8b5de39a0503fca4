import { dueBy, lastDueMs, plannedFinish } from './due.ts';
import type { BurstRecord, BurstTotals } from './record.ts';
import { tasksLeft } from './totals.ts';

/** When a burst will be over, epoch milliseconds, and by what that is reckoned. */
export type Eta =
  /** It is over. */
  | { readonly kind: 'over'; readonly atMs: number }
  /**
   * `plan`: its tasks go as they are due. `rate`: more tasks are due than run, and as fast as they went of late, that
   * takes so long.
   */
  | { readonly kind: 'expected'; readonly atMs: number; readonly basis: 'plan' | 'rate' }
  /**
   * `paused`: somebody has paused its sending. `stalled`: tasks are due, none runs and none has ended of late: the
   * pipeline rests, is held or has other work. `uncounted`: nobody notes what becomes of its tasks.
   */
  | { readonly kind: 'unknown'; readonly why: 'paused' | 'stalled' | 'uncounted' };

/** What was measured of a burst under way. */
export interface Pace {
  /** Tasks that ended each second of late. */
  readonly perSecond: number;
  /** What its tasks take, seconds; undefined before the first is over. */
  readonly taskSeconds: number | undefined;
}

/** Tasks on their way through the queue, and those of some seconds, are not behind. */
const BEHIND_TASKS = 3;
const BEHIND_SECONDS = 5;

type Burst = Pick<BurstRecord, 'state' | 'segments' | 'total' | 'endedAtMs' | 'isCounted'>;

/** Reckons anew: never before now, nor sooner because more is left or tasks end more slowly. */
export function etaOf(burst: Burst, totals: BurstTotals, pace: Pace, nowMs: number): Eta {
  const left = tasksLeft(totals);
  if (burst.state === 'Ended') return { kind: 'over', atMs: burst.endedAtMs ?? nowMs };
  if (!burst.isCounted) return { kind: 'unknown', why: 'uncounted' };
  if (left === 0) return { kind: 'over', atMs: nowMs };
  if (burst.state === 'Paused') return { kind: 'unknown', why: 'paused' };

  const planMs = finishByPlanMs(burst, pace);
  const stands = totals.running === 0 && pace.perSecond === 0;
  if (stands && planMs + BEHIND_SECONDS * 1000 <= nowMs) return { kind: 'unknown', why: 'stalled' };
  const byPlanMs = Math.max(nowMs, planMs);
  const behind = dueBy(burst, nowMs) - (totals.total - left) - totals.running;
  if (behind <= Math.max(BEHIND_TASKS, BEHIND_SECONDS * pace.perSecond)) {
    return { kind: 'expected', atMs: byPlanMs, basis: 'plan' };
  }
  if (pace.perSecond > 0) {
    const byRateMs = nowMs + (left / pace.perSecond) * 1000;
    return byRateMs > byPlanMs
      ? { kind: 'expected', atMs: byRateMs, basis: 'rate' }
      : { kind: 'expected', atMs: byPlanMs, basis: 'plan' };
  }
  if (totals.running > 0 || byPlanMs > nowMs) return { kind: 'expected', atMs: byPlanMs, basis: 'plan' };
  return { kind: 'unknown', why: 'stalled' };
}

/** The plan's finish, with what tasks really take in the place of what they were taken to. */
function finishByPlanMs(burst: Burst, { taskSeconds }: Pace): number {
  const planned = plannedFinish(burst).atMs;
  const last = burst.segments.at(-1);
  if (taskSeconds === undefined || last === undefined || last.plan.starts.kind === 'atOnce') return planned;
  const moreMs = (taskSeconds - last.plan.estimate.meanSeconds) * 1000;
  return Math.max(lastDueMs(burst) + taskSeconds * 1000, planned + moreMs);
}
