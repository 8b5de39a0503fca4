import type { Call } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { jsonScreen, lineScreen, terminalScreen } from './screens.ts';
import { watch } from './watch.ts';

/**
 * Shows a burst, or all that are open, until they have ended. What is shown on the way goes to standard error, what came
 * of it to standard output.
 */
export async function watchBurst(
  {
    options,
    env,
    signal,
    openStage,
  }: Pick<Call<{ readonly json?: boolean }>, 'options' | 'env' | 'signal' | 'openStage'>,
  burstId: string | undefined,
): Promise<ExitCode> {
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
