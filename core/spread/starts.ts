import { assertNever } from '../assert-never.ts';
import type { StartRule } from './plan.ts';

/** How far the starts of a burst have been told. Plain JSON: whoever goes on from it comes to the same times. */
export interface StartsState {
  /** Tasks whose start has been told. */
  readonly told: number;
  /** When each slot is free, whole milliseconds after the hand-over, in rising order; only of the rule `slots`. */
  readonly freeMs?: readonly number[];
}

/** The starts of a burst's tasks, one after another in their order. */
export interface Starts {
  /**
   * When the next task is due, milliseconds after the hand-over. Never before the one told last.
   * @param seconds how long that task takes; only the rule `slots` asks
   */
  next(seconds: number): number;
  state(): StartsState;
}

/**
 * Tells the starts of a rule, from the first task or from a state on. Takes constant time and memory a task, however
 * many there are; the rule `slots` the memory of its slots, and time by their logarithm.
 */
export function createStarts(rule: StartRule, state: StartsState = { told: 0 }): Starts {
  switch (rule.kind) {
    case 'atOnce':
      return counted(state.told, () => rule.firstMs);
    case 'even':
      // Reckoned anew for each: sums of many spacings would drift.
      return counted(state.told, (index) => rule.firstMs + index * rule.spacingMs);
    case 'slots':
      return slotStarts(rule, state);
    default:
      return assertNever(rule);
  }
}

function counted(from: number, startOf: (index: number) => number): Starts {
  let told = from;
  return {
    next: () => {
      told += 1;
      return startOf(told - 1);
    },
    state: () => ({ told }),
  };
}

/** Fractions this small come of rounding. */
const ROUNDING_MS = 1e-6;

/**
 * List scheduling: the next task in order goes where a slot is free first (Graham, Bell System Technical Journal, 1966).
 * In whole milliseconds, so that the state of many slots is small and yet says all.
 */
function slotStarts(rule: Extract<StartRule, { kind: 'slots' }>, state: StartsState): Starts {
  // A rising list is a heap.
  const free =
    state.freeMs === undefined
      ? Array.from({ length: rule.slots }, (_, slot) => Math.round(rule.firstMs + slot * rule.staggerMs))
      : [...state.freeMs];
  let { told } = state;
  return {
    next: (seconds) => {
      const startMs = free[0] ?? rule.firstMs;
      replaceLeast(free, Math.max(0, Math.ceil(startMs + seconds * 1000 + rule.restMs - ROUNDING_MS)));
      told += 1;
      return startMs;
    },
    state: () => ({ told, freeMs: [...free].sort((a, b) => a - b) }),
  };
}

/** Puts a number in the place of the least one of a binary heap. */
function replaceLeast(heap: number[], value: number): void {
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const right = left + 1;
    const lesser = (heap[right] ?? Infinity) < (heap[left] ?? Infinity) ? right : left;
    const below = heap[lesser];
    if (below === undefined || below >= value) break;
    heap[at] = below;
    at = lesser;
  }
  heap[at] = value;
}
