import { assertNever } from '../assert-never.ts';
import type { BurstPlan } from '../spread/plan.ts';
import type { BurstRecord, Segment } from './record.ts';

type Segments = Pick<BurstRecord, 'segments'>;

/** How many tasks are due by a moment, by the plan. */
export function dueBy({ segments, total }: Pick<BurstRecord, 'segments' | 'total'>, nowMs: number): number {
  return segments.reduce((sum, segment, at) => {
    const count = (segments[at + 1]?.fromIndex ?? total) - segment.fromIndex;
    return sum + Math.min(Math.max(0, count), startedBy(segment.plan, nowMs - segment.startMs));
  }, 0);
}

/** When the plan's last task is due, epoch milliseconds. */
export function lastDueMs({ segments }: Segments): number {
  return Math.max(0, ...segments.map(({ startMs, plan }) => startMs + lastStartMs(plan)));
}

/** When the burst is over as it was planned, epoch milliseconds. */
export function plannedFinish({ segments }: Segments): {
  readonly atMs: number;
  readonly fromMs: number;
  readonly toMs: number;
} {
  const latest = (of: (segment: Segment) => number) =>
    Math.max(0, ...segments.map((segment) => segment.startMs + of(segment) * 1000));
  return {
    atMs: latest(({ plan }) => plan.predicted.finishSeconds),
    fromMs: latest(({ plan }) => plan.predicted.finishRange.fromSeconds),
    toMs: latest(({ plan }) => plan.predicted.finishRange.toSeconds),
  };
}

/** The most tasks that the plan has running at once. */
export function plannedPeak({ segments }: Segments): number {
  return Math.max(0, ...segments.map(({ plan }) => plan.predicted.peakConcurrency));
}

function startedBy(plan: BurstPlan, elapsedMs: number): number {
  const { starts, count } = plan;
  const sinceFirstMs = elapsedMs - starts.firstMs;
  if (sinceFirstMs < 0) return 0;
  switch (starts.kind) {
    case 'atOnce':
      return count;
    case 'even':
      return starts.spacingMs === 0
        ? count
        : Math.min(count, Math.floor(sinceFirstMs / starts.spacingMs) + 1);
    case 'slots': {
      // Each start depends on how long the tasks before it take, which is kept nowhere: evenly is near enough.
      const spanMs = lastStartMs(plan) - starts.firstMs;
      return spanMs <= 0 ? count : Math.min(count, Math.floor((count * sinceFirstMs) / spanMs) + 1);
    }
    default:
      return assertNever(starts);
  }
}

/** Milliseconds after the hand-over. */
function lastStartMs({ starts, count, predicted, estimate }: BurstPlan): number {
  switch (starts.kind) {
    case 'atOnce':
      return starts.firstMs;
    case 'even':
      return starts.firstMs + Math.max(0, count - 1) * starts.spacingMs;
    case 'slots':
      return Math.max(starts.firstMs, (predicted.finishSeconds - estimate.meanSeconds) * 1000);
    default:
      return assertNever(starts);
  }
}
