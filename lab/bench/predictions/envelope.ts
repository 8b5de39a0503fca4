import type { Spread } from '../../../core/config-record.ts';
import type { PipelineBounds } from '../../../core/spread/plan.ts';

/** What a burst comes to on the back of an envelope. */
export interface Reckoned {
  readonly finishSeconds: number;
  readonly peak: number;
}

/**
 * The naive alternative: over after the longest of the window (or the deadline), N · d ÷ concurrency and N ÷ rate, and so
 * N · d ÷ that at once. It knows as much of how long a task takes.
 */
export function onAnEnvelope(
  count: number,
  meanSeconds: number,
  { concurrency, rateLimits }: PipelineBounds,
  goal: Spread | undefined,
): Reckoned {
  const work = count * meanSeconds;
  const slots =
    goal !== undefined && 'maxConcurrency' in goal ? Math.min(goal.maxConcurrency, concurrency) : concurrency;
  const byRates = rateLimits.map(({ tasks, perSeconds }) => (count * perSeconds) / tasks);
  const finishSeconds = Math.max(windowSeconds(goal), work / slots, ...byRates);
  return { finishSeconds, peak: work / finishSeconds };
}

function windowSeconds(goal: Spread | undefined): number {
  if (goal === undefined || 'maxConcurrency' in goal) return 0;
  return 'maxSeconds' in goal ? goal.maxSeconds : goal.finishWithinSeconds;
}
