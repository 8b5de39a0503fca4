import type { Call } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { jsonScreen, lineScreen, terminalScreen } from '../watch/screens.ts';
import { watch } from '../watch/watch.ts';

/** `sluice watch [burstId]`. What is shown on the way goes to standard error, what came of it to standard output. */
export async function run({
  args: [burstId],
  options,
  env,
  signal,
  openStage,
}: Call<{ readonly json?: boolean }>): Promise<ExitCode> {
  const { ports } = await openStage();
  const screen = options.json
    ? jsonScreen(process.stdout)
    : process.stderr.isTTY
      ? terminalScreen(process.stderr, process.stdout, env)
      : lineScreen(process.stderr, process.stdout);
  try {
    return await watch(ports, burstId, screen, signal);
  } finally {
    await screen.close();
  }
}
