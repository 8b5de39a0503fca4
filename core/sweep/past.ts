import type { Counts } from '../lifecycle/rest.ts';

/** What the sweep remembers of a pipeline from one look to the next. Epoch milliseconds. */
export interface Past {
  /** The last look. */
  readonly atMs: number;
  /** Since when each look has found tasks that wait or run: none of them is older than that, but for one look. */
  readonly busySinceMs?: number;
  /** Since when each look has found tasks waiting and none running. */
  readonly standsSinceMs?: number;
  /** Dead letters at the last look. */
  readonly letters?: number;
  /** The age of its oldest message when CloudWatch was last asked, and when that was. */
  readonly aged?: { readonly seconds: number; readonly atMs: number };
}

/** The counts of a pipeline's two queues, as one look finds them. */
export interface QueuesSeen {
  readonly counts: Counts;
  /** Messages in its dead-letter queue that can be received. */
  readonly letters: number;
}

/** Pipelines that are remembered, a hundred bytes each: what is written each minute stays small. */
export const PASTS_KEPT = 1_000;

/** @returns undefined where nothing needs to be remembered: both queues are empty */
export function pastAfter(before: Past | undefined, seen: QueuesSeen, nowMs: number): Past | undefined {
  const { counts, letters } = seen;
  const isBusy = counts.visible + counts.inFlight > 0;
  const stands = counts.visible > 0 && counts.inFlight === 0;
  if (!isBusy && letters === 0) return undefined;
  return {
    atMs: nowMs,
    ...(isBusy && { busySinceMs: before?.busySinceMs ?? nowMs }),
    ...(stands && { standsSinceMs: before?.standsSinceMs ?? nowMs }),
    ...(letters > 0 && { letters }),
    ...(isBusy && before?.aged && { aged: before.aged }),
  };
}

/** Dead letters that have come since the last look, per minute; of a first look nobody knows. */
export function lettersPerMinute(before: Past | undefined, letters: number, nowMs: number): number {
  if (before?.letters === undefined || nowMs <= before.atMs) return 0;
  return (Math.max(0, letters - before.letters) * 60_000) / (nowMs - before.atMs);
}

/**
 * Those worth keeping: of pipelines that still are, and of too many those that have been busy the longest.
 * @param sinceMs older looks are of pipelines that are gone
 */
export function keepPasts(
  pasts: Readonly<Record<string, Past>>,
  sinceMs: number,
): Readonly<Record<string, Past>> {
  const kept = Object.entries(pasts).filter(([, { atMs }]) => atMs >= sinceMs);
  if (kept.length <= PASTS_KEPT) return Object.fromEntries(kept);
  const since = ({ busySinceMs, atMs }: Past) => busySinceMs ?? atMs;
  kept.sort(([a, pastA], [b, pastB]) => since(pastA) - since(pastB) || (a < b ? -1 : 1));
  return Object.fromEntries(kept.slice(0, PASTS_KEPT));
}
