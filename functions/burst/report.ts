import type { Ports } from '../../aws/ports.ts';
import { plannedFinish } from '../../core/burst/due.ts';
import { partsIdOf } from '../../core/burst/place.ts';
import {
  type BurstRecord,
  type BurstState,
  type BurstTotals,
  isSent,
  type Refusal,
  type SentMark,
} from '../../core/burst/record.ts';
import { totalsOf } from '../../core/burst/totals.ts';
import type { BurstPlan } from '../../core/spread/plan.ts';
import { sumUp } from '../burst-listener/sum-up.ts';

/** What people are told of a burst. */
export interface BurstStatus {
  readonly burstId: string;
  readonly pipelineId: string;
  readonly state: BurstState;
  readonly isCancelled: boolean;
  /** Tasks as they were handed over. */
  readonly given: number;
  /** Of them, those that are not with SQS: still to be sent, or never, where it is cancelled. */
  readonly unsent: number;
  /** What came of it so far, as it is counted. */
  readonly totals: BurstTotals;
  /** The first ones that SQS never took, and why. */
  readonly refusals: readonly Refusal[];
  /** By which what is left, or the last of it, is sent. */
  readonly plan: Pick<BurstPlan, 'count' | 'window' | 'predicted' | 'boundBy'>;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** When it is planned to be over. */
  readonly finishAt: string;
  readonly endedAt?: string;
  /** For people. */
  readonly message: string;
}

/** Of larger bursts only the reconciler sums up what became of the tasks. */
const SUMMED_UP_MOST = 1_000_000;

/** @param message what the caller's wish came to, if it was one */
export async function reportOn(record: BurstRecord, ports: Ports, message?: string): Promise<BurstStatus> {
  const { burstId, pipelineId, state, isCancelled, given, refusals, segments } = record;
  const { mark, totals } = await readProgress(record, ports);
  const { count, window, predicted, boundBy } = (segments.at(-1) as (typeof segments)[number]).plan;
  return {
    burstId,
    pipelineId,
    state,
    isCancelled,
    given,
    unsent: given - (isSent(record) ? record.total : mark.fromIndex),
    totals,
    refusals,
    plan: { count, window, predicted, boundBy },
    createdAt: isoOf(record.createdAtMs),
    updatedAt: isoOf(record.updatedAtMs),
    finishAt: isoOf(plannedFinish(record).atMs),
    ...(record.endedAtMs === undefined ? {} : { endedAt: isoOf(record.endedAtMs) }),
    message: message ?? messageOf(record),
  };
}

interface Progress {
  readonly mark: SentMark;
  readonly totals: BurstTotals;
}

async function readProgress(record: BurstRecord, ports: Ports): Promise<Progress> {
  const { totals, state, total } = record;
  if (totals !== undefined && (state === 'Ended' || total > SUMMED_UP_MOST)) {
    return { mark: await ports.bursts.readSent(partsIdOf(record)), totals };
  }
  const { mark, tally } = await sumUp(record, ports);
  return { mark, totals: totalsOf(record, mark, tally.counts()) };
}

function messageOf({ state, isCancelled, replan, because, stuckSinceMs }: BurstRecord): string {
  const cancelled = isCancelled ? 'it is cancelled, and ' : '';
  switch (state) {
    case 'Ended':
      return `${cancelled}it is over`;
    case 'Sent':
      return `${cancelled}all that will be sent is with SQS${because === undefined ? '' : `: ${because}`}`;
    case 'Paused':
      return `nothing more of it is sent until it is resumed: ${because ?? 'paused by hand'}`;
    case 'Sending':
      if (isCancelled) return 'it is cancelled: the round under way is the last';
      if (stuckSinceMs !== undefined)
        return `it is tried again, and soon paused where that is in vain: ${because}`;
      return replan === undefined ? 'it is being sent' : 'what is left of it is about to be planned anew';
  }
}

function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
