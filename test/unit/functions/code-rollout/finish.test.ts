import { describe, expect, it } from '@jest/globals';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { dyingAfter } from '../dying.ts';
import { admitted, draw, having, lineOf, recordOf, statusOf, step, steps, told } from './fleet.ts';

/** Everybody has v2, and its last wave is over. */
async function everywhere(): Promise<World> {
  const world = await admitted([
    { pipelineId: 'a', canary: true },
    { pipelineId: 'b', canary: true },
  ]);
  await steps(world, ['OpenWave', 'MovePipelines', 'WatchWave']);
  expect(await steps(world, ['OpenWave'])).toBe('finished');
  return world;
}

describe('a rollout that has reached everybody', () => {
  it('is done: its release is the stable one, and the one before is kept to go back to', async () => {
    const world = await everywhere();
    expect((await step(world, 'FinishRollout')).outcome).toBe('done');
    expect(lineOf(world)).toEqual({ stable: 'v2', former: 'v1', kept: [] });
    const record = recordOf(world);
    expect(record).toMatchObject({ state: 'Done', counts: { moved: 2 }, endedAt: expect.any(String) });
    for (const gone of ['walk', 'expectedEnd', 'expiresAt'] as const) expect(record).not.toHaveProperty(gone);
    expect(told(world)).toEqual(['Checking', 'Canary', 'Baking', 'Done']);
  });

  it('gives its release to whoever is made from then on', async () => {
    const world = await everywhere();
    await step(world, 'FinishRollout');
    world.configs.put('new', { pipelineId: 'new' });
    await world.pass(60);
    expect(statusOf(world, 'new').codeVersion).toBe('v2');
  });

  it('is done also where it crashed before its record said so', async () => {
    for (let calls = 1; ; calls += 1) {
      const world = await everywhere();
      const crashed = await step(world, 'FinishRollout', {}, { ports: dyingAfter(calls) }).then(
        () => false,
        () => true,
      );
      await steps(world, ['FinishRollout']);
      expect(lineOf(world)).toEqual({ stable: 'v2', former: 'v1', kept: [] });
      expect(recordOf(world).state).toBe('Done');
      expect(having(world, 'v2')).toEqual(['a', 'b']);
      if (!crashed) return;
      expect(calls).toBeLessThan(20);
    }
  });

  it('is not, where a newer one took its place in that moment', async () => {
    const world = await everywhere();
    const answer = await step(
      world,
      'FinishRollout',
      {},
      {
        ports: (ports) => ({
          ...ports,
          ledgers: Object.assign(Object.create(ports.ledgers), {
            async read(id: string) {
              const fact = await ports.ledgers.read(id);
              draw(world, { stable: 'v1', next: { version: 'v3', reach: 0, canaries: false }, kept: ['v2'] });
              return fact;
            },
          }),
        }),
      },
    );
    expect(answer.outcome).toBe('over');
    expect(lineOf(world)).toMatchObject({ stable: 'v1', next: { version: 'v3' }, kept: ['v2'] });
    expect(recordOf(world).state).not.toBe('Done');
  });
});
