import { spawn } from 'node:child_process';
import { projectRoot } from '../../local-stage/paths.ts';

/** What a command took, milliseconds. */
export interface Took {
  /** Until the first byte of its standard output; without any output, until its end. */
  readonly firstMs: number;
  readonly endMs: number;
}

/**
 * Runs a command of this Node.
 * @param args a script and its arguments
 * @param env variables beside this process's own
 * @throws an Error with what it said, if it fails
 */
export function timeCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Took> {
  return new Promise((resolve, reject) => {
    const beganMs = performance.now();
    let firstMs: number | undefined;
    let said = '';
    const child = spawn(process.execPath, args, { cwd: projectRoot, env: { ...process.env, ...env } });
    child.stdout.on('data', () => {
      firstMs ??= performance.now() - beganMs;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.once('error', reject).once('close', (code) => {
      const endMs = performance.now() - beganMs;
      if (code === 0) resolve({ firstMs: firstMs ?? endMs, endMs });
      else reject(new Error(`node ${args.join(' ')} ended with ${code}: ${said}`));
    });
  });
}
