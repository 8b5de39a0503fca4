import { createLineSplitter } from '../../../core/burst/lines.ts';
import { createMeasure, type Measured } from '../../../core/burst/measure.ts';
import { INVALID_JSON, readLine } from '../../../core/burst/task.ts';
import { createEstimator, type MeasuredTasks } from '../../../core/spread/estimate.ts';
import { CommandFault, EXIT } from '../exit-codes.ts';
import { number } from '../numbers.ts';

/** Tasks of a file, a line of JSON each. */
export interface TaskFile {
  readonly jsonLines: Uint8Array;
  readonly measured: Measured;
}

/** Lines that are named before it says how many more there are. */
const NAMED = 5;
/** As long as the id that a burst is given which has none. */
const ANY_BURST_ID = 'x'.repeat(36);

/**
 * Reads tasks, and looks at each as the trigger would.
 * @throws {CommandFault} where there are none, or where some could never be sent: before anything is
 */
export function readTaskFile(
  jsonLines: Uint8Array,
  file: string,
  known: { readonly measured?: MeasuredTasks; readonly timeoutSeconds: number },
  burstId = ANY_BURST_ID,
): TaskFile {
  const measure = createMeasure(createEstimator(known.measured, known.timeoutSeconds));
  const bad: string[] = [];
  let [lines, index] = [0, 0];
  for (const text of linesOf(jsonLines)) {
    lines += 1;
    const task = readLine(text, { index, endByte: 0 }, burstId);
    if (task === undefined) continue;
    index += 1;
    measure.add(task);
    if (task.kind === 'task') continue;
    bad.push(`line ${number(lines)} is ${task.code === INVALID_JSON ? 'no JSON' : 'larger than 1 MiB'}`);
  }
  if (bad.length > 0) {
    const more = bad.length > NAMED ? `, and ${number(bad.length - NAMED)} more` : '';
    const named = bad.slice(0, NAMED).join(', ');
    throw new CommandFault(
      EXIT.usage,
      `${file}: ${named}${more} — give a task of JSON on each line; nothing was sent`,
    );
  }
  if (index === 0)
    throw new CommandFault(EXIT.usage, `${file} holds no tasks — give a line of JSON for each`);
  return { jsonLines, measured: measure.measured() };
}

/** Lambda takes 6 MB in a call: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const INLINE_BYTES = 4_000_000;
const INLINE_TASKS = 50_000;

/** The tasks themselves, where they fit into one call of the trigger. */
export function inlineTasks({ jsonLines, measured }: TaskFile): readonly unknown[] | undefined {
  if (jsonLines.byteLength > INLINE_BYTES || measured.total > INLINE_TASKS) return undefined;
  return [...linesOf(jsonLines)].filter((text) => text.trim() !== '').map((text) => JSON.parse(text));
}

function* linesOf(jsonLines: Uint8Array): Generator<string, void> {
  const splitter = createLineSplitter(0);
  for (const { text } of splitter.lines(jsonLines)) yield text;
  for (const { text } of splitter.end()) yield text;
}
