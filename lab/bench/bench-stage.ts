import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildConsumer } from '../build/consumer.ts';
import { deployStage, type Outputs } from '../local-stage/deploy.ts';
import { type Emulator, startEmulator } from '../local-stage/emulator.ts';
import { localFolder } from '../local-stage/paths.ts';
import { driveStage, type StageDriver } from '../stage-driver.ts';

export interface BenchStage {
  readonly emulator: Emulator;
  readonly driver: StageDriver;
  readonly codeBucket: string;
  /** Of the stack. */
  readonly outputs: Outputs;
  /** Path of the consumer code that was uploaded. */
  readonly zip: string;
}

/**
 * Lends a stage of its own, deployed as users do onto an emulator of its own, with the example's consumer code. Both
 * are gone afterwards.
 * @param env more variables for the emulator, and so for all functions in it
 */
export async function withBenchStage<T>(
  say: (line: string) => void,
  work: (stage: BenchStage) => Promise<T>,
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  say('  bringing up a local stage of its own …');
  const emulator = await startEmulator({ name: 'bench', say, env });
  try {
    const outputs = await deployStage({ connection: emulator, stage: 'bench' });
    const driver = driveStage(emulator, 'bench', outputs);
    const zip = join(localFolder, 'bench.zip');
    await buildConsumer(undefined, zip);
    await driver.uploadCode('consumer.zip', await readFile(zip));
    return await work({ emulator, driver, codeBucket: outputs.CodeBucket ?? '', outputs, zip });
  } finally {
    await emulator.stop();
  }
}
