import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Connection } from '../../../aws/clients.ts';
import { readStageOutputs } from '../../../aws/stage-outputs.ts';
import { deployStage } from '../../../lab/local-stage/deploy.ts';
import { startEmulator } from '../../../lab/local-stage/emulator.ts';
import { localFolder, projectBin, projectRoot } from '../../../lab/local-stage/paths.ts';
import { rememberStage, runningStage } from '../../../lab/local-stage/stage-state.ts';
import { eventually } from './eventually.ts';
import { sharedStageFile } from './shared-stage-file.ts';
import { type TestStage, testStage } from './test-stage.ts';

const STAGE = 'test';

/**
 * The stage that all test files of one process share: the first one that asks deploys it, `end-shared-stage.ts`
 * ends it, and an emulator ends with the process that started it in any case.
 */
export async function sharedStage(): Promise<TestStage> {
  const file = sharedStageFile();
  const running = await runningStage(file);
  const outputs = running && (await readStageOutputs(running, `sluice-${STAGE}`));
  if (running && outputs) return testStage(running, STAGE, outputs);
  const connection = running ?? (await startAnew(file));
  const stage = testStage(connection, STAGE, await deployStage({ connection, stage: STAGE }));
  const version = await stage.uploadCode('consumer.zip', await consumerZip('first'));
  // While it rolls out, its runs also do what a test waits for others to do.
  await eventually(
    () => stage.ports.releases.read('consumer.zip', version),
    (release) => release?.state === 'Done',
    'the first release is done',
    60,
  );
  return stage;
}

async function startAnew(file: string): Promise<Connection> {
  const emulator = await startEmulator({ name: 'integration' });
  await rememberStage(emulator, Date.now(), file);
  return emulator;
}

/** The code of one of the test consumers. */
export async function consumerZip(name: 'first' | 'second' | 'failing'): Promise<Uint8Array> {
  const zip = join(localFolder, `test-${name}-${process.env.JEST_WORKER_ID ?? 1}.zip`);
  const folder = join(import.meta.dirname, 'consumers', name);
  await promisify(execFile)(join(projectBin, 'node'), ['lab/build/consumer.ts', folder, zip], {
    cwd: projectRoot,
  });
  return readFile(zip);
}
