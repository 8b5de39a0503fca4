import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findLocalStage } from '../../../../operator/cli/local-stage.ts';

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

  it('finds the local stage only while it answers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
    const file = join(folder, 'state.json');
    const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const connection = {
      endpoint,
      region: 'us-east-1',
      accessKeyId: '000000000000',
      secretAccessKey: 'local',
    };
    try {
      expect(await findLocalStage(file)).toBeUndefined();
      await writeFile(file, 'half a fi');
      expect(await findLocalStage(file)).toBeUndefined();
      await writeFile(file, JSON.stringify({ ...connection, pid: 1 }));
      expect(await findLocalStage(file)).toEqual(connection);
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      expect(await findLocalStage(file)).toBeUndefined();
    } finally {
      server.close();
      await rm(folder, { recursive: true });
    }
  });
});
