import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { requirementsFile } from '../../../../lab/local-stage/paths.ts';
import { findPython } from '../../../../lab/local-stage/python.ts';

const folder = await mkdtemp(join(tmpdir(), 'sluice-python-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A command that answers like a Python. */
async function fake(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}

describe('the Python of the local stage', () => {
  it('is missing: the message says what to install', async () => {
    await expect(findPython({ PATH: join(folder, 'nothing') })).rejects.toMatchObject({
      code: 'PythonMissing',
      message: expect.stringMatching(
        /needs Python 3\.10 or newer.*apt install python3-venv|python3-venv.*found none/s,
      ),
    });
  });

  it('is passed over when it is too old or cannot make environments, and a later one is taken', async () => {
    await fake('python3', `printf '3 9\\n3.9.18 linux-x86_64\\n'`);
    await fake('python3.12', `echo "ModuleNotFoundError: No module named 'ensurepip'" >&2; exit 1`);
    await expect(findPython({ PATH: folder })).rejects.toThrow(
      'found python3: 3.9 is too old, python3.12: has no ensurepip module',
    );
    await fake('python3.11', `printf '3 11\\n3.11.7 linux-x86_64\\n'`);
    expect(await findPython({ PATH: folder })).toEqual({
      command: 'python3.11',
      version: '3.11.7 linux-x86_64',
    });
  });

  it('installs nothing that is not pinned by its hash', async () => {
    const lines = (await readFile(requirementsFile, 'utf8')).replaceAll('\\\n', '').split('\n');
    const packages = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(packages.length).toBeGreaterThan(10);
    for (const line of packages) expect(line).toMatch(/^[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/);
    expect(lines.join('\n')).not.toMatch(/https?:|--index-url/);
  });
});
