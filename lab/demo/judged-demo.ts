import { parseArgs } from 'node:util';
import type { Outputs } from '../local-stage/deploy.ts';
import type { Emulator } from '../local-stage/emulator.ts';
import { onOwnStage } from './own-stage.ts';

interface JudgedDemo<R> {
  readonly stage: string;
  /** Does what is to be seen. `tell` writes a line for people. */
  readonly play: (emulator: Emulator, outputs: Outputs, tell: (line: string) => void) => Promise<R>;
  /** The result as people read it. */
  readonly closing: (result: R) => string;
}

/**
 * Plays a demo on a stage of its own. Its result is for people; with `--json` it is JSON on standard output, and what
 * is for people goes to standard error. Exit code 1 if anything is not so.
 */
export async function runJudgedDemo<R extends { readonly problems: readonly string[] }>({
  stage,
  play,
  closing,
}: JudgedDemo<R>): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const tell = (line: string) => {
    (values.json ? process.stderr : process.stdout).write(`${line}\n`);
  };
  await onOwnStage(stage, async (emulator, outputs) => {
    const result = await play(emulator, outputs, tell);
    tell(`\n${closing(result)}`);
    if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    process.exitCode = result.problems.length === 0 ? 0 : 1;
  });
}
