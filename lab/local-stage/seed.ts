/** Puts the example consumer and the example pipelines into a stage. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StageInputs } from '../../aws/stage-inputs.ts';
import { projectRoot } from './paths.ts';

const CONSUMER_ZIP = join(projectRoot, '.build', 'consumer.zip');
const PIPELINES = join(projectRoot, 'examples', 'pipelines');

/** `npm run build:consumer`. @returns the zip */
export async function buildConsumer(signal?: AbortSignal): Promise<Uint8Array> {
  const options = { cwd: projectRoot, ...(signal ? { signal } : {}) };
  await promisify(execFile)('npm', ['run', '--silent', 'build:consumer'], options);
  return readFile(CONSUMER_ZIP);
}

/** A file holds one config record or a list of them. @throws with the file's name if it is not JSON */
export async function readExamplePipelines(): Promise<Record<string, unknown>[]> {
  const files = (await readdir(PIPELINES)).filter((file) => file.endsWith('.json')).sort();
  const records = await Promise.all(files.map((file) => readRecords(join(PIPELINES, file))));
  return records.flat();
}

async function readRecords(file: string): Promise<Record<string, unknown>[]> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'));
    const records = (Array.isArray(content) ? content : [content]) as Record<string, unknown>[];
    return records.map(({ $schema: _editorsOnly, ...record }) => record);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** Code first: a pipeline whose code is not there yet would have to wait for it. */
export async function seed(
  inputs: StageInputs,
  zip: Uint8Array,
  records: readonly Record<string, unknown>[],
): Promise<void> {
  await inputs.uploadCode('consumer.zip', zip);
  for (const record of records) await inputs.putConfigRecord(record);
}
