import pLimit from 'p-limit';
import { duration } from '../../../core/verdict/words.ts';
import type { PipelineView } from '../../views/pipelines.ts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { counted } from '../numbers.ts';
import { pipelineIdsOf } from '../pipeline-ids.ts';

const AT_ONCE = 8;

/** `sluice rm <ids...>`. */
export async function run({
  args,
  options,
  terminal,
  openDesk,
}: Call<{ readonly yes?: boolean; readonly json?: boolean }>): Promise<ExitCode> {
  const desk = await openDesk();
  const limit = pLimit(AT_ONCE);
  const ids = await pipelineIdsOf(args, desk);
  const views = await Promise.all(ids.map((id) => limit(() => desk.show(id))));
  for (const view of views) terminal.say(whatHappens(view));
  const question =
    ids.length === 1 ? `Delete the record of ${ids[0]}?` : `Delete the records of ${ids.length} pipelines?`;
  if (!options.yes && !(await terminal.confirm(question))) {
    terminal.say('nothing is deleted');
    return EXIT.notWell;
  }
  await Promise.all(ids.map((id) => limit(() => desk.remove(id))));
  if (options.json)
    terminal.print(JSON.stringify(ids.map((pipelineId) => ({ pipelineId, isRemoved: true }))));
  else
    for (const id of ids) terminal.print(`${id}: its record is deleted, sluice why ${id} tells how it goes`);
  return EXIT.well;
}

/** What becomes of a pipeline's tasks once its record is deleted. */
export function whatHappens({ row, status }: Pick<PipelineView, 'row' | 'status'>): string {
  const { pipelineId, look } = row;
  const wanted = status?.applied?.wanted;
  if (wanted === undefined || look === undefined) return `${pipelineId}: has no queue, nothing is lost`;
  const left = look.waiting + look.running + look.delayed;
  const all = [
    counted(left, 'task'),
    ...(look.deadLetters > 0 ? [counted(look.deadLetters, 'dead letter')] : []),
  ].join(' and ');
  if (wanted.onDelete === 'discard') return `${pipelineId}: ${all} are deleted for good (onDelete: discard)`;
  if (left + look.deadLetters === 0) return `${pipelineId}: its queues are empty, nothing is lost`;
  const letters = look.deadLetters > 0 ? ', and so are its dead letters' : '';
  if (row.isPaused || !status?.applied?.enabled) {
    return `${pipelineId}: ${all}; its consumer rests, so all are kept in the salvage bucket`;
  }
  return `${pipelineId}: ${all}; they go on for up to ${duration(wanted.drainTimeoutSeconds)}, what is left then is kept in the salvage bucket${letters}`;
}
