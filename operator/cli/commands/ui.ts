import { once } from 'node:events';
import { openBrowser } from '../../ui/open-browser.ts';
import { startUi } from '../../ui/start.ts';
import type { Call } from '../command.ts';
import { CommandFault, EXIT, type ExitCode } from '../exit-codes.ts';

interface Options {
  readonly port: number;
  readonly open: boolean;
}

/** `sluice ui`: serves the page until Ctrl-C, or until whoever started it with a channel to it is gone. */
export async function run({ options, terminal, env, signal, openDesk }: Call<Options>): Promise<ExitCode> {
  const desk = await openDesk();
  // Somebody who has no stage is told so here, not by an empty page.
  await desk.overview('none');
  const server = await startUi(desk, options.port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new CommandFault(EXIT.usage, `--port ${options.port} is taken — leave it out for one that is free`);
  });
  try {
    terminal.print(server.url);
    terminal.say('only this machine is let in, by this address; Ctrl-C ends it');
    if (options.open) openBrowser(server.urlForOnce(), env);
    await Promise.race([ended(signal), ...(process.channel ? [once(process, 'disconnect')] : [])]);
    return EXIT.well;
  } finally {
    await server.close();
  }
}

async function ended(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
