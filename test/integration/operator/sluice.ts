import { execFile } from 'node:child_process';
import { connectionEnvironment } from '../../../lab/connection-environment.ts';
import { projectRoot } from '../../../lab/local-stage/paths.ts';
import type { TestStage } from '../stage/test-stage.ts';

/** What came of a call of `sluice`. */
export interface Ran {
  readonly code: number;
  /** Lines of standard output. */
  readonly out: readonly string[];
  /** Standard error. */
  readonly said: string;
  /** Each line of standard output, read as JSON. */
  json(): unknown[];
}

/** Calls `sluice` as people do: a process of its own, which finds the stage by its environment. */
export function sluiceAt({ connection, stage }: TestStage): (...words: readonly string[]) => Promise<Ran> {
  const env = {
    ...process.env,
    ...connectionEnvironment(connection),
    NO_COLOR: '1',
  };
  return (...words) =>
    new Promise((resolve) => {
      const args = ['operator/cli/sluice.js', ...words, '--stage', stage];
      execFile(process.execPath, args, { cwd: projectRoot, env }, (error, stdout, stderr) => {
        const out = stdout.split('\n').filter((line) => line !== '');
        const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
        resolve({ code, out, said: stderr, json: () => out.map((line) => JSON.parse(line) as unknown) });
      });
    });
}
