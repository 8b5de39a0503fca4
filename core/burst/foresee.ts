import type { Spread } from '../config-record.ts';
import { createEstimator, type MeasuredTasks } from '../spread/estimate.ts';
import type { PipelineBounds, Planned } from '../spread/plan.ts';
import { whyBeyondRetention } from '../spread/retention.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Words } from '../verdict/words.ts';
import { measureCount } from './measure.ts';
import { type Considered, planMeasured } from './plan-measured.ts';

/** What a burst of a pipeline would be planned by, now. Plain JSON: a browser may plan by it, too. */
export interface BurstOutlook {
  readonly pipelineId: string;
  readonly bounds: PipelineBounds;
  /** The record's own, for bursts that say none. */
  readonly spread?: Spread;
  /** What its tasks took of late; absent where nobody knows. */
  readonly measured?: MeasuredTasks;
  /** The longest that a task may take. */
  readonly timeoutSeconds: number;
  readonly messageRetentionSeconds: number;
  /** Its consumer rests: nothing is over until somebody resumes it. */
  readonly isPaused: boolean;
  /** What keeps its tasks from starting now: the prediction counts from when that is over. */
  readonly stopped?: Stopped;
}

/** Why nothing of a pipeline starts, in words. */
export interface Stopped extends Words {
  readonly kind: Verdict['kind'];
}

/** Where in its first gap a burst is taken to begin: in the middle. */
const MIDDLE = () => 0.5;

/**
 * What the trigger would plan if it were given the burst now: by the same planner, from the same facts. Where the burst
 * says no goal, the record's own is its goal.
 */
export function foresee(
  outlook: Pick<BurstOutlook, 'bounds' | 'spread' | 'pipelineId' | 'messageRetentionSeconds'>,
  considered: Considered,
  goal: Spread | undefined = outlook.spread,
): Planned {
  const planned = planMeasured(considered, goal, outlook.bounds, MIDDLE);
  const why = whyBeyondRetention(planned.plan.window, outlook);
  return why === undefined ? planned : { kind: 'impossible', message: why, plan: planned.plan };
}

/** So many tasks that say nothing of themselves. */
export function considerCount(
  total: number,
  { measured, timeoutSeconds }: Pick<BurstOutlook, 'measured' | 'timeoutSeconds'>,
): Considered {
  return measureCount(total, createEstimator(measured, timeoutSeconds));
}
