import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readArchive } from '../../../../aws/archive.ts';
import { CONSUMER_HANDLER } from '../../../../core/consumer-code.ts';
import { checkArchive } from '../../../../core/release/package.ts';
import { ROLLOUT_SETTINGS } from '../../../../core/release/rollout-settings.ts';
import { packFolder } from '../../../../operator/packing/pack-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-pack-'));
  await writeFile(join(folder, 'handler.ts'), 'export const handler = async (): Promise<number> => 1;\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const checked = async () =>
  checkArchive(
    readArchive((await packFolder(folder)).zip),
    { handler: CONSUMER_HANDLER, runtime: 'nodejs24.x' },
    ROLLOUT_SETTINGS,
  );

describe('a folder of consumer code', () => {
  it('is packed into what a stage takes', async () => {
    expect(await checked()).toMatchObject({ kind: 'sound', smokeEvent: { Records: [] } });
  });

  it('brings what its release says of its own rollout, and the event to try it with', async () => {
    const manifest = { smokeEvent: 'smoke.json', rollout: { bakeSeconds: 7 } };
    await writeFile(join(folder, 'sluice.json'), JSON.stringify(manifest));
    await writeFile(join(folder, 'smoke.json'), '{"Records":[{"body":"{}"}]}');
    expect(await checked()).toMatchObject({
      kind: 'sound',
      settings: { bakeSeconds: 7 },
      smokeEvent: { Records: [{ body: '{}' }] },
    });
  });

  it('that names an event and has none is found by the check', async () => {
    await writeFile(join(folder, 'sluice.json'), '{"smokeEvent":"smoke.json"}');
    expect(await checked()).toMatchObject({ problems: [{ path: 'sluice.json.smokeEvent' }] });
  });
});
