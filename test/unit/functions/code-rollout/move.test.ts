import { describe, expect, it } from '@jest/globals';
import { dyingAfter } from '../dying.ts';
import {
  ADMITTED,
  admitted,
  change,
  draw,
  fleetOf,
  having,
  reached,
  recordOf,
  startedBy,
  statusOf,
  step,
  steps,
  uploaded,
} from './fleet.ts';

describe('moving the pipelines of a wave', () => {
  it('starts a run for each that the release has reached, and for nobody else', async () => {
    const world = await admitted(6);
    await step(world, 'OpenWave');
    const started = await startedBy(world, () => steps(world, ['MovePipelines']));
    expect(started).toEqual(reached(world));
    await world.pass(20);
    expect(having(world, 'v2')).toEqual(started);
    expect(statusOf(world, started[0] ?? '')).toMatchObject({
      phase: 'Active',
      formerCodes: [{ version: 'v1' }],
    });

    await steps(world, ['OpenWave']);
    const then = await startedBy(world, () => steps(world, ['MovePipelines']));
    expect(then.sort()).toEqual(
      reached(world)
        .filter((id) => !started.includes(id))
        .sort(),
    );
  });

  it('leaves alone who is pinned, follows another key, or goes', async () => {
    const world = await fleetOf([
      { pipelineId: 'follower' },
      { pipelineId: 'pinned', codeVersion: 'v1' },
      { pipelineId: 'goes' },
    ]);
    world.code.put('other.zip', 'o1');
    world.admit('other.zip', 'o1');
    world.configs.put('other', { pipelineId: 'other', codeKey: 'other.zip' });
    await world.pass(60);
    await uploaded(world);
    await steps(world, ADMITTED);
    world.configs.remove('goes');
    await world.pass(5);
    await step(world, 'OpenWave');
    expect(await startedBy(world, () => steps(world, ['MovePipelines']))).toEqual(['follower']);
    expect(recordOf(world).counts).toMatchObject({ due: 1, pinned: 1 });
    await world.pass(20);
    expect(['pinned', 'other'].map((id) => statusOf(world, id).codeVersion)).toEqual(['v1', 'o1']);
  });

  it('counts who stands where', async () => {
    const world = await admitted(6);
    await steps(world, ['OpenWave', 'MovePipelines']);
    await world.pass(20);
    await steps(world, ['OpenWave', 'MovePipelines']);
    expect(recordOf(world).counts).toMatchObject({ moved: 1, due: 2, waiting: 3 });
    expect(recordOf(world)).not.toHaveProperty('walk');
  });

  it('tells also who waits for code of this key, and nobody who waits for other code', async () => {
    const world = await fleetOf(0);
    draw(world, { kept: [] });
    world.code.remove('consumer.zip');
    world.configs.put('a', { pipelineId: 'a' });
    world.configs.put('b', { pipelineId: 'b', codeKey: 'other.zip' });
    await world.pass(20);
    expect(['a', 'b'].map((id) => statusOf(world, id).phase)).toEqual(['Rejected', 'Rejected']);
    await uploaded(world);
    await steps(world, [...ADMITTED, 'OpenWave']);
    expect(await startedBy(world, () => steps(world, ['MovePipelines']))).toEqual(['a']);
    await world.pass(60);
    expect(statusOf(world, 'a')).toMatchObject({ phase: 'Active', codeVersion: 'v2' });
  });

  it('starts nothing twice, however often it is repeated', async () => {
    const world = await admitted(
      Array.from({ length: 6 }, (_, at) => ({ pipelineId: `p${at}`, canary: true })),
    );
    await step(world, 'OpenWave');
    const started = await startedBy(world, async () => {
      // It never comes to write down how far it has got.
      for (const calls of [3, 5]) {
        const ports = dyingAfter(calls, 'executions.start');
        await step(world, 'MovePipelines', {}, { ports }).catch(() => {});
      }
      const ports = dyingAfter(0, 'releases.write');
      await step(world, 'MovePipelines', {}, { ports }).catch(() => {});
      await steps(world, ['MovePipelines']);
    });
    expect(started.sort()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5']);
  });

  it('is moved also once the rollout is paused, and no further wave is opened until it is resumed', async () => {
    const world = await admitted(6);
    await step(world, 'OpenWave');
    change(world, { paused: true });
    expect(await startedBy(world, () => steps(world, ['MovePipelines']))).toHaveLength(1);
    expect((await step(world, 'OpenWave')).outcome).toBe('over');
    change(world, { paused: false });
    expect(await startedBy(world, () => steps(world, ['BeginRollout']))).toEqual([]);
    expect((await step(world, 'OpenWave')).outcome).toBe('done');
    expect(recordOf(world).wave).toBe(1);
  });
});

describe('the pace of a wave', () => {
  it('is what the control-plane budget serves, a few seconds ahead of it', async () => {
    const world = await admitted(
      Array.from({ length: 300 }, (_, at) => ({ pipelineId: `p${at}`, canary: true })),
    );
    await step(world, 'OpenWave');
    const beganMs = world.nowMs();
    const starts: number[] = [];
    const served: number[] = [];
    world.calls.observers.push(({ operation, startMs }) => {
      if (operation === 'executions.start') starts.push(startMs - beganMs);
      if (operation === 'functions.updateCode') served.push(startMs - beganMs);
    });
    await steps(world, ['MovePipelines']);
    expect(starts).toHaveLength(300);
    const perSecond = world.settings.controlPlanePerSecond;
    // A page is told at once: a hundred beyond what was served, and five seconds.
    for (const [at, ms] of starts.entries()) {
      expect(at - (ms / 1000) * perSecond).toBeLessThanOrEqual(100 + 5 * perSecond);
    }
    const { toldAtMs = 0 } = recordOf(world);
    // Its bake begins once the budget has served the last one.
    expect((toldAtMs - beganMs) / 1000).toBeCloseTo(300 / perSecond, 0);
    await world.pass(60);
    expect(having(world, 'v2')).toHaveLength(300);
    expect(Math.max(...served) / 1000).toBeLessThan((300 / perSecond) * 1.1 + 2);
  });

  it('has the bake begin once the whole wave can be served, also those whom the reconciler has told', async () => {
    const ids = Array.from({ length: 50 }, (_, at) => `p${at}`);
    const world = await admitted(ids.map((pipelineId) => ({ pipelineId, canary: true })));
    await step(world, 'OpenWave');
    const { walk } = recordOf(world);
    for (const pipelineId of ids) {
      world.executions.start(`tick-${pipelineId}`, { pipelineId, verify: false, reason: 'the reconciler' });
    }
    await world.pass(1);
    expect(await startedBy(world, () => steps(world, ['MovePipelines']))).toEqual([]);
    const { toldAtMs = 0 } = recordOf(world);
    expect(toldAtMs - (walk?.startedMs ?? 0)).toBeGreaterThanOrEqual(5_000);
  });

  it('is kept across slices: what was told is in the record', async () => {
    const world = await admitted(
      Array.from({ length: 250 }, (_, at) => ({ pipelineId: `p${at}`, canary: true })),
    );
    await step(world, 'OpenWave');
    const first = await step(world, 'MovePipelines');
    expect(first.outcome).toBe('again');
    expect(first.afterSeconds).toBeGreaterThan(1);
    expect(recordOf(world).walk).toMatchObject({ told: expect.any(Number), cursor: expect.any(String) });
    const { told: before = 0 } = recordOf(world).walk ?? {};
    expect(before).toBeLessThan(250);
    await world.pass(first.afterSeconds);
    const then = await startedBy(world, () => steps(world, ['MovePipelines'], first));
    expect(then).toHaveLength(250 - before);
  });
});
