import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { counted } from '../numbers.ts';

interface Options {
  readonly deadLetters?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `sluice purge <id>`. */
export async function run({ args, options, terminal, openDesk }: Call<Options>): Promise<ExitCode> {
  const [pipelineId = ''] = args;
  const desk = await openDesk();
  const { look } = (await desk.show(pipelineId)).row;
  const count = options.deadLetters
    ? (look?.deadLetters ?? 0)
    : (look?.waiting ?? 0) + (look?.running ?? 0) + (look?.delayed ?? 0);
  const what = options.deadLetters ? counted(count, 'dead letter') : counted(count, 'task');
  const isMeant = options.yes || (await terminal.confirm(`Delete about ${what} of ${pipelineId} for good?`));
  if (!isMeant) {
    terminal.say('nothing is deleted');
    return EXIT.notWell;
  }
  await desk.purge(pipelineId, options.deadLetters ? 'deadLetters' : 'tasks');
  if (options.json) terminal.print(JSON.stringify({ pipelineId, deleted: count }));
  else terminal.print(`${pipelineId}: about ${what} deleted; SQS takes up to a minute for it`);
  return EXIT.well;
}
