import { createEstimator, type Estimate, type Estimator } from '../spread/estimate.ts';
import type { BurstRecord, Refusal } from './record.ts';
import { FAILURES_NAMED } from './result.ts';
import type { ReadTask } from './task.ts';

/** A burst as it was read once, before anything is sent. */
export interface Measured {
  /** Tasks, refused ones as well. */
  readonly total: number;
  readonly refused: number;
  /** The first {@link FAILURES_NAMED} of them. */
  readonly refusals: readonly Refusal[];
  readonly estimate: Estimate;
  /** What each task is taken to run, in their order, where they are not too many: of those that can be sent. */
  readonly durationsSeconds?: Float64Array;
}

/** Takes tasks to run as they were taken to when the burst was planned: whoever goes on comes to the same times. */
export function estimatorOf({ known }: Pick<BurstRecord, 'known'>): Estimator {
  return createEstimator(known?.measured, known?.timeoutSeconds ?? Number.POSITIVE_INFINITY);
}

/** So many tasks that say nothing of themselves: there are no durations of each. */
export function measureCount(total: number, estimator: Estimator): Measured {
  return { total, refused: 0, refusals: [], estimate: estimator.estimate() };
}

/** Durations of more tasks are not kept. */
const DURATIONS_KEPT = 200_000;

/** Adds up a burst task by task, in constant memory. */
export interface Measure {
  add(task: ReadTask): void;
  measured(): Measured;
}

export function createMeasure(estimator: Estimator): Measure {
  const refusals: Refusal[] = [];
  let total = 0;
  let refused = 0;
  let durations: number[] | undefined = [];
  return {
    add(task) {
      total += 1;
      if (task.kind === 'task') {
        const seconds = estimator.add(task.said);
        durations?.push(seconds);
        if ((durations?.length ?? 0) > DURATIONS_KEPT) durations = undefined;
        return;
      }
      refused += 1;
      if (refusals.length < FAILURES_NAMED) refusals.push({ index: task.index, code: task.code });
    },
    measured: () => ({
      total,
      refused,
      refusals,
      estimate: estimator.estimate(),
      ...(durations && { durationsSeconds: Float64Array.from(durations) }),
    }),
  };
}
