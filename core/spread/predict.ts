import { startsPerSecond } from '../flow/pace.ts';
import { type Foreseen, foreseeBurst } from '../queueing/burst.ts';
import { MOVED_MS, peakOfEven } from './peak.ts';
import type { BoundBy, PlanRequest, Prediction, StartRule } from './plan.ts';

/** A burst whose starts are known, as its pipeline will have it. */
export interface Planning extends Pick<PlanRequest, 'count' | 'bounds' | 'estimate'> {
  readonly starts: StartRule;
  /** When its last task is due, milliseconds after the hand-over. */
  readonly lastDueMs: number;
  /** When its last task ends, if the pipeline keeps up; only where that is known. */
  readonly lastEndMs?: number;
}

/** What is to be expected of a burst, and what keeps it from being over sooner. */
export function predict(planning: Planning): { readonly predicted: Prediction; readonly boundBy: BoundBy } {
  const { count, bounds, estimate, starts, lastDueMs, lastEndMs } = planning;
  const window = { minSeconds: starts.firstMs / 1000, maxSeconds: lastDueMs / 1000 };
  const foreseen = foreseeBurst({ count, window, bounds, estimate });
  const { boundBy, waitSeconds, finishRange } = foreseen;
  const isKnown = lastEndMs !== undefined && boundBy === 'goal';
  const finishSeconds = isKnown ? lastEndMs / 1000 + waitSeconds : foreseen.finishSeconds;
  return {
    boundBy,
    predicted: {
      peakConcurrency: Math.min(count, bounds.concurrency, peakOf(planning, foreseen)),
      finishSeconds,
      finishRange: {
        fromSeconds: Math.min(finishRange.fromSeconds, finishSeconds),
        toSeconds: Math.max(finishRange.toSeconds, finishSeconds),
      },
      waitSeconds,
    },
  };
}

/** What would run at once if the pipeline had any number of slots. */
function peakOf({ count, bounds, estimate, starts }: Planning, { boundBy }: Foreseen): number {
  const byRate = 1000 / startsPerSecond(bounds.rateLimits);
  if (boundBy === 'rateLimit' && bounds.backlog === 0)
    return peakOfEven({ count, spacingMs: byRate }, estimate);
  if (boundBy !== 'goal' || starts.kind === 'atOnce') return count;
  if (starts.kind === 'even') return peakOfEven({ count, spacingMs: starts.spacingMs }, estimate);
  // Two tasks of a slot overlap by as much as a start may be moved beyond the rest between them.
  const turnMs = estimate.meanSeconds * 1000 + starts.restMs;
  return Math.ceil(starts.slots * (1 + Math.max(0, MOVED_MS - starts.restMs) / turnMs));
}
