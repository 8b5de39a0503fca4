import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { DEFAULT_KEY, findRelease } from '../rollouts/find.ts';
import { rolloutDetails, STATE_STYLES } from '../rollouts/words.ts';
import { oneLine } from '../table.ts';

interface Options {
  readonly key?: string;
  readonly json?: boolean;
}

/** `sluice rollout show [version]`: one release, its waves and what speaks against it. */
export async function run({
  args: [version],
  options,
  terminal,
  openDesk,
}: Call<Options>): Promise<ExitCode> {
  const record = await findRelease(await openDesk(), options.key ?? DEFAULT_KEY, version);
  if (options.json) {
    terminal.print(JSON.stringify(record));
    return EXIT.well;
  }
  const [head = '', ...details] = rolloutDetails(record);
  terminal.print(terminal.paint(STATE_STYLES[record.state], oneLine(head)));
  for (const line of details) terminal.print(oneLine(line));
  return EXIT.well;
}
