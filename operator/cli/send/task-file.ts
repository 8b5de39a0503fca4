import { createMeasure, type Measured } from '../../../core/burst/measure.ts';
import { badLinesText, inlineTasks, readTaskLines } from '../../../core/burst/task-lines.ts';
import { createEstimator, type MeasuredTasks } from '../../../core/spread/estimate.ts';
import { CommandFault, EXIT } from '../exit-codes.ts';

/** Tasks of a file, a line of JSON each. */
export interface TaskFile {
  readonly jsonLines: Uint8Array;
  readonly measured: Measured;
}

/**
 * Reads tasks, and looks at each as the trigger would.
 * @throws {CommandFault} where there are none, or where some could never be sent: before anything is
 */
export function readTaskFile(
  jsonLines: Uint8Array,
  file: string,
  known: { readonly measured?: MeasuredTasks; readonly timeoutSeconds: number },
  burstId?: string,
): TaskFile {
  const measure = createMeasure(createEstimator(known.measured, known.timeoutSeconds));
  const { tasks, badLines, bad } = readTaskLines(jsonLines, (task) => measure.add(task), burstId);
  if (badLines > 0) {
    throw new CommandFault(
      EXIT.usage,
      `${file}: ${badLinesText({ bad, badLines })} — give a task of JSON on each line; nothing was sent`,
    );
  }
  if (tasks === 0)
    throw new CommandFault(EXIT.usage, `${file} holds no tasks — give a line of JSON for each`);
  return { jsonLines, measured: measure.measured() };
}

/** The tasks themselves, where they fit into one call of the trigger; else they go by S3, as they are. */
export function tasksForCall({ jsonLines }: TaskFile): readonly unknown[] | undefined {
  const inline = inlineTasks(jsonLines);
  return inline.kind === 'inline' ? inline.tasks : undefined;
}
