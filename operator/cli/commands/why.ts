import pLimit from 'p-limit';
import type { Remedy } from '../../../core/verdict/verdict.ts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { pipelineIdsOf } from '../pipeline-ids.ts';
import { oneLine } from '../table.ts';
import { VERDICT_STYLES } from '../verdict-style.ts';

const AT_ONCE = 8;

/** `sluice why <ids...>`: each in a line, and what would change it in a second one. */
export async function run({
  args,
  options,
  terminal,
  openDesk,
}: Call<{ readonly json?: boolean }>): Promise<ExitCode> {
  const desk = await openDesk();
  const limit = pLimit(AT_ONCE);
  const ids = await pipelineIdsOf(args, desk);
  const rows = await Promise.all(ids.map((id) => limit(async () => (await desk.show(id)).row)));
  if (options.json) {
    const answers = rows.map(({ pipelineId, verdict, says, remedy }) => ({
      pipelineId,
      verdict,
      says,
      ...(remedy && { remedy }),
    }));
    terminal.print(JSON.stringify(answers));
    return EXIT.well;
  }
  for (const { pipelineId, verdict, says, remedy } of rows) {
    terminal.print(
      `${terminal.paint('bold', pipelineId)}: ${terminal.paint(VERDICT_STYLES[verdict.kind], oneLine(says))}`,
    );
    if (remedy !== undefined) terminal.print(`  ${remedyLine(remedy)}`);
  }
  return EXIT.well;
}

export function remedyLine({ field, action }: Remedy): string {
  return `what would change it: ${action}${field === undefined ? '' : ` (${field} in its record)`}`;
}
