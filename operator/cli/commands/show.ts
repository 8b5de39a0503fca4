import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { pipelineText } from '../pipeline-text.ts';

interface Options {
  readonly values?: boolean;
  readonly json?: boolean;
}

/** `sluice show <id>`. */
export async function run({ args, options, terminal, openDesk }: Call<Options>): Promise<ExitCode> {
  const [pipelineId = ''] = args;
  const desk = await openDesk();
  const { standing: _standing, ...view } = await desk.show(pipelineId, options.values === true);
  if (options.json) terminal.print(JSON.stringify(view));
  else for (const line of pipelineText(view, terminal.paint)) terminal.print(line);
  return EXIT.well;
}
