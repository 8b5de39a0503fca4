/**
 * `npm run check`: everything that can be said without running the product. Checks run side by side, as many as there are
 * processors; each says how long it took, a failed one prints what it found, and all of them run. Exit code 1 if any failed.
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { packageStage, TEMPLATE_FILE } from '../build/package-stage.ts';
import { projectBin, projectRoot } from '../local-stage/paths.ts';
import { lintTemplates } from './cfn-lint.ts';

interface Verdict {
  readonly ok: boolean;
  readonly output: string;
}

type Check = () => Promise<Verdict>;

/** The longest first. */
const checks: Readonly<Record<string, Check>> = {
  // Packaging also validates the state machines' language.
  'state machines and template': template,
  types: command('tsc', '-p', '.'),
  'types of the page': command('tsc', '-p', 'operator/ui/page'),
  'format and lint': command('biome', 'check', '.'),
  layers: command('depcruise', '--config', '.dependency-cruiser.cjs', ...sourceFolders()),
  'dead code': command('knip'),
  'lock file': command('node', 'lab/checks/lock-file.ts'),
  'generated documents': command('node', 'lab/docs/generate-configuration.ts', '--check'),
};

function sourceFolders(): readonly string[] {
  return ['aws', 'consumer', 'core', 'examples', 'functions', 'lab', 'operator', 'test'];
}

function command(name: string, ...args: readonly string[]): Check {
  const options = {
    cwd: projectRoot,
    timeout: 300_000,
    maxBuffer: 1 << 26,
    env: { ...process.env, PATH: `${projectBin}:${process.env.PATH ?? ''}` },
  };
  return () =>
    new Promise((resolve) => {
      execFile(join(projectBin, name), args, options, (error, stdout, stderr) => {
        // One that found something has said so itself.
        const unsaid = error && `${stdout}${stderr}` === '' ? error.message : '';
        resolve({ ok: error === null, output: `${stdout}${stderr}${unsaid}` });
      });
    });
}

async function template(): Promise<Verdict> {
  const result = await lintTemplates([join(await packageStage('check'), TEMPLATE_FILE)]);
  switch (result.kind) {
    case 'linted':
      return { ok: result.findings.length === 0, output: result.findings.join('\n') };
    case 'skipped':
      console.log(`cfn-lint skipped: ${result.reason}`);
      return { ok: true, output: '' };
  }
}

async function run(name: string, check: Check): Promise<void> {
  const startedMs = performance.now();
  const { ok, output } = await check().catch((error: Error) => ({ ok: false, output: error.message }));
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(30)} ${seconds.padStart(6)} s`);
  if (ok) return;
  console.log(output.trimEnd());
  process.exitCode = 1;
}

const inTurn = pLimit(availableParallelism());
await Promise.all(Object.entries(checks).map(([name, check]) => inTurn(() => run(name, check))));
