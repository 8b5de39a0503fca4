import { describe, expect, it } from '@jest/globals';
import { ROLLOUT_SETTINGS } from '../../../../core/release/rollout-settings.ts';
import { control } from '../../../../functions/rollout-control/control.ts';
import { PLAIN_NATURE } from '../../../../lab/simulator/world/nature.ts';
import { World } from '../../../../lab/simulator/world/world.ts';
import { run } from '../simulated-stage.ts';
import { KEY, recordOf } from './stage.ts';

const FLEET = Array.from({ length: 10 }, (_, at) => `p${at}`);
/** Waves of 1, 5 and 4 pipelines. */
const rollout = { ...ROLLOUT_SETTINGS, canaryShare: 0.1, growth: 5, bakeSeconds: 60, unknownSeconds: 0 };

/** Ten pipelines on v1, with v2 on its way: it has reached the canary. */
async function fleet() {
  const world = new World({ seed: 1, nature: PLAIN_NATURE, reconciles: false, settings: { rollout } });
  world.code.put(KEY, 'v1');
  world.admit(KEY, 'v1');
  for (const pipelineId of FLEET) world.configs.put(pipelineId, { pipelineId });
  await world.pass(120);
  world.upload(KEY, 'v2');
  await until(world, () => recordOf(world, 'v2').state === 'Baking');
  return {
    world,
    say: (action: string) => run(world, (ports) => control({ action }, ports)),
    /** How many pipelines have the release. */
    moved: () => FLEET.filter((id) => world.statuses.read(id)?.codeVersion === 'v2').length,
  };
}

async function until(world: World, isSo: () => boolean): Promise<void> {
  for (let seconds = 0; seconds < 600; seconds += 5) {
    if (world.releases.ofKey(KEY).length > 0 && isSo()) return;
    await world.pass(5);
  }
  throw new Error(`not so after ten minutes: ${JSON.stringify(world.releases.ofKey(KEY))}`);
}

describe('a rollout under way', () => {
  it('opens no further wave while it is paused, and reaches everybody once it is resumed', async () => {
    const { world, say, moved } = await fleet();
    await say('pause');
    await world.pass(600);
    expect(moved()).toBe(1);
    await say('resume');
    await until(world, () => recordOf(world, 'v2').state === 'Done');
    expect(moved()).toBe(10);
  });

  it('stays where it is once it is aborted, and goes out from there once it is retried', async () => {
    const { world, say, moved } = await fleet();
    await say('abort');
    await world.pass(600);
    expect([moved(), recordOf(world, 'v2').state]).toEqual([1, 'Aborted']);
    await say('retry');
    await until(world, () => recordOf(world, 'v2').state === 'Done');
    expect(moved()).toBe(10);
  });

  it('is taken back from everybody once it is rolled back, and goes out again once it is retried', async () => {
    const { world, say, moved } = await fleet();
    await say('rollback');
    await until(world, () => recordOf(world, 'v2').returned === true);
    expect([moved(), recordOf(world, 'v2').state]).toEqual([0, 'RolledBack']);
    await say('retry');
    await until(world, () => recordOf(world, 'v2').state === 'Done');
    expect(moved()).toBe(10);
  });

  it('is taken back also when it is over', async () => {
    const { world, say, moved } = await fleet();
    await until(world, () => recordOf(world, 'v2').state === 'Done');
    await say('rollback');
    await until(world, () => recordOf(world, 'v2').returned === true);
    expect(moved()).toBe(0);
  });
});
