import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import type { ReleaseRecord } from '../../../../../core/release/record.ts';
import * as push from '../../../../../operator/cli/commands/code-push.ts';
import { release } from '../rollouts/releases.ts';
import { type Typing, typed } from '../typed.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-push-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const call = async (path: string, options: Typing['options'] = {}, record: ReleaseRecord = release()) => {
  const pushed: (readonly [string, Uint8Array])[] = [];
  const came = await typed(push, {
    args: [path],
    options: { watch: true, ...options },
    desk: {
      pushCode: async (codeKey, zip) => {
        pushed.push([codeKey, zip]);
        return { codeKey, version: record.version };
      },
      rollouts: async () => [record],
    },
  });
  return { ...came, pushed };
};

describe('sluice code push', () => {
  it('packs a folder, uploads it, and ends as its rollout does', async () => {
    await writeFile(join(folder, 'handler.ts'), 'export const handler = async () => 1;\n');
    const done = release({ state: 'Done' });
    const { pushed, out, code } = await call(folder, {}, done);
    expect(pushed.map(([key]) => key)).toEqual(['consumer.zip']);
    expect(Object.keys(unzipSync(pushed[0]?.[1] ?? new Uint8Array()))).toContain('index.mjs');
    expect(out[0]).toContain('consumer.zip v7abc Done');
    expect(code).toBe(0);
    expect((await call(folder, {}, release({ state: 'Rejected', reason: 'no' }))).code).toBe(1);
  });

  it('takes a zip as it is, under the key that it is given', async () => {
    const path = join(folder, 'crawler.zip');
    await writeFile(path, 'zip');
    const { pushed, out } = await call(path, { key: 'crawler.zip', watch: false });
    expect(pushed).toEqual([['crawler.zip', Buffer.from('zip')]]);
    expect(out).toEqual(['crawler.zip v7abc']);
  });

  it.each(['none', '.'])('says what it wants of %s', async (name) => {
    await expect(call(join(folder, name))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('handler.ts'),
    });
  });
});
