import type { Estimate } from '../spread/estimate.ts';
import { plannedFinish, plannedPeak } from './due.ts';
import { type Eta, etaOf } from './eta.ts';
import type { BurstRecord, BurstState, BurstTotals, SentMark } from './record.ts';
import { RECENT_SECONDS, type Tally } from './tally.ts';
import { totalsOf } from './totals.ts';

/** What a watcher of a burst sees. Times are epoch milliseconds. */
export interface BurstProgress {
  readonly burstId: string;
  readonly pipelineId: string;
  readonly state: BurstState;
  readonly isCancelled: boolean;
  /** False: nobody notes what becomes of its tasks. */
  readonly isCounted: boolean;
  /** Only the call that was given its tasks has them: what it has not sent can be cancelled, and nothing else. */
  readonly isCallers: boolean;
  /** False: some shards were looked at a while ago, for there are too many to read each time. */
  readonly isWhole: boolean;
  readonly atMs: number;
  /** The hand-over. */
  readonly startMs: number;
  readonly totals: BurstTotals;
  /** Tasks that ended each second, of late. */
  readonly perSecond: number;
  /** What its tasks take, mean; undefined before the first is over. */
  readonly taskSeconds: number | undefined;
  /** What its tasks are taken to take, since it began: what is left of it would be planned anew by that, too. */
  readonly estimate: Estimate | undefined;
  readonly predicted: {
    readonly finishMs: number;
    /** Within which the finish was predicted to be. */
    readonly finishFromMs: number;
    readonly finishToMs: number;
    readonly peakConcurrency: number;
  };
  readonly eta: Eta;
  /** The most that ran at once so far: of tasks that are over, by their stamps, or of those that run now. */
  readonly peakConcurrency: number;
}

/** Of late: a minute, or three tasks' time where that is longer. */
const RECENT_MS = 60_000;
const RECENT_TASKS = 3;

/** @param isWhole whether the tally has seen all shards that may have changed */
export function progressOf(
  record: BurstRecord,
  mark: SentMark,
  tally: Tally,
  isWhole: boolean,
  nowMs: number,
): BurstProgress {
  const { burstId, pipelineId, state, isCancelled, isCounted, source, segments, createdAtMs } = record;
  const isFinal = state === 'Ended' && record.totals !== undefined;
  const totals = isFinal ? record.totals : totalsOf(record, mark, tally.counts());
  const { durations } = tally;
  const taskSeconds = durations.tasks() === 0 ? undefined : durations.meanMs() / 1000;
  const perSecond = state === 'Ended' ? 0 : recentRate(tally, taskSeconds, nowMs);
  const planned = plannedFinish(record);
  const seen = Math.max(tally.timeline.peak(), totals.running);
  return {
    burstId,
    pipelineId,
    state,
    isCancelled,
    isCounted,
    isCallers: source.kind === 'inline',
    isWhole,
    atMs: nowMs,
    startMs: segments[0]?.startMs ?? createdAtMs,
    totals,
    perSecond,
    taskSeconds,
    estimate: segments.at(-1)?.plan.estimate,
    predicted: {
      finishMs: planned.atMs,
      finishFromMs: planned.fromMs,
      finishToMs: planned.toMs,
      peakConcurrency: plannedPeak(record),
    },
    eta: etaOf(record, totals, { perSecond, taskSeconds }, nowMs),
    peakConcurrency: record.peakConcurrency ?? seen,
  };
}

function recentRate({ timeline, endedSince }: Tally, taskSeconds: number | undefined, nowMs: number): number {
  const firstMs = timeline.firstStartMs();
  if (firstMs === undefined || taskSeconds === undefined) return 0;
  const longMs = Math.min(RECENT_SECONDS * 1000, Math.max(RECENT_MS, RECENT_TASKS * taskSeconds * 1000));
  // Before the first could end, there was nothing to count.
  const fromMs = Math.max(nowMs - longMs, firstMs);
  return endedSince(fromMs) / Math.max(1, (nowMs - fromMs) / 1000);
}
