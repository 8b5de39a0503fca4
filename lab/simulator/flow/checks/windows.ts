/** A window with more in it than it may have. */
export interface Overfull {
  readonly fromMs: number;
  readonly starts: number;
  readonly allowed: number;
}

/**
 * Looks at every window `[t, t + perMs)` that begins with a start; any other holds no more than one of these.
 * @param startsMs in any order
 * @param extraMs each of these moments within a window, or so little beside it, allows it one start more
 */
export function overfullWindows(
  startsMs: readonly number[],
  limit: { readonly tasks: number; readonly perMs: number },
  extraMs: readonly number[] = [],
  slackMs = 0,
): readonly Overfull[] {
  const starts = [...startsMs].sort((a, b) => a - b);
  const extras = [...extraMs].sort((a, b) => a - b);
  const found: Overfull[] = [];
  let end = 0;
  let extraFrom = 0;
  let extraEnd = 0;
  for (const [first, fromMs] of starts.entries()) {
    const toMs = fromMs + limit.perMs;
    while (end < starts.length && (starts[end] as number) < toMs) end += 1;
    while (extraFrom < extras.length && (extras[extraFrom] as number) < fromMs - slackMs) extraFrom += 1;
    while (extraEnd < extras.length && (extras[extraEnd] as number) < toMs + slackMs) extraEnd += 1;
    const allowed = limit.tasks + Math.max(0, extraEnd - extraFrom);
    if (end - first > allowed) found.push({ fromMs, starts: end - first, allowed });
  }
  return found;
}
