import type { BurstProgress } from '../../../../core/burst/progress.ts';

/** Shares of a burst's bar, each from 0 to 1, in this order from the left. */
export interface BarShares {
  readonly done: number;
  readonly deadLettered: number;
  readonly running: number;
  /** In the queue: sent, not begun. */
  readonly waiting: number;
}

export function sharesOf({ totals }: Pick<BurstProgress, 'totals'>): BarShares {
  const { total, sent, done, deadLettered, running } = totals;
  const share = (tasks: number) => (total === 0 ? 0 : Math.max(0, Math.min(1, tasks / total)));
  return {
    done: share(done),
    deadLettered: share(deadLettered),
    running: share(running),
    waiting: share(sent - done - deadLettered - running),
  };
}

/** How far it would be by its plan, from 0 to 1. */
export function plannedShare({
  startMs,
  predicted,
  atMs,
}: Pick<BurstProgress, 'startMs' | 'predicted' | 'atMs'>): number {
  const spanMs = predicted.finishMs - startMs;
  return spanMs <= 0 ? 1 : Math.max(0, Math.min(1, (atMs - startMs) / spanMs));
}

/** Bursts that this page has shown, the newest first: one that is over leaves the list of those that are open. */
export function withFormer(
  shown: readonly BurstProgress[],
  listed: readonly BurstProgress[],
): { readonly bursts: readonly BurstProgress[]; readonly gone: readonly string[] } {
  const now = new Map(listed.map((burst) => [burst.burstId, burst]));
  const former = shown.filter(({ burstId }) => !now.has(burstId));
  return {
    bursts: [...listed, ...former].sort((a, b) => b.startMs - a.startMs),
    gone: former.filter(({ state }) => state !== 'Ended').map(({ burstId }) => burstId),
  };
}
