import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { localFolder } from '../../../lab/local-stage/paths.ts';

/** Set before the first test file, and handed on to the processes that run them. */
const RUN = 'SLUICE_TEST_RUN';

/** Names this run of Jest. */
export function beginRun(): void {
  process.env[RUN] = String(process.pid);
}

/** Where a process that runs test files remembers its stage: one for each. */
export function sharedStageFile(): string {
  return join(localFolder, `${prefix()}${process.env.JEST_WORKER_ID ?? 1}.json`);
}

/** Those of all processes of this run. */
export async function sharedStageFiles(): Promise<string[]> {
  const files = await readdir(localFolder).catch(() => []);
  return files
    .filter((file) => file.startsWith(prefix()) && file.endsWith('.json'))
    .map((file) => join(localFolder, file));
}

function prefix(): string {
  return `integration-${process.env[RUN]}-`;
}
