import type { StartsState } from '../spread/starts.ts';

/**
 * Where a segment's starts are, as the mark keeps it, which is written with every few calls: of a thousand slots, the
 * most that are planned for, 4 KB.
 */
export interface KeptStarts {
  readonly told: number;
  /** From 0 to the first free slot, and from each to the next, whole milliseconds; only of the rule `slots`. */
  readonly gapsMs?: readonly number[];
}

export function keptStarts({ told, freeMs }: StartsState): KeptStarts {
  if (freeMs === undefined) return { told };
  return { told, gapsMs: freeMs.map((ms, slot) => ms - (freeMs[slot - 1] ?? 0)) };
}

export function readStarts({ told, gapsMs }: KeptStarts): StartsState {
  if (gapsMs === undefined) return { told };
  let ms = 0;
  const freeMs = gapsMs.map((gapMs) => {
    ms += gapMs;
    return ms;
  });
  return { told, freeMs };
}
