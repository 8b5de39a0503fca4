import { describe, expect, it } from '@jest/globals';
import { ROLLOUT_STEPS } from '../../../../functions/code-rollout/run-step.ts';
import { dyingAfter } from '../dying.ts';
import { ADMITTED, change, draw, fleetOf, lineOf, recordOf, step, steps, uploaded } from './fleet.ts';

/** A rollout whose first wave is told. */
async function underWay() {
  const world = await uploaded(await fleetOf(3));
  await steps(world, [...ADMITTED, 'OpenWave', 'MovePipelines']);
  await world.pass(20);
  return world;
}

const BACKWARD = ['ReturnPipelines', 'RedriveDeadLetters'];
const all = ROLLOUT_STEPS.filter((name) => name !== 'BeginRollout');
const outward = all.filter((name) => !BACKWARD.includes(name));
const onLine = ['OpenWave', 'MovePipelines', 'WatchWave', 'FinishRollout'];

describe('a step of a rollout', () => {
  it.each(all)('%s does nothing once another execution drives it', async (name) => {
    const world = await underWay();
    change(world, { owner: 'another' });
    const before = { record: recordOf(world), line: lineOf(world), runs: world.executions.started.size };
    expect((await step(world, name)).outcome).toBe('over');
    expect({ record: recordOf(world), line: lineOf(world), runs: world.executions.started.size }).toEqual(
      before,
    );
  });

  it.each([
    ...outward.flatMap(
      (name) =>
        [
          [name, 'aborted'],
          [name, 'done'],
        ] as const,
    ),
    // The open wave is moved and watched on.
    ['OpenWave', 'paused'] as const,
  ])('%s does nothing once it is %s', async (name, how) => {
    const world = await underWay();
    const changes = {
      paused: { paused: true },
      aborted: { state: 'Aborted' },
      done: { state: 'Done' },
    } as const;
    change(world, changes[how]);
    const before = { record: recordOf(world), line: lineOf(world), runs: world.executions.started.size };
    expect((await step(world, name)).outcome).toBe('over');
    expect({ record: recordOf(world), line: lineOf(world), runs: world.executions.started.size }).toEqual(
      before,
    );
  });

  it.each(onLine)('%s ends it once a newer release has taken its place', async (name) => {
    const world = await underWay();
    draw(world, { stable: 'v1', next: { version: 'v3', reach: 0, canaries: false }, kept: ['v2'] });
    expect((await step(world, name)).outcome).toBe('over');
    expect(recordOf(world)).toMatchObject({ state: 'Superseded', reason: 'release v3 took its place' });
  });

  it.each(onLine)('%s ends it once a newer release has gone all the way', async (name) => {
    const world = await underWay();
    draw(world, { stable: 'v3', former: 'v1', kept: [] });
    expect((await step(world, name)).outcome).toBe('over');
    expect(recordOf(world)).toMatchObject({ state: 'Superseded', reason: 'release v3 took its place' });
  });

  it.each(all)('%s without a record has nothing to do', async (name) => {
    const world = await fleetOf(0);
    expect((await step(world, name)).outcome).toBe('over');
  });

  it('that there is not is a mistake of the machine', async () => {
    const world = await underWay();
    await expect(step(world, 'Celebrate')).rejects.toThrow('there is no step Celebrate');
  });

  it('throws what it did not expect, so that the machine repeats it', async () => {
    const world = await underWay();
    const dying = { ports: dyingAfter(1) };
    await expect(step(world, 'WatchWave', {}, dying)).rejects.toThrow('crashed');
  });
});
