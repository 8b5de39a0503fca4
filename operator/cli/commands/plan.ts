import { readPlan } from '../../desk/read-plan.ts';
import type { Call } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { planText } from '../plan-text.ts';

interface Options {
  readonly tasksPerMonth?: number;
  readonly json?: boolean;
}

/** `sluice plan`. */
export async function run({ options, terminal, openStage }: Call<Options>): Promise<ExitCode> {
  const plan = await readPlan(await openStage(), options.tasksPerMonth);
  if (options.json) terminal.print(JSON.stringify(plan));
  else {
    for (const line of planText(plan, terminal.paint)) terminal.print(line);
    terminal.say(
      'list prices of us-east-1 without free tiers; docs/limits.md and docs/operating.md say what is in them',
    );
  }
  return EXIT.well;
}
