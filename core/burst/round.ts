import { SQS_MAX_DELAY_SECONDS } from '../aws-limits.ts';
import { ANY_DELAY, type DelayBounds, endsRound, ROUND_TASKS, type RoundTask } from '../spread/phases.ts';
import type { SpreadWindow } from '../spread/plan.ts';
import { createStarts, type Starts, type StartsState } from '../spread/starts.ts';
import { readStarts } from './kept-starts.ts';
import { estimatorOf } from './measure.ts';
import { type BurstRecord, type Refusal, type Segment, type SentMark, segmentOf } from './record.ts';
import type { ReadTask } from './task.ts';

/** A task of a round, about to be sent. */
export interface DueTask extends RoundTask {
  readonly body: string;
}

/** What is sent and noted together: tasks that follow each other. */
export interface Round {
  readonly segment: Segment;
  readonly fromIndex: number;
  /** Of the next round. */
  readonly nextIndex: number;
  readonly nextByte: number;
  readonly nextStarts: StartsState;
  readonly tasks: readonly DueTask[];
  /** Tasks that are not sent, for what they are. */
  readonly refused: readonly Refusal[];
}

/** Puts the tasks of a burst into rounds: the same ones always into the same rounds, wherever it begins with one. */
export interface RoundMaker {
  /** @returns the round that is full without this task */
  add(task: ReadTask): Round | undefined;
  /** The last round; undefined where nothing is left. */
  end(): Round | undefined;
}

/** What is collected of a round. */
interface Open {
  readonly segment: Segment;
  readonly fromIndex: number;
  readonly fromStarts: StartsState;
  readonly seconds: number[];
  readonly tasks: DueTask[];
  readonly refused: Refusal[];
  bytes: number;
  nextIndex: number;
  nextByte: number;
}

/** @param mark where to begin */
export function createRounds(
  record: Pick<BurstRecord, 'segments' | 'known'>,
  mark: Pick<SentMark, 'fromIndex' | 'fromByte' | 'starts'>,
): RoundMaker {
  const estimator = estimatorOf(record);
  const known = mark.starts && readStarts(mark.starts);
  const begin = (fromIndex: number, nextByte: number, before: Open | undefined): Open => {
    const segment = segmentOf(record, fromIndex);
    const fromStarts = startsAt(segment, fromIndex, before === undefined ? known : startsAfter(before));
    const empty = { seconds: [], tasks: [], refused: [], bytes: 0 };
    return { ...empty, segment, fromIndex, fromStarts, nextIndex: fromIndex, nextByte };
  };
  let open = begin(mark.fromIndex, mark.fromByte, undefined);
  let starts = startsOf(open);

  const isFull = (task: ReadTask, dueMs: number) => {
    if (open.refused.length >= ROUND_TASKS) return true;
    if (task.kind === 'refused') return false;
    const size = { tasks: open.tasks.length, bytes: open.bytes, firstDueMs: open.tasks[0]?.dueMs ?? 0 };
    return endsRound(size, { dueMs, bytes: task.bytes });
  };
  const close = (): Round => {
    const full = open;
    open = begin(full.nextIndex, full.nextByte, full);
    return roundOf(full);
  };

  return {
    add(task) {
      let full: Round | undefined;
      if (open.nextIndex > open.fromIndex && segmentOf(record, task.index) !== open.segment) {
        full = close();
        starts = startsOf(open);
      }
      const taskSeconds = task.kind === 'task' ? estimator.add(task.said) : 0;
      const dueMs = task.kind === 'task' ? starts.next(taskSeconds) : 0;
      if (full === undefined && isFull(task, dueMs)) full = close();
      if (task.kind === 'task') {
        open.tasks.push({ index: task.index, dueMs, bytes: task.bytes, body: task.body });
        open.seconds.push(taskSeconds);
        open.bytes += task.bytes;
      } else {
        open.refused.push({ index: task.index, code: task.code });
      }
      open.nextIndex = task.index + 1;
      open.nextByte = task.endByte;
      return full;
    },
    end: () => (open.nextIndex > open.fromIndex ? roundOf(open) : undefined),
  };
}

/** The delays that tasks of a plan may be sent with. A window beyond what SQS holds back goes out in slices. */
export function boundsOf({ minSeconds, maxSeconds }: SpreadWindow): DelayBounds {
  return maxSeconds > SQS_MAX_DELAY_SECONDS
    ? ANY_DELAY
    : { minSeconds: Math.floor(minSeconds), maxSeconds: Math.ceil(maxSeconds) };
}

/** Every segment begins its starts anew. */
function startsAt(segment: Segment, index: number, known: StartsState | undefined): StartsState {
  return index === segment.fromIndex ? { told: 0 } : (known ?? { told: index - segment.fromIndex });
}

function startsOf({ segment, fromStarts }: Open): Starts {
  return createStarts(segment.plan.starts, fromStarts);
}

/** Reckoned only once a round is full: the state of many slots is too much to keep for each task. */
function startsAfter(round: Open): StartsState {
  const starts = startsOf(round);
  for (const seconds of round.seconds) starts.next(seconds);
  return starts.state();
}

function roundOf(open: Open): Round {
  const { segment, fromIndex, nextIndex, nextByte, tasks, refused } = open;
  return { segment, fromIndex, nextIndex, nextByte, nextStarts: startsAfter(open), tasks, refused };
}
