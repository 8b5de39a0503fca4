import { duration } from '../../core/verdict/amounts.ts';

/** How long ago that was: `3 min ago`. */
export function ago(atMs: number, nowMs: number): string {
  const seconds = (nowMs - atMs) / 1000;
  return seconds < 1 ? 'just now' : `${duration(seconds)} ago`;
}
