import type { Call } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { watchBurst } from '../watch/command.ts';

/** `sluice watch [burstId]`. */
export function run(call: Call<{ readonly json?: boolean }>): Promise<ExitCode> {
  return watchBurst(call, call.args[0]);
}
