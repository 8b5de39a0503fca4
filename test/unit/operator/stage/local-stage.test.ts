import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findLocalStage } from '../../../../operator/stage/local-stage.ts';

describe('findLocalStage', () => {
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
