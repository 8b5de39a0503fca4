import type { StageDriver } from '../stage-driver.ts';
import { measure } from './measure.ts';
import { LIMITS, TASK_SECONDS } from './sequence.ts';
import { readStamps, stampsOf } from './two-lanes.ts';

/** What an edit in the middle of work did. */
export interface EditResult {
  readonly tasks: number;
  readonly done: number;
  readonly limitBefore: number;
  readonly limitAfter: number;
  /** Most tasks at one moment, before the edit and after it was `Active`. */
  readonly peakBefore: number;
  readonly peakAfter: number;
  readonly secondsToActive: number;
}

const EDIT_TASKS = 40;
const EDIT_AFTER_SECONDS = 4;
const NEW_LIMIT = 4;

/** Doubles A's limit while it works, and counts its tasks before and after. */
export async function changeLimit(stage: StageDriver): Promise<EditResult> {
  const sentAtMs = Date.now();
  await stage.send({ pipelineId: 'A', tasks: groupTasks('A', EDIT_TASKS) });
  await stage.until('A', () => Date.now() > sentAtMs + EDIT_AFTER_SECONDS * 1000);
  const editedAtMs = Date.now();
  await stage.putConfigRecord({ pipelineId: 'A', concurrency: NEW_LIMIT });
  await stage.until(
    'A',
    ({ phase, applied }) => phase === 'Active' && applied?.wanted.concurrency === NEW_LIMIT,
  );
  const activeAtMs = Date.now();

  const stamps = await stampsOf(stage, ['A'], sentAtMs, EDIT_TASKS);
  const before = stamps.filter((stamp) => stamp.startedAtMs < editedAtMs);
  const after = stamps.filter((stamp) => stamp.startedAtMs >= activeAtMs);
  return {
    tasks: EDIT_TASKS,
    done: stamps.length,
    limitBefore: LIMITS.A,
    limitAfter: NEW_LIMIT,
    peakBefore: measure(before, LIMITS.A, sentAtMs).peak,
    peakAfter: measure(after, NEW_LIMIT, sentAtMs).peak,
    secondsToActive: (activeAtMs - editedAtMs) / 1000,
  };
}

/** What a deletion in the middle of work did. */
export interface DeletionResult {
  readonly tasks: number;
  readonly waitingWhenDeleted: number;
  readonly done: number;
  readonly salvaged: number;
  readonly phases: readonly string[];
  readonly secondsToDeleted: number;
}

const DELETE_TASKS = 12;

/** Deletes B's record while it has tasks, and watches it drain and go. */
export async function deleteWithTasks(stage: StageDriver): Promise<DeletionResult> {
  const sentAtMs = Date.now();
  await stage.send({ pipelineId: 'B', tasks: groupTasks('B', DELETE_TASKS) });
  const doneBefore = (await readStamps(stage, ['B'], sentAtMs)).length;
  const deletedAtMs = Date.now();
  await stage.deleteConfigRecord('B');
  const phases: string[] = [];
  const gone = await stage.until(
    'B',
    ({ phase }) => {
      if (phases.at(-1) !== phase) phases.push(phase);
      return phase === 'Deleted';
    },
    120,
  );
  const secondsToDeleted = (Date.now() - deletedAtMs) / 1000;
  const done = (await readStamps(stage, ['B'], sentAtMs)).length;
  return {
    tasks: DELETE_TASKS,
    waitingWhenDeleted: DELETE_TASKS - doneBefore,
    done,
    salvaged: gone.salvage?.count ?? 0,
    phases,
    secondsToDeleted,
  };
}

function groupTasks(group: 'A' | 'B', count: number) {
  return Array.from({ length: count }, (_, index) => ({
    group,
    document: index + 1,
    processingSeconds: TASK_SECONDS,
  }));
}
