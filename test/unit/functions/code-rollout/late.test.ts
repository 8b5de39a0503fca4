import { describe, expect, it } from '@jest/globals';
import { reaches } from '../../../../core/release/line.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import {
  ADMITTED,
  admitted,
  draw,
  fleetOf,
  having,
  KEY,
  lineOf,
  recordOf,
  statusOf,
  steps,
  uploaded,
} from './fleet.ts';

const WAVE = ['OpenWave', 'MovePipelines'];

/** A pipeline that the open waves have reached, or have not. */
function idThat(world: World, isReached: boolean): string {
  const { next } = lineOf(world);
  const ids = Array.from({ length: 100 }, (_, at) => `new-${at}`);
  const found = ids.find((pipelineId) => next && reaches(next, { pipelineId, canary: false }) === isReached);
  if (found === undefined) throw new Error('nobody');
  return found;
}

/** A rollout whose second of three waves is open. */
async function inTheMiddle(): Promise<World> {
  const world = await admitted(7);
  for (const _wave of [0, 1]) await steps(world, WAVE);
  await world.pass(20);
  return world;
}

describe('a pipeline that is made in the middle of a rollout', () => {
  it.each([
    { isReached: true, version: 'v2' },
    { isReached: false, version: 'v1' },
  ])('gets the release whose wave has come: reached $isReached, $version', async ({ isReached, version }) => {
    const world = await inTheMiddle();
    const pipelineId = idThat(world, isReached);
    world.configs.put(pipelineId, { pipelineId });
    await world.pass(60);
    expect(statusOf(world, pipelineId)).toMatchObject({ phase: 'Active', codeVersion: version });
  });

  it('gets the new release at once where it is marked as a canary', async () => {
    const world = await inTheMiddle();
    world.configs.put('new', { pipelineId: 'new', canary: true });
    await world.pass(60);
    expect(statusOf(world, 'new').codeVersion).toBe('v2');
  });

  it('comes with its wave like everybody else', async () => {
    const world = await inTheMiddle();
    const pipelineId = idThat(world, false);
    world.configs.put(pipelineId, { pipelineId });
    await world.pass(60);
    await steps(world, WAVE);
    await world.pass(20);
    expect(having(world, 'v2')).toHaveLength(8);
  });

  it('counts as one of those that moved', async () => {
    const world = await inTheMiddle();
    const pipelineId = idThat(world, true);
    world.configs.put(pipelineId, { pipelineId });
    await world.pass(60);
    await steps(world, ['WatchWave']);
    expect(recordOf(world).counts).toMatchObject({ moved: 4, waiting: 4 });
  });
});

describe('a pipeline that is edited in the middle of a rollout', () => {
  it('keeps the release before until its wave comes', async () => {
    const world = await inTheMiddle();
    const [waiting = ''] = having(world, 'v1');
    world.configs.put(waiting, { pipelineId: waiting, timeoutSeconds: 60 });
    await world.pass(90);
    expect(statusOf(world, waiting)).toMatchObject({ phase: 'Active', codeVersion: 'v1' });
    expect(statusOf(world, waiting).applied?.wanted.timeoutSeconds).toBe(60);
  });

  it('has a release that has been rolled back taken from it by the same edit', async () => {
    const world = await inTheMiddle();
    const [moved = ''] = having(world, 'v2');
    draw(world, { stable: 'v1', kept: [] });
    world.configs.put(moved, { pipelineId: moved, timeoutSeconds: 60 });
    await world.pass(90);
    expect(statusOf(world, moved)).toMatchObject({ phase: 'Active', codeVersion: 'v1' });
  });

  it('is left alone once it is pinned', async () => {
    const world = await inTheMiddle();
    const [waiting = ''] = having(world, 'v1');
    world.configs.put(waiting, { pipelineId: waiting, codeVersion: 'v1' });
    await world.pass(60);
    await steps(world, WAVE);
    await world.pass(20);
    expect(having(world, 'v1')).toEqual([waiting]);
    expect(recordOf(world).counts.pinned).toBe(1);
  });
});

describe('the first release of a key', () => {
  it('goes to all who wait for it at once, once it has been tried', async () => {
    const world = await fleetOf(0);
    draw(world, { kept: [] });
    world.code.remove(KEY);
    for (const id of ['a', 'b', 'c']) world.configs.put(id, { pipelineId: id });
    await world.pass(30);
    await uploaded(world);
    await steps(world, [...ADMITTED, ...WAVE, 'WatchWave']);
    expect(having(world, 'v2')).toEqual(['a', 'b', 'c']);
    // Nobody is a canary for something that nobody had.
    expect(recordOf(world)).toMatchObject({ state: 'Rolling', wave: 0, waves: [{ reach: 1 }] });
    expect(await steps(world, ['OpenWave'])).toBe('finished');
    await steps(world, ['FinishRollout']);
    expect(lineOf(world)).toEqual({ stable: 'v2', kept: [] });
  });
});
