import { SQS_RETENTION_MAX_SECONDS } from '../../../../core/aws-limits.ts';
import { type BurstOutlook, foresee } from '../../../../core/burst/foresee.ts';
import type { Spread } from '../../../../core/config-record/spread.ts';
import { type CurvePoint, predictedCurve } from '../../../../core/spread/curve.ts';
import {
  createEstimator,
  type Estimate,
  type MeasuredTasks,
  type Said,
} from '../../../../core/spread/estimate.ts';
import type { BoundBy, BurstPlan, Planned } from '../../../../core/spread/plan.ts';
import { duration } from '../../../../core/verdict/amounts.ts';

/** A burst as it is tried out. */
export interface Trial {
  readonly count: number;
  /** Absent: the record's own spread, or none. */
  readonly goal: Spread | undefined;
  /** Of those that say nothing of themselves. */
  readonly taskSeconds: number;
  /** What each task says of itself; absent for tasks that say nothing. */
  readonly said?: readonly Said[];
  readonly outlook: Omit<BurstOutlook, 'isPaused'>;
}

/** What is planned by as long as no pipeline is chosen. */
export const NO_OUTLOOK: Trial['outlook'] = {
  pipelineId: '',
  bounds: { concurrency: 10, rateLimits: [], backlog: 0 },
  timeoutSeconds: 900,
  messageRetentionSeconds: SQS_RETENTION_MAX_SECONDS,
};

export interface Tried {
  readonly plan: BurstPlan;
  readonly curve: readonly CurvePoint[];
  /** Why the goal cannot be reached, and what comes nearest. */
  readonly impossible?: string;
}

/** Of tasks that nobody has measured, one in twenty takes three times the mean. */
const P95_OF_MEAN = 3;

/** What the trigger would plan, by the same planner. */
export function tryOut({ count, goal, taskSeconds, said, outlook }: Trial): Tried {
  const { measured, timeoutSeconds } = outlook;
  const unevenness = measured ? measured.p95Seconds / measured.meanSeconds : P95_OF_MEAN;
  const meanSeconds = Math.min(taskSeconds, timeoutSeconds);
  const p95Seconds = Math.min(timeoutSeconds, meanSeconds * Math.max(1, unevenness));
  const known: MeasuredTasks = { ...measured, meanSeconds, p95Seconds };
  const estimator = createEstimator(known, timeoutSeconds);
  const durationsSeconds = said && Float64Array.from(said, (one) => estimator.add(one));
  const considered = {
    total: count,
    refused: 0,
    estimate: estimator.estimate(),
    ...(durationsSeconds && { durationsSeconds }),
  };
  return triedOf(foresee(outlook, considered, goal));
}

function triedOf(planned: Planned): Tried {
  const curve = predictedCurve(planned.plan);
  return planned.kind === 'impossible'
    ? { plan: planned.plan, curve, impossible: planned.message }
    : { plan: planned.plan, curve };
}

interface RestTrial extends Pick<Trial, 'count' | 'goal' | 'outlook'> {
  /** By which the burst has been planned. */
  readonly estimate: Estimate;
}

/**
 * What the burst function would plan of what is left of a burst: by what was known when it began, and without a goal by
 * none of the record's.
 */
export function tryRest({ count, goal, estimate, outlook }: RestTrial): Tried {
  const { spread: _ofRecord, ...bounds } = outlook;
  return triedOf(foresee(bounds, { total: count, refused: 0, estimate }, goal));
}

export type Way = 'none' | 'window' | 'peak' | 'finish';

/** Where the sliders of the four ways stand. */
export interface Sliders {
  readonly way: Way;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  readonly maxConcurrency: number;
  readonly finishWithinSeconds: number;
}

export const FIRST_SLIDERS: Sliders = {
  way: 'window',
  minSeconds: 0,
  maxSeconds: 120,
  maxConcurrency: 5,
  finishWithinSeconds: 300,
};

export function goalOf({
  way,
  minSeconds,
  maxSeconds,
  maxConcurrency,
  finishWithinSeconds,
}: Sliders): Spread | undefined {
  switch (way) {
    case 'none':
      return undefined;
    case 'window':
      return { minSeconds: Math.min(minSeconds, maxSeconds), maxSeconds };
    case 'peak':
      return { maxConcurrency };
    case 'finish':
      return { finishWithinSeconds };
  }
}

const BOUND: Readonly<Record<BoundBy, string>> = {
  goal: 'the spread itself',
  concurrency: 'the pipeline’s concurrency',
  rateLimit: 'the pipeline’s rate limit',
  backlog: 'the tasks before it',
  tasks: 'nothing but its tasks’ own time',
};

export function boundText(boundBy: BoundBy): string {
  return BOUND[boundBy];
}

/** Sliders go over several orders of magnitude: as many steps from 1 to 10 as from 1,000 to 10,000. */
export const SLIDER_STEPS = 200;

export function fromSlider(step: number, least: number, most: number): number {
  if (step >= SLIDER_STEPS) return most;
  const value = least * (most / least) ** (step / SLIDER_STEPS);
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.min(
    most,
    Math.max(least, value < 10 ? Math.round(value * 10) / 10 : Math.round(value / digits) * digits),
  );
}

export function toSlider(value: number, least: number, most: number): number {
  return Math.round((Math.log(Math.max(least, value) / least) / Math.log(most / least)) * SLIDER_STEPS);
}

export function finishText({ finishSeconds, finishRange }: BurstPlan['predicted']): string {
  const { fromSeconds, toSeconds } = finishRange;
  if (toSeconds - fromSeconds < 1) return duration(finishSeconds);
  return `${duration(finishSeconds)} (${duration(fromSeconds)} to ${duration(toSeconds)})`;
}
