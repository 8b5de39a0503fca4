import pLimit from 'p-limit';
import type { PipelineDesk } from '../views/desk.ts';
import type { RecordCheck } from '../views/pipelines.ts';
import { changeLines } from './changes-text.ts';
import type { Call } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { pipelineIdsOf } from './pipeline-ids.ts';

const AT_ONCE = 8;

/** Makes the same edit to the records of all pipelines that words stand for, and says what has changed. */
export async function editRecords(
  {
    options,
    terminal,
    openDesk,
  }: Pick<Call<{ readonly json?: boolean }>, 'options' | 'terminal' | 'openDesk'>,
  words: readonly string[],
  edit: (desk: PipelineDesk, pipelineId: string) => Promise<RecordCheck>,
): Promise<ExitCode> {
  const desk = await openDesk();
  const limit = pLimit(AT_ONCE);
  const ids = await pipelineIdsOf(words, desk);
  const edited = await Promise.all(
    ids.map((pipelineId) =>
      limit(async () => ({ pipelineId, changes: (await edit(desk, pipelineId)).changes })),
    ),
  );
  if (options.json) terminal.print(JSON.stringify(edited));
  else {
    for (const { pipelineId, changes } of edited) {
      if (changes.length === 0) terminal.print(`${pipelineId}: is so already`);
      else terminal.print([`${pipelineId}:`, ...changeLines(changes, terminal.paint)].join('\n'));
    }
  }
  return EXIT.well;
}
