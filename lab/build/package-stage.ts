/** Packages the service as `sls deploy` does, without any AWS. */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../local-stage/lock.ts';
import { localFolder, projectBin, projectRoot } from '../local-stage/paths.ts';
import { endGroup } from '../local-stage/processes.ts';
import { withTemporaryFolder } from '../local-stage/temporary.ts';

/** Packaging takes some seconds; a framework that waits for something nobody will give is ended. */
const PACKAGE_MS = 180_000;

/** The file that a packaged stage's template is in. */
export const TEMPLATE_FILE = 'cloudformation-template-update-stack.json';

/**
 * @param parameters `settings: 'local'` for the settings of another stage, as `--param settings=local`
 * @returns the folder with the template and a zip per function
 * @throws an Error with what the framework said
 */
export async function packageStage(
  stage: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = join(localFolder, `package-${stage}`);
  const more = Object.entries(parameters).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  const args = ['package', '--stage', stage, '--region', 'us-east-1', '--package', folder, ...more];
  // A deploy packages through the same folder of the project.
  const { code, output } = await withLock('serverless', async () => {
    await rm(folder, { recursive: true, force: true });
    return withTemporaryFolder((temporary) => run('serverless', args, temporary));
  });
  if (code !== 0) throw new Error(`serverless ${args.join(' ')} failed (${code}):\n${output}`);
  return folder;
}

/** Standard input is closed: the framework asks questions where it finds somebody to answer them. */
async function run(
  command: string,
  args: readonly string[],
  temporary: string,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(join(projectBin, command), args, {
    cwd: projectRoot,
    detached: true, // a process group, for esbuild's service
    stdio: ['ignore', 'pipe', 'pipe'],
    // The bundler leaves what it packs in the temporary folder.
    env: { ...process.env, PATH: `${projectBin}:${process.env.PATH ?? ''}`, TMPDIR: temporary },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const tooLong = setTimeout(() => child.pid !== undefined && endGroup(child.pid), PACKAGE_MS);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    return { code, output };
  } finally {
    clearTimeout(tooLong);
  }
}
