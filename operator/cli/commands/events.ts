import type { StageEvent } from '../../views/pipelines.ts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { followLines } from '../logs/follow-lines.ts';
import { oneLine } from '../table.ts';

interface Options {
  readonly since?: number;
  readonly follow?: boolean;
  readonly json?: boolean;
}

const SINCE_SECONDS = 3_600;

/** `sluice events [id]`: what the system did, and why, the oldest first. */
export async function run({ args, options, terminal, signal, openDesk }: Call<Options>): Promise<ExitCode> {
  const [pipelineId] = args;
  const desk = await openDesk();
  const sinceMs = Date.now() - (options.since ?? SINCE_SECONDS) * 1000;
  let shown = 0;
  const show = (event: StageEvent) => {
    shown += 1;
    if (options.json) terminal.print(JSON.stringify(event));
    else {
      const { paint } = terminal;
      const at = new Date(event.atMs).toISOString().slice(11, 23);
      const whose = event.pipelineId === undefined ? '' : `${paint('bold', event.pipelineId)}  `;
      terminal.print(`${paint('dim', at)} ${whose}${oneLine(event.says)}`);
    }
  };
  const read = async (fromMs: number) => (await desk.events(fromMs, pipelineId)).toReversed();
  await followLines(read, show, sinceMs, options.follow === true, signal);
  if (shown === 0 && !options.follow)
    terminal.say(`nothing since ${new Date(sinceMs).toISOString()} — say a longer --since`);
  return signal.aborted ? EXIT.interrupted : EXIT.well;
}
