import { deployStage, type Outputs, removeStage } from '../local-stage/deploy.ts';
import { type Emulator, startEmulator } from '../local-stage/emulator.ts';

/** Talk about what goes on: standard output is for results. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Lends a stage of its own, deployed as users do onto an emulator of its own. Both are gone afterwards. */
export async function onOwnStage(
  stage: string,
  work: (emulator: Emulator, outputs: Outputs) => Promise<void>,
): Promise<void> {
  say('bringing up a local stage of its own …');
  const emulator = await startEmulator({ name: stage, say });
  try {
    await work(emulator, await deployStage({ connection: emulator, stage }));
    say('cleaning up …');
    await removeStage({ connection: emulator, stage, discard: true });
  } finally {
    await emulator.stop();
  }
}
