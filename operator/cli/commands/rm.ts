import { endingWords } from '../../../core/lifecycle/what-happens-words.ts';
import type { Desk } from '../../views/desk.ts';
import type { PipelineView } from '../../views/pipelines.ts';
import { atEach, type Each, faultJson, tellFailed } from '../at-each.ts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { recordIdsOf } from '../pipeline-ids.ts';

/** `sluice rm <ids...>`. */
export async function run({
  args,
  options,
  terminal,
  openDesk,
}: Call<{ readonly yes?: boolean; readonly json?: boolean }>): Promise<ExitCode> {
  const desk = await openDesk();
  const { ids, leaving } = await recordIdsOf(args, desk);
  for (const id of leaving) terminal.say(`${id}: drains already, left out`);
  const looks = await atEach(ids, (id) => desk.show(id));
  for (const look of looks) if (look.kind === 'done') terminal.say(whatHappens(look.value));
  const chosen = looks.filter((look) => look.kind === 'done' && !look.value.row.isLeaving);
  const [first] = chosen;
  if (first !== undefined) {
    const question =
      chosen.length === 1
        ? `Delete the record of ${first.pipelineId}?`
        : `Delete the records of ${chosen.length} pipelines?`;
    if (!options.yes && !(await terminal.confirm(question))) {
      terminal.say('nothing is deleted');
      return EXIT.notWell;
    }
  }
  const removals = await removeEach(looks, desk);
  if (options.json) terminal.print(JSON.stringify(removals.map(removalJson)));
  else for (const one of removals) if (one.kind === 'done') terminal.print(removalLine(one));
  return tellFailed(removals, terminal);
}

type Removal = Each<'removed' | 'leaving'>;

/** Only those that were looked at: nobody has been told what becomes of others. */
async function removeEach(looks: readonly Each<PipelineView>[], desk: Desk): Promise<readonly Removal[]> {
  const known = new Map(looks.map((look) => [look.pipelineId, look]));
  return atEach([...known.keys()], async (id) => {
    const look = known.get(id);
    if (look?.kind !== 'done') throw look?.error;
    if (look.value.row.isLeaving) return 'leaving';
    await desk.remove(id);
    return 'removed';
  });
}

function removalJson(one: Removal) {
  const { pipelineId } = one;
  if (one.kind === 'failed') return { ...faultJson(one), isRemoved: false };
  return one.value === 'removed'
    ? { pipelineId, isRemoved: true }
    : { pipelineId, isRemoved: false, isLeaving: true };
}

function removalLine({ pipelineId, value }: Removal & { readonly kind: 'done' }): string {
  const said = value === 'removed' ? 'its record is deleted' : 'drains already, its record is deleted';
  return `${pipelineId}: ${said}, sluice why ${pipelineId} tells how it goes`;
}

/** What becomes of a pipeline's tasks once its record is deleted. */
export function whatHappens({ row, ending }: Pick<PipelineView, 'row' | 'ending'>): string {
  if (ending === undefined) return `${row.pipelineId}: what becomes of its tasks is not known`;
  const { tasks, letters, note } = endingWords(ending);
  return `${row.pipelineId}: ${[tasks, letters, note].filter((one) => one !== undefined).join('; ')}`;
}
