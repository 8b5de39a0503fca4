import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { COMMANDS } from '../../../../operator/cli/commands.ts';

const root = resolve(import.meta.dirname, '../../../..');
const cli = join(root, 'operator/cli/sluice.js');
/** Nothing of ours, and nobody there. */
const env = {
  PATH: process.env.PATH,
  NO_COLOR: '1',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
};

/** Calls the command as a shell does. */
function sluice(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [cli, ...args], { env }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

/** What it loads for that, of packages. */
async function packagesFor(...args: readonly string[]): Promise<ReadonlySet<string>> {
  const tell = join(import.meta.dirname, 'tell-loaded.mjs');
  const child = spawn(process.execPath, ['--import', tell, cli, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const loaded = await text(child.stdio[3] as NodeJS.ReadableStream);
  expect(loaded).toContain('operator/cli/main.ts');
  const names = loaded.match(/(?<=\/node_modules\/)(?:@[^/]+\/)?[^/\n]+/g) ?? [];
  return new Set(names);
}

describe('sluice', () => {
  it('shows its commands', async () => {
    const { code, stdout, stderr } = await sluice('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { name } of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name.split(' ')[0]}\\b`, 'm'));
  });

  it.each([[['--help']], [['ls', '--help']], [['--version']], [['nonsense']]])(
    'loads no more than what reads its arguments for %j',
    async (args) => {
      expect([...(await packagesFor(...args))]).toEqual(['commander']);
    },
  );

  it('ends well and in silence where nobody reads on', async () => {
    const child = spawn(process.execPath, [cli, '--help'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect({ code, said }).toEqual({ code: 0, said: '' });
  });

  it('says which version it is', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await sluice('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    ['a command that there is not', ['wach'], 'Did you mean watch?'],
    ['an option that there is not', ['watch', '--jsom'], 'Did you mean --json?'],
    ['a value that there is not', ['ls', '--sort', 'size'], 'Allowed choices are id, phase'],
    ['too few arguments', ['show'], "missing required argument 'id'"],
    [
      'a name that no stage has',
      ['watch', '--stage', 'Prod-1'],
      '--stage must be 1 to 10 lower-case letters',
    ],
  ])('ends with 2 for %s, and says so on standard error', async (_, args, said) => {
    const { code, stdout, stderr } = await sluice(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
  });

  it('ends with 4 where nobody answers, and says what to look at', async () => {
    const { code, stdout, stderr } = await sluice('ls');
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/^sluice: dynamodb:\w+ failed: ECONNREFUSED: .* — nobody answers there/);
  });
});
