import { examine } from '../../desk/doctor/examine.ts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { oneLine } from '../table.ts';

/** `sluice doctor`. */
export async function run({
  options,
  terminal,
  openStage,
}: Call<{ readonly json?: boolean }>): Promise<ExitCode> {
  const findings = await examine(await openStage());
  const trouble = findings.filter(({ isWell }) => !isWell);
  if (options.json) terminal.print(JSON.stringify(findings));
  else {
    for (const { about, isWell, says, action } of findings) {
      const mark = isWell ? terminal.paint('green', 'ok       ') : terminal.paint('yellow', 'attention');
      terminal.print(`${mark}  ${about.padEnd(14)}${oneLine(says)}`);
      if (action !== undefined) terminal.print(`${' '.repeat(25)}${action}`);
    }
  }
  terminal.say(
    trouble.length === 0 ? 'all is well' : `${trouble.length} of ${findings.length} need attention`,
  );
  return trouble.length === 0 ? EXIT.well : EXIT.notWell;
}
