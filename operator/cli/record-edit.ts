import { DeskFault, type PipelineDesk } from '../views/desk.ts';
import type { RecordCheck } from '../views/pipelines.ts';
import { atEach, faultJson, isLeaving, tellFailed } from './at-each.ts';
import { changeLines } from './changes-text.ts';
import type { Call } from './command.ts';
import type { ExitCode } from './exit-codes.ts';
import { recordIdsOf } from './pipeline-ids.ts';

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
  const { ids, leaving } = await recordIdsOf(words, desk);
  for (const id of leaving) terminal.say(`${id}: drains already, left out`);
  const edited = await atEach(ids, (id) => editOne(id, desk, edit));
  if (options.json) {
    terminal.print(
      JSON.stringify(
        edited.map((one) =>
          one.kind === 'failed' ? faultJson(one) : { pipelineId: one.pipelineId, changes: one.value.changes },
        ),
      ),
    );
    return tellFailed(edited, terminal);
  }
  for (const one of edited) {
    if (one.kind === 'failed') continue;
    const { pipelineId, value } = one;
    if (value.changes.length === 0) terminal.print(`${pipelineId}: is so already`);
    else terminal.print([`${pipelineId}:`, ...changeLines(value.changes, terminal.paint)].join('\n'));
  }
  return tellFailed(edited, terminal);
}

async function editOne(
  pipelineId: string,
  desk: PipelineDesk,
  edit: (desk: PipelineDesk, pipelineId: string) => Promise<RecordCheck>,
): Promise<RecordCheck> {
  try {
    return await edit(desk, pipelineId);
  } catch (error) {
    const isGone = error instanceof DeskFault && error.code === 'Unknown';
    if (!isGone || !(await isLeaving(pipelineId, desk))) throw error;
    throw new DeskFault(
      'NotPossible',
      `${pipelineId} drains already: its record is deleted — sluice put its record again to keep it`,
    );
  }
}
