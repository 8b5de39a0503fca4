/**
 * `npx sluice <command>`: what people do to a stage from a terminal. Only the commands' names and options are loaded
 * here, and what a command needs once it is called: `--help` loads no AWS SDK.
 */
import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import type { Stage } from '../stage/stage.ts';
import type { Call, StageOptions } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { createInterrupts } from './interrupts.ts';
import { createProgram, VersionShown } from './program.ts';
import { processTerminal } from './terminal.ts';

/** @returns the process's exit code: exit-codes.ts */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.well;
  // Who reads has seen enough: `sluice ls | head`.
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.well : EXIT.unreachable);
  });
  const program = createProgram(COMMANDS, version, async (entry, words, options) => {
    const opened = onceOpened(options, env);
    const interrupts = createInterrupts();
    const call: Call = {
      args: words,
      options,
      terminal: processTerminal(env),
      env,
      get signal() {
        return interrupts.signal;
      },
      ...opened,
    };
    try {
      const { run: command } = await entry.load();
      exitCode = await command(call as unknown as Call<never>);
    } finally {
      interrupts.stop();
      await opened.close();
    }
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    // It has said itself what is wrong, or has shown its help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.well : EXIT.usage;
    if (error instanceof VersionShown) return EXIT.well;
    const { faultOf } = await import('./fault.ts');
    const { exitCode: code, message } = faultOf(error);
    process.stderr.write(`sluice: ${message}\n`);
    return code;
  }
}

/** A command opens its stage when it needs it. */
function onceOpened(options: StageOptions, env: NodeJS.ProcessEnv) {
  let opening: Promise<Stage> | undefined;
  const openStage = () => {
    opening ??= import('../stage/open-stage.ts').then(({ openStage }) => openStage(options, env));
    return opening;
  };
  return {
    openStage,
    async openDesk() {
      const [stage, { createDesk }] = await Promise.all([openStage(), import('../desk/create-desk.ts')]);
      return createDesk(stage);
    },
    close: async () => (await opening?.catch(() => undefined))?.close(),
  };
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
