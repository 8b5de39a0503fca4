/**
 * Whether so long has passed since a moment. Wall clocks are set: by one that was set back it has, too, or nothing
 * would be done again until it has caught up.
 */
export function isPast(sinceMs: number, ms: number, nowMs: number): boolean {
  return Math.abs(nowMs - sinceMs) >= ms;
}
