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

/** How far it was when somebody looked. */
export interface Seen {
  readonly atMs: number;
  readonly over: number;
  readonly running: number;
}

const KEPT = 600;
/** What came of it before anybody looked, nobody saw: a burst that is older has no beginning here. */
const YOUNG_MS = 15_000;

/** What has been seen of bursts since this page was opened, by their ids. */
export function withSeen(
  before: ReadonlyMap<string, readonly Seen[]>,
  bursts: readonly BurstProgress[],
): ReadonlyMap<string, readonly Seen[]> {
  const next = new Map(before);
  for (const { burstId, atMs, startMs, totals } of bursts) {
    const begun = atMs - startMs < YOUNG_MS ? [{ atMs: startMs, over: 0, running: 0 }] : [];
    const old = next.get(burstId) ?? begun;
    const { done, deadLettered, refused, unaccounted, running } = totals;
    const seen = { atMs, over: done + deadLettered + refused + unaccounted, running };
    const last = old.at(-1);
    if (last === undefined || last.atMs < atMs) next.set(burstId, [...old, seen].slice(-KEPT));
  }
  return next;
}
