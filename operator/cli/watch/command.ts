import { openStage, type StageFlags } from '../../stage/open-stage.ts';
import type { ExitCode } from '../exit-codes.ts';
import { jsonScreen, lineScreen, terminalScreen } from './screens.ts';
import { watch } from './watch.ts';

/** `sluice watch [burstId]`. What is shown on the way goes to standard error, what came of it to standard output. */
export async function watchCommand(
  burstId: string | undefined,
  flags: StageFlags & { readonly json?: boolean },
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<ExitCode> {
  const stage = await openStage(flags, env);
  const screen = flags.json
    ? jsonScreen(process.stdout)
    : process.stderr.isTTY
      ? terminalScreen(process.stderr, process.stdout, env)
      : lineScreen(process.stderr, process.stdout);
  try {
    return await watch(stage.ports, burstId, screen, signal);
  } finally {
    await screen.close();
    stage.close();
  }
}
