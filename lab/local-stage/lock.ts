/** One at a time, across processes: the framework packages into one folder, whoever runs it. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localFolder } from './paths.ts';
import { commandLine } from './processes.ts';

const POLL_MS = 200;

/**
 * Does the work while holding the lock of this name. A holder that has died holds nothing.
 * @throws if others hold it for longer than the limit
 */
export async function withLock<T>(
  name: string,
  work: () => Promise<T>,
  limitSeconds = 600,
  folder = localFolder,
): Promise<T> {
  const file = join(folder, `${name}.lock`);
  await mkdir(folder, { recursive: true });
  const endMs = Date.now() + limitSeconds * 1000;
  for (;;) {
    const holder = await take(file);
    if (holder === undefined) break;
    if (Date.now() > endMs) {
      throw new Error(`process ${holder} has held ${file} for ${limitSeconds} s: end it, or delete the file`);
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** @returns who holds it, or undefined if it is ours now */
async function take(file: string): Promise<number | undefined> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  // Empty: just being written, or gone again.
  if (holder > 0 && commandLine(holder) === undefined) await rm(file, { force: true });
  return holder;
}
