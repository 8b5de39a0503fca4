import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { followLines } from '../logs/follow-lines.ts';
import { logLineWords } from '../logs/line-words.ts';

interface Options {
  readonly since?: number;
  readonly follow?: boolean;
  readonly json?: boolean;
}

const SINCE_SECONDS = 600;

/** `sluice logs <id>`: what its consumers have written. */
export async function run({ args, options, terminal, signal, openDesk }: Call<Options>): Promise<ExitCode> {
  const [pipelineId = ''] = args;
  const desk = await openDesk();
  const sinceMs = Date.now() - (options.since ?? SINCE_SECONDS) * 1000;
  // Also says where there is no such pipeline, instead of showing nothing.
  await desk.show(pipelineId);
  let shown = 0;
  await followLines(
    async (fromMs) =>
      (await desk.logs(pipelineId, fromMs)) as readonly (Readonly<Record<string, unknown>> & {
        readonly atMs: number;
      })[],
    (line) => {
      const text = options.json ? JSON.stringify(line) : logLineWords(line, terminal.paint);
      if (text === undefined) return;
      shown += 1;
      terminal.print(text);
    },
    sinceMs,
    options.follow === true,
    signal,
  );
  if (shown === 0 && !options.follow)
    terminal.say(
      `${pipelineId} has written nothing since ${new Date(sinceMs).toISOString()} — say a longer --since`,
    );
  return signal.aborted ? EXIT.interrupted : EXIT.well;
}
