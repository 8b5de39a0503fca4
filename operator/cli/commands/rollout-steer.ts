import type { Control } from '../../../core/release/control.ts';
import type { Call, CommandModule } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { DEFAULT_KEY, findRelease } from '../rollouts/find.ts';

interface Options {
  readonly key?: string;
  readonly reason?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** What is asked before: neither can be taken back but by another release. */
const QUESTIONS: Readonly<Partial<Record<Control, (release: string) => string>>> = {
  abort: (release) => `Stop ${release} for good? Whoever has it keeps it, nobody else gets it.`,
  rollback: (release) => `Take ${release} back? Every pipeline that has it goes back to the release before.`,
};

/** `sluice rollout pause|resume|abort|rollback|retry [version]`. */
export function steering(action: Control): CommandModule {
  return {
    async run({ args: [version], options, terminal, openDesk }: Call<Options>): Promise<ExitCode> {
      const desk = await openDesk();
      const record = await findRelease(desk, options.key ?? DEFAULT_KEY, version);
      const question = QUESTIONS[action]?.(`${record.version} of ${record.codeKey}`);
      if (question !== undefined && !options.yes && !(await terminal.confirm(question))) return EXIT.notWell;
      const answer = (await desk.steerRollout({
        action,
        codeKey: record.codeKey,
        version: record.version,
        ...(options.reason !== undefined && { reason: options.reason }),
      })) as { readonly state: string; readonly message: string };
      if (options.json) terminal.print(JSON.stringify(answer));
      else terminal.print(`${record.codeKey} ${record.version} ${answer.state}: ${answer.message}`);
      return EXIT.well;
    },
  };
}
