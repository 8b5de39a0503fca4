import { describe, expect, it } from '@jest/globals';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { dyingAfter } from '../dying.ts';
import {
  ADMITTED,
  admitted,
  change,
  having,
  lineOf,
  recordOf,
  startedBy,
  statusOf,
  step,
  steps,
  told,
  uploaded,
  versionsIn,
} from './fleet.ts';

const WAVE = ['OpenWave', 'MovePipelines'];
const V3 = { version: 'v3' };

/** Three of seven pipelines have v2: those of the first two waves. */
async function halfway(): Promise<World> {
  const world = await admitted(7);
  for (const _wave of [0, 1]) await steps(world, WAVE);
  await world.pass(20);
  expect(having(world, 'v2')).toHaveLength(3);
  return world;
}

async function broughtBack(world: World, state: object = {}): Promise<string[]> {
  const started = await startedBy(world, () => steps(world, ['RollBack', 'ReturnPipelines'], state));
  return [...new Set(started)].sort();
}

describe('rolling a release back', () => {
  it('takes it out of its line, so that nobody is given it any more', async () => {
    const world = await halfway();
    expect((await step(world, 'RollBack')).outcome).toBe('done');
    expect(lineOf(world)).toEqual({ stable: 'v1', kept: [] });
    expect(recordOf(world)).toMatchObject({ state: 'RolledBack', returned: false, walk: { told: 0 } });
    expect(recordOf(world).endedAt).toBeDefined();
    expect(world.metrics.get('ReleasesStopped')).toBe(1);
    expect(told(world).at(-1)).toBe('RolledBack');
    world.configs.put('new', { pipelineId: 'new', canary: true });
    await world.pass(60);
    expect(statusOf(world, 'new')).toMatchObject({ phase: 'Active', codeVersion: 'v1' });
  });

  it('brings everybody back who has it, and starts no run for the others', async () => {
    const world = await halfway();
    const had = having(world, 'v2');
    expect(await broughtBack(world)).toEqual(had);
    expect(having(world, 'v2')).toEqual([]);
    expect(having(world, 'v1')).toHaveLength(7);
    expect(recordOf(world).counts).toMatchObject({ moved: 0, due: 0, moving: 0 });
    expect(statusOf(world, had[0] ?? '').formerCodes?.[0]).toMatchObject({ version: 'v2' });
  });

  it('brings back also those who are just being given it', async () => {
    const world = await admitted(7);
    await steps(world, WAVE);
    await world.pass(1);
    const [canary = ''] = [...world.statuses.records.values()].flatMap(({ pipelineId, run }) =>
      run === undefined ? [] : [pipelineId],
    );
    expect(statusOf(world, canary).run?.target?.code.version).toBe('v2');
    await steps(world, ['RollBack', 'ReturnPipelines']);
    expect(having(world, 'v1')).toHaveLength(7);
    expect(statusOf(world, canary)).not.toHaveProperty('run');
    const running = [...world.functions.byName.values()].map(({ code }) => code.version);
    expect(new Set(running)).toEqual(new Set(['v1']));
  });

  it('is as fast as the control-plane budget serves, and no faster', async () => {
    const all = Array.from({ length: 250 }, (_, at) => ({ pipelineId: `p${at}`, canary: at < 200 }));
    const world = await admitted(all);
    await steps(world, WAVE);
    await world.pass(30);
    expect(having(world, 'v2')).toHaveLength(200);
    const beganMs = world.nowMs();
    const starts: number[] = [];
    world.calls.observers.push(({ operation, startMs }) => {
      if (operation === 'executions.start') starts.push((startMs - beganMs) / 1000);
    });
    await steps(world, ['RollBack', 'ReturnPipelines']);
    expect(having(world, 'v2')).toEqual([]);
    const perSecond = world.settings.controlPlanePerSecond;
    for (const [at, second] of starts.entries()) {
      expect(at - second * perSecond).toBeLessThanOrEqual(100 + 5 * perSecond);
    }
    expect((world.nowMs() - beganMs) / 1000).toBeLessThan((200 / perSecond) * 1.1 + 15);
  });

  it('waits for nobody whose code cannot be changed, and says how many those are', async () => {
    const world = await halfway();
    const [stuck = ''] = having(world, 'v2');
    await step(world, 'RollBack');
    const status = statusOf(world, stuck);
    world.statuses.write({ ...status, phase: 'Failed', failures: { count: 3, retryAtMs: 0 } });
    await steps(world, ['ReturnPipelines']);
    expect(having(world, 'v2')).toEqual([stuck]);
    expect(recordOf(world).counts).toMatchObject({ failed: 1, due: 0 });
  });

  it('starts a run once more of which nothing was seen for half a minute', async () => {
    const world = await halfway();
    const had = having(world, 'v2');
    await step(world, 'RollBack');
    // They die before they have done anything.
    const dead = { start: async () => 'started' as const };
    const first = await step(
      world,
      'ReturnPipelines',
      {},
      { ports: (ports) => ({ ...ports, executions: dead }) },
    );
    expect(first).toMatchObject({ outcome: 'again', afterSeconds: 5 });
    expect(await startedBy(world, () => step(world, 'ReturnPipelines'))).toEqual([]);
    await world.pass(31);
    const then = await startedBy(world, () => step(world, 'ReturnPipelines'));
    expect(then.sort()).toEqual(had);
  });

  it('goes on after a crash at any point', async () => {
    for (let calls = 1; ; calls += 1) {
      const world = await halfway();
      const crashed = await step(world, 'RollBack', {}, { ports: dyingAfter(calls) }).then(
        () => false,
        () => true,
      );
      expect(await steps(world, ['RollBack', 'ReturnPipelines'])).toBe('done');
      expect(recordOf(world).state).toBe('RolledBack');
      expect(having(world, 'v1')).toHaveLength(7);
      expect([...new Set(told(world))].at(-1)).toBe('RolledBack');
      if (!crashed) return;
      expect(calls).toBeLessThan(20);
    }
  });
});

describe('rolling a release back by hand', () => {
  /** As the control of rollouts leaves it. */
  const byHand = (world: World, version = 'v2') =>
    change(world, { state: 'RolledBack', announced: 'RolledBack' }, version);

  it('also when it is done brings everybody back to the one before', async () => {
    const world = await admitted(2);
    for (const _wave of [0, 1]) await steps(world, WAVE);
    await steps(world, ['OpenWave', 'FinishRollout']);
    await world.pass(20);
    expect(having(world, 'v2')).toHaveLength(2);
    byHand(world);
    expect(await steps(world, ['BeginRollout'])).toBe('return');
    await steps(world, ['ReturnPipelines']);
    expect(versionsIn(world)).toEqual({ p0: 'v1', p1: 'v1' });
    expect(lineOf(world)).toEqual({ stable: 'v1', kept: [] });
  });

  it('after a newer one took its place brings back who kept it, and the newer one goes on', async () => {
    const world = await halfway();
    const had = having(world, 'v2');
    await uploaded(world, 'v3');
    await steps(world, ADMITTED, V3);
    byHand(world);
    await steps(world, ['BeginRollout', 'ReturnPipelines']);
    await steps(world, ['ReturnPipelines']);
    expect(having(world, 'v1')).toHaveLength(7);
    expect(had.map((id) => statusOf(world, id).formerCodes?.[0]?.version)).toEqual(['v2', 'v2', 'v2']);
    expect(lineOf(world)).toMatchObject({ stable: 'v1', next: { version: 'v3' }, kept: [] });
  });

  it('brings also those back who had kept one that it had superseded', async () => {
    const world = await halfway();
    const had = having(world, 'v2');
    await uploaded(world, 'v3');
    await steps(world, [...ADMITTED, ...WAVE], V3);
    await world.pass(20);
    const kept = having(world, 'v2');
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every((id) => had.includes(id))).toBe(true);
    await steps(world, ['RollBack', 'ReturnPipelines'], V3);
    await world.pass(20);
    expect(having(world, 'v1')).toHaveLength(7);
  });

  it('leaves alone who was pinned to it', async () => {
    const world = await halfway();
    world.configs.put('pinned', { pipelineId: 'pinned', codeVersion: 'v2' });
    await world.pass(60);
    await broughtBack(world);
    expect(having(world, 'v2')).toEqual(['pinned']);
    expect(recordOf(world).counts.pinned).toBe(0);
  });
});
