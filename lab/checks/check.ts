/**
 * `npm run check`: everything that can be said without running the product. Each check says how long it took;
 * a failed one prints what it found, and all of them run. Exit code 1 if any failed.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageStage, TEMPLATE_FILE } from '../build/package-stage.ts';
import { projectBin, projectRoot } from '../local-stage/paths.ts';
import { lintTemplates } from './cfn-lint.ts';

interface Verdict {
  readonly ok: boolean;
  readonly output: string;
}

type Check = () => Verdict | Promise<Verdict>;

const checks: Readonly<Record<string, Check>> = {
  types: command('tsc', '-p', '.'),
  'types of the page': command('tsc', '-p', 'operator/ui/page'),
  'format and lint': command('biome', 'check', '.'),
  layers: command('depcruise', '--config', '.dependency-cruiser.cjs', ...sourceFolders()),
  'dead code': command('knip'),
  'lock file': command('node', 'lab/checks/lock-file.ts'),
  'generated documents': command('node', 'lab/docs/generate-configuration.ts', '--check'),
  // Packaging also validates the state machines' language.
  'state machines and template': template,
};

function sourceFolders(): readonly string[] {
  return ['aws', 'consumer', 'core', 'examples', 'functions', 'lab', 'operator', 'test'];
}

function command(name: string, ...args: readonly string[]): Check {
  return () => {
    const { status, stdout, stderr, error } = spawnSync(join(projectBin, name), args, {
      cwd: projectRoot,
      encoding: 'utf8',
      timeout: 300_000,
      env: { ...process.env, PATH: `${projectBin}:${process.env.PATH ?? ''}` },
    });
    return { ok: status === 0, output: `${stdout}${stderr}${error ? error.message : ''}` };
  };
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

for (const [name, check] of Object.entries(checks)) {
  const startedMs = performance.now();
  const { ok, output } = await Promise.resolve()
    .then(check)
    .catch((error: Error) => ({ ok: false, output: error.message }));
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(30)} ${seconds.padStart(6)} s`);
  if (ok) continue;
  console.log(output.trimEnd());
  process.exitCode = 1;
}
