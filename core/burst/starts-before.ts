import { createEstimator, type Said } from '../spread/estimate.ts';
import { createStarts, type StartsState } from '../spread/starts.ts';
import { type BurstRecord, type SentMark, segmentOf } from './record.ts';
import type { ReadTask } from './task.ts';

type Planned = Pick<BurstRecord, 'segments' | 'known'>;

/** The mark is written with every few calls: what would make it several write units is not kept there. */
const MOST_KEPT = 100;

/** The part of the starts' state that the mark keeps. */
export function keptStarts(state: StartsState): StartsState | undefined {
  return (state.freeMs?.length ?? 0) <= MOST_KEPT ? state : undefined;
}

/** Whether what the mark does not say must be found by going through the tasks before it. */
export function mustFindStarts(record: Planned, { fromIndex, starts }: SentMark): boolean {
  const segment = segmentOf(record, fromIndex);
  return segment.plan.starts.kind === 'slots' && fromIndex > segment.fromIndex && starts === undefined;
}

/** Goes through the tasks before one of them, from the first. */
export interface StartsBefore {
  add(task: ReadTask): void;
  state(): StartsState;
}

export function createStartsBefore(record: Planned, index: number): StartsBefore {
  const segment = segmentOf(record, index);
  const seconds = secondsOf(record);
  const starts = createStarts(segment.plan.starts);
  return {
    add(task) {
      if (task.kind === 'task' && task.index >= segment.fromIndex) starts.next(seconds(task.said));
    },
    state: () => starts.state(),
  };
}

/** What tasks are taken to run, as they were when the burst was planned. */
export function secondsOf({ known }: Pick<BurstRecord, 'known'>): (said: Said) => number {
  const estimator = createEstimator(known?.measured, known?.timeoutSeconds ?? Number.POSITIVE_INFINITY);
  return (said) => estimator.add(said);
}
