import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PythonMissing, preparePython } from '../local-stage/python.ts';

const requirements = fileURLToPath(new URL('./requirements.txt', import.meta.url));

export type LintResult =
  | { readonly kind: 'linted'; readonly findings: readonly string[] }
  /** There is no Python to run the linter with; says what to install. */
  | { readonly kind: 'skipped'; readonly reason: string };

/**
 * AWS's registry of resource types, which cfn-lint brings along.
 * @returns the folder with `providers/<region>.json` and `resources/`
 * @throws {PythonMissing} where there is nothing to install it with
 */
export async function registrySchemas(): Promise<string> {
  const python = await preparePython(undefined, requirements);
  const lib = join(dirname(dirname(python)), 'lib');
  const version = (await readdir(lib)).find((name) => name.startsWith('python'));
  if (version === undefined)
    throw new Error(`there is no Python in ${lib}: delete the folder, it is made anew`);
  return join(lib, version, 'site-packages/cfnlint/data/schemas');
}

/** Runs cfn-lint over templates: errors and warnings of all its rules. */
export async function lintTemplates(files: readonly string[]): Promise<LintResult> {
  let python: string;
  try {
    python = await preparePython(undefined, requirements);
  } catch (error) {
    if (error instanceof PythonMissing) return { kind: 'skipped', reason: error.message };
    throw error;
  }
  // Not by the script of that name: a moved environment's scripts carry the old path.
  const main = 'import sys; from cfnlint.runner import main; sys.exit(main())';
  const args = ['-c', main, '--format', 'parseable', '--', ...files];
  return new Promise((resolve, reject) => {
    execFile(python, args, { timeout: 180_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const findings = stdout.split('\n').filter((line) => line !== '');
      if (error && findings.length === 0) reject(new Error(`cfn-lint failed: ${stderr || error.message}`));
      else resolve({ kind: 'linted', findings });
    });
  });
}
