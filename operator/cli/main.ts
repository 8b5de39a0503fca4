/**
 * `npx sluice <command>`: what people do to a stage from a terminal. Only the commands' names and options are loaded
 * here, and what a command needs once it is called: `--help` loads no AWS SDK.
 */
import { Command, CommanderError } from 'commander';
import type { StageFlags } from '../stage/open-stage.ts';
import { DeskFault } from '../views/desk.ts';
import { CommandFault, EXIT, type ExitCode } from './exit-codes.ts';

/** What a command ends with that the desk could not serve. */
const EXIT_OF: Readonly<Record<DeskFault['code'], ExitCode>> = {
  Invalid: EXIT.usage,
  Unknown: EXIT.unknown,
  Conflict: EXIT.notWell,
  NotPossible: EXIT.notWell,
  Unreachable: EXIT.unreachable,
};

const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;

/** @returns the process's exit code: exit-codes.ts */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.well;
  const program = createProgram(env, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    // It has said itself what is wrong, or has shown its help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.well : EXIT.usage;
    process.stderr.write(`sluice: ${(error as Error).message}\n`);
    if (error instanceof CommandFault) return error.exitCode;
    return error instanceof DeskFault ? EXIT_OF[error.code] : EXIT.unreachable;
  }
}

function createProgram(env: NodeJS.ProcessEnv, ended: (code: ExitCode) => void): Command {
  const program = new Command('sluice')
    .description('What people do to a stage of Sluice.')
    .exitOverride()
    .showHelpAfterError('(sluice --help shows what there is)');

  onStage(
    program
      .command('watch')
      .description('Show how a burst is getting on until it has ended; without an id, all that are open.')
      .argument('[burstId]')
      .option('--json', 'a line of JSON each second on standard output, for programs'),
  ).action(async (burstId: string | undefined, flags: StageFlags & { readonly json?: boolean }) => {
    const { watchCommand } = await import('./watch/command.ts');
    ended(await untilInterrupted((signal) => watchCommand(burstId, flags, env, signal)));
  });

  return program;
}

/** Options of every command that asks a stage. */
function onStage(command: Command): Command {
  return command
    .option('--stage <name>', 'which stage', 'local')
    .option('--region <name>', 'where it is; else as the AWS SDK finds it')
    .option('--profile <name>', 'of your AWS credentials; else as the AWS SDK finds them');
}

/** Once: a second Ctrl-C ends even what does not stop. */
async function untilInterrupted(work: (signal: AbortSignal) => Promise<ExitCode>): Promise<ExitCode> {
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const signal of INTERRUPTS) process.once(signal, end);
  try {
    return await work(ending.signal);
  } finally {
    for (const signal of INTERRUPTS) process.off(signal, end);
  }
}
