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
import { createProgram, VersionShown } from './program.ts';
import { processTerminal } from './terminal.ts';

const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const;

/** @returns the process's exit code: exit-codes.ts */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.well;
  const program = createProgram(COMMANDS, version, async (entry, words, options) => {
    const opened = onceOpened(options, env);
    try {
      exitCode = await untilInterrupted(async (signal) => {
        const { run: command } = await entry.load();
        const call = { args: words, options, terminal: processTerminal(env), env, signal, ...opened };
        return command(call as unknown as Call<never>);
      });
    } finally {
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

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
