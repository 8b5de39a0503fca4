import type { Interval } from '../../../core/spread/curve.ts';
import type { Chance } from '../chance.ts';
import type { SentTask } from './sending.ts';

export interface Pipeline {
  /** Tasks at once; infinite: whatever comes. */
  readonly concurrency: number;
  /** How long after its delay a message comes out at most, milliseconds. */
  readonly noiseMs: number;
}

export const OPEN_PIPELINE: Pipeline = { concurrency: Number.POSITIVE_INFINITY, noiseMs: 100 };

/** Runs tasks in the order in which they come out. */
export function runTasks(
  sent: readonly SentTask[],
  durationsSeconds: readonly number[],
  { concurrency, noiseMs }: Pipeline,
  chance: Chance,
): Interval[] {
  const arrivals = sent
    .map(({ index, receivedMs, delaySeconds }) => ({
      index,
      atMs: receivedMs + delaySeconds * 1000 + chance.between(0, noiseMs),
    }))
    .sort((a, b) => a.atMs - b.atMs);
  const slots = Number.isFinite(concurrency) ? Array.from({ length: concurrency }, () => 0) : [];
  return arrivals.map(({ index, atMs }) => {
    const slot = slots.indexOf(Math.min(...slots));
    const startMs = Math.max(atMs, slots[slot] ?? 0);
    const endMs = startMs + (durationsSeconds[index] ?? 0) * 1000;
    if (slot >= 0) slots[slot] = endMs;
    return { startMs, endMs };
  });
}
