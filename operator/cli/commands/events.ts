import type { StageEvent } from '../../views/pipelines.ts';
import { changeLines } from '../changes-text.ts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { followLines } from '../logs/follow-lines.ts';
import { counted } from '../numbers.ts';
import { oneLine } from '../table.ts';
import type { Paint } from '../terminal.ts';

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
    else terminal.print(eventLines(event, terminal.paint).join('\n'));
  };
  const read = async (fromMs: number) => (await desk.events(fromMs, pipelineId)).toReversed();
  await followLines(read, show, sinceMs, options.follow === true, signal);
  if (shown === 0 && !options.follow)
    terminal.say(`nothing since ${new Date(sinceMs).toISOString()} — say a longer --since`);
  return signal.aborted ? EXIT.interrupted : EXIT.well;
}

/** What happened, and below it what that has changed. */
function eventLines(
  { atMs, pipelineId, says, changes = [], moreChanges }: StageEvent,
  paint: Paint,
): readonly string[] {
  const at = new Date(atMs).toISOString().slice(11, 23);
  const whose = pipelineId === undefined ? '' : `${paint('bold', pipelineId)}  `;
  return [
    `${paint('dim', at)} ${whose}${oneLine(says)}`,
    ...changeLines(changes, paint).map((line) => `  ${line}`),
    ...(moreChanges === undefined ? [] : [paint('dim', `    and ${counted(moreChanges, 'field')} more`)]),
  ];
}
