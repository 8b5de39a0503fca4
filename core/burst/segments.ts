import { assertNever } from '../assert-never.ts';
import type { BurstPlan, StartRule } from '../spread/plan.ts';
import { roundPrediction } from '../spread/rounding.ts';
import type { BurstRecord, Segment, SentMark } from './record.ts';

/** A plan as a burst's record keeps it. */
export function newSegment(fromIndex: number, startMs: number, plan: BurstPlan): Segment {
  return { fromIndex, startMs, plan: { ...plan, predicted: roundPrediction(plan.predicted) } };
}

/**
 * The burst with another plan for all that is not sent. What was sent keeps the plan by which it was.
 * @param mark between two rounds: no task of the next one is sent
 */
export function withPlan(
  record: BurstRecord,
  { fromIndex }: SentMark,
  plan: BurstPlan,
  nowMs: number,
): BurstRecord {
  const { replan: _done, ...rest } = record;
  return { ...rest, segments: [...segmentsUpTo(record, fromIndex), newSegment(fromIndex, nowMs, plan)] };
}

/** The burst with nothing more to be sent: it counts what was. The same mark. */
export function cancelled(record: BurstRecord, { fromIndex }: SentMark, nowMs: number): BurstRecord {
  const { replan: _none, sending: _over, ...rest } = record;
  const sent = segmentsUpTo(record, fromIndex);
  return {
    ...rest,
    state: 'Sent',
    isCancelled: true,
    total: fromIndex,
    // One there always is.
    segments: sent.length > 0 ? sent : record.segments.slice(0, 1).map((segment) => cutShort(segment, 0)),
    sentAtMs: nowMs,
  };
}

/** What segments say of the tasks before an index. */
function segmentsUpTo({ segments }: Pick<BurstRecord, 'segments'>, index: number): readonly Segment[] {
  return segments
    .filter(({ fromIndex }) => fromIndex < index)
    .map((segment, at) => {
      const end = Math.min(index, segments[at + 1]?.fromIndex ?? index);
      return end - segment.fromIndex >= segment.plan.count ? segment : cutShort(segment, end);
    });
}

/** A segment of fewer tasks: it is over sooner. */
function cutShort(segment: Segment, end: number): Segment {
  const { plan } = segment;
  const count = end - segment.fromIndex;
  const firstSeconds = plan.starts.firstMs / 1000;
  const least = count === 0 ? 0 : plan.estimate.meanSeconds;
  const shorter = (seconds: number) => partOf(seconds, firstSeconds, plan, count, least);
  const { finishSeconds, finishRange, peakConcurrency, waitSeconds } = plan.predicted;
  const predicted = {
    peakConcurrency: Math.min(peakConcurrency, count),
    finishSeconds: shorter(finishSeconds),
    finishRange: { fromSeconds: shorter(finishRange.fromSeconds), toSeconds: shorter(finishRange.toSeconds) },
    waitSeconds,
  };
  return newSegment(segment.fromIndex, segment.startMs, { ...plan, count, predicted });
}

/** When so many of a plan's tasks are over: their share of the time after the first start, and its last task's. */
function partOf(
  seconds: number,
  firstSeconds: number,
  plan: Pick<BurstPlan, 'count'>,
  count: number,
  leastSeconds: number,
): number {
  if (count === 0) return 0;
  const share = Math.min(1, count / plan.count);
  return firstSeconds + Math.max(leastSeconds, (seconds - firstSeconds) * share);
}

/**
 * The plan of the tasks that are left, at the same pace, from now on.
 * @param sent tasks of the segment before them
 * @param left how many they are
 */
export function restOfPlan(plan: BurstPlan, sent: number, left: number): BurstPlan {
  if (sent === 0) return plan;
  const starts = restOfStarts(plan.starts);
  const firstSeconds = plan.starts.firstMs / 1000;
  const part = (seconds: number, leastSeconds: number) =>
    Math.max(
      0,
      partOf(seconds, firstSeconds, plan, left, leastSeconds) - firstSeconds + starts.firstMs / 1000,
    );
  const { finishRange, finishSeconds, peakConcurrency, waitSeconds } = plan.predicted;
  const mean = plan.estimate.meanSeconds;
  // The longest tasks may be among those that are left: in slots they start no later than they would have, that is all.
  const lastSeconds =
    starts.kind === 'slots'
      ? Math.max(0, plan.window.maxSeconds - firstSeconds)
      : part(plan.window.maxSeconds, 0);
  return {
    ...plan,
    count: left,
    starts,
    window: { minSeconds: 0, maxSeconds: Math.ceil(lastSeconds) },
    predicted: {
      peakConcurrency: Math.min(peakConcurrency, left),
      finishSeconds: part(finishSeconds, mean),
      finishRange: {
        fromSeconds: part(finishRange.fromSeconds, mean),
        toSeconds: part(finishRange.toSeconds, mean),
      },
      waitSeconds,
    },
  };
}

function restOfStarts(starts: StartRule): StartRule {
  switch (starts.kind) {
    case 'atOnce':
    case 'slots':
      return { ...starts, firstMs: 0 };
    case 'even':
      // Somewhere in the first gap, as it was.
      return { ...starts, firstMs: starts.spacingMs === 0 ? 0 : starts.firstMs % starts.spacingMs };
    default:
      return assertNever(starts);
  }
}
