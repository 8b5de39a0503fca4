import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '../../../..');

/** Calls the command as a shell does, with nothing of ours in its environment. */
function sluice(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, NO_COLOR: '1', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
  return new Promise((done) => {
    const call = [join(root, 'operator/cli/sluice.js'), ...args];
    execFile(process.execPath, call, { env }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

describe('sluice', () => {
  it('shows its commands, and loads no SDK for it', async () => {
    const { code, stdout } = await sluice('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('watch [options] [burstId]');
  });

  it.each([
    ['a command that there is not', ['wach'], 'Did you mean watch?'],
    ['an option that there is not', ['watch', '--jsom'], 'Did you mean --json?'],
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
});
