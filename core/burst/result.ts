import type { EstimateSource } from '../spread/estimate.ts';
import type { BoundBy, BurstPlan, Prediction, SpreadWindow } from '../spread/plan.ts';
import { roundSeconds } from '../spread/rounding.ts';
import { type BurstRecord, isSent, type Refusal } from './record.ts';

/** What became of a burst. Every task is accepted, not accepted, or still to be sent. */
export interface BurstResult {
  readonly burstId: string;
  readonly pipelineId: string;
  /** `sent`: all that will ever be sent are with SQS. `sending`: the rest goes out by itself. */
  readonly state: 'sent' | 'sending';
  /** Tasks as they were handed over. */
  readonly total: number;
  /** SQS has taken them. */
  readonly accepted: number;
  /** Tasks that are not accepted, now or ever: all of them are counted here. */
  readonly notAccepted: number;
  /** The same by their place in the burst, and why; the first {@link FAILURES_NAMED} of very many. */
  readonly failed: readonly Refusal[];
  readonly spread: SpreadWindow;
  readonly predicted: Prediction;
  readonly estimate: { readonly source: EstimateSource; readonly meanSeconds: number };
  /** What keeps the burst from being over sooner, or its peak from being lower. */
  readonly boundBy: BoundBy;
  /** For people: what is special about it. */
  readonly note?: string;
}

/** Answers of Lambda have an end: 6 MB. */
export const FAILURES_NAMED = 10_000;

/** What there is to tell of a burst's sending. */
export interface Told {
  readonly accepted: number;
  readonly notAccepted: number;
  /** In any order, some perhaps twice. */
  readonly refusals: readonly Refusal[];
  readonly note?: string | undefined;
}

/** A burst's answer, from its record and how far it is sent. */
export function burstResult(record: BurstRecord, { note, ...told }: Told): BurstResult {
  const plan = latestPlan(record);
  return {
    burstId: record.burstId,
    pipelineId: record.pipelineId,
    state: isSent(record) ? 'sent' : 'sending',
    total: record.given,
    accepted: told.accepted,
    notAccepted: told.notAccepted,
    failed: byIndex(told.refusals).slice(0, FAILURES_NAMED),
    spread: plan.window,
    predicted: plan.predicted,
    estimate: { source: plan.estimate.source, meanSeconds: roundSeconds(plan.estimate.meanSeconds) },
    boundBy: plan.boundBy,
    ...(note === undefined ? {} : { note }),
  };
}

/** Refusals in the order of their tasks, each once. */
export function byIndex(refusals: readonly Refusal[]): Refusal[] {
  return [...new Map(refusals.map((refusal) => [refusal.index, refusal])).values()].sort(
    (a, b) => a.index - b.index,
  );
}

function latestPlan({ segments, burstId }: BurstRecord): BurstPlan {
  const plan = segments.at(-1)?.plan;
  if (plan === undefined) throw new RangeError(`the burst ${burstId} has no plan`);
  return plan;
}
