import { describe, expect, it } from '@jest/globals';
import { rolloutName } from '../../../../core/code-event.ts';
import { listen } from '../../../../functions/code-listener/listen.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { run, stageWith } from '../simulated-stage.ts';

const BUCKET = 'code-of-sim';

function hear(world: World, ...keys: string[]) {
  return run(world, (ports) =>
    listen(
      keys.map((key) => ({ key, bucket: BUCKET })),
      BUCKET,
      ports,
    ),
  );
}

describe('the code listener', () => {
  it('starts a rollout of what the key holds now', async () => {
    const world = await stageWith();
    world.code.put('consumer.zip', 'v2');
    await hear(world, 'consumer.zip');
    const release = { key: 'consumer.zip', version: 'v2' };
    expect([...world.rollouts.started]).toEqual([[rolloutName(release), release]]);
  });

  it('starts one rollout for a release, however often and late its event comes', async () => {
    const world = await stageWith();
    await hear(world, 'consumer.zip');
    world.code.put('consumer.zip', 'v2');
    await hear(world, 'consumer.zip');
    await hear(world, 'consumer.zip');
    expect([...world.rollouts.started.values()].map(({ version }) => version)).toEqual(['v1', 'v2']);
  });

  it('passes over an object that is already gone, and goes on with the others', async () => {
    const world = await stageWith();
    await hear(world, 'gone.zip', 'consumer.zip');
    expect([...world.rollouts.started.values()].map(({ key }) => key)).toEqual(['consumer.zip']);
  });

  it('passes over uploads to another bucket', async () => {
    const world = await stageWith();
    await run(world, (ports) => listen([{ key: 'consumer.zip', bucket: 'other' }], BUCKET, ports));
    expect(world.rollouts.started.size).toBe(0);
  });
});
