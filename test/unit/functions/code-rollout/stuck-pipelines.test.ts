import { describe, expect, it } from '@jest/globals';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { ADMITTED, change, fleetOf, having, recordOf, startedBy, step, steps, uploaded } from './fleet.ts';
import { IDS, records, watch } from './watching.ts';

describe('a pipeline whose code cannot be changed', () => {
  /** Its run fails for good. */
  const fail = (world: World, id: string, count = 3) => {
    const status = world.statuses.read(id);
    if (status === undefined) throw new Error(id);
    const error = { code: 'CodeGone', message: `no code for ${id}`, at: '' };
    const { lease: _lease, run: _run, ...rest } = status;
    const failures = { count, retryAtMs: 0 };
    world.statuses.write({ ...rest, phase: 'Failed', error, failures });
  };
  /** A wave of four, of which these never move. */
  const waveWith = async (stuck: readonly string[], count = 3) => {
    const world = await fleetOf(records(IDS));
    await uploaded(world);
    await steps(world, [...ADMITTED, 'OpenWave']);
    for (const id of stuck) fail(world, id, count);
    return world;
  };

  it('is named, and the wave goes on without it, where that is tolerated', async () => {
    const world = await waveWith(['b']);
    change(world, { settings: { ...recordOf(world).settings, toleratedShare: 0.25 } });
    await steps(world, ['MovePipelines']);
    const { answer, record } = await watch(world);
    expect(answer.outcome).toBe('done');
    expect(record).toMatchObject({
      counts: { moved: 3, failed: 1 },
      failedPipelines: [{ pipelineId: 'b', message: 'no code for b' }],
    });
  });

  it('is reported as what is wrong where it is more than is tolerated', async () => {
    const world = await waveWith(['b']);
    await steps(world, ['MovePipelines']);
    const { answer, record } = await watch(world);
    expect(answer.outcome).toBe('unhealthy');
    expect(record).toMatchObject({
      reason: 'the code of 1 of 4 pipelines could not be changed, 0 tolerated',
      evidence: [{ what: 'codeSync' }],
      failedPipelines: [{ pipelineId: 'b' }],
    });
  });

  it('is not the release’s fault where it had failed before', async () => {
    const world = await waveWith(['b']);
    change(world, { waves: recordOf(world).waves.map((wave) => ({ ...wave, failedBefore: 1 })) });
    await steps(world, ['MovePipelines']);
    expect((await watch(world)).answer.outcome).toBe('done');
  });

  it('is waited for while it is tried again', async () => {
    const world = await waveWith(['b'], 1);
    await steps(world, ['MovePipelines']);
    await world.pass(20);
    expect(await step(world, 'WatchWave')).toMatchObject({ outcome: 'again', afterSeconds: 5 });
    expect(recordOf(world).counts).toMatchObject({ moved: 3, failing: 1 });
  });

  it('is no longer named once it could be changed after all', async () => {
    const world = await waveWith(['b']);
    change(world, { settings: { ...recordOf(world).settings, toleratedShare: 1 } });
    await steps(world, ['MovePipelines']);
    await world.pass(20);
    await step(world, 'WatchWave');
    expect(recordOf(world).failedPipelines).toHaveLength(1);
    world.executions.start('again', { pipelineId: 'b', verify: false, reason: 'the reconciler' });
    await world.pass(30);
    expect(having(world, 'v2')).toEqual(IDS);
    await step(world, 'WatchWave');
    expect(recordOf(world).failedPipelines).toEqual([]);
  });
});

describe('a run of which nothing is seen', () => {
  it('is started once more after half a minute', async () => {
    const world = await fleetOf(records());
    await uploaded(world);
    await steps(world, [...ADMITTED, 'OpenWave']);
    // It dies before it has done anything.
    const dead = { start: async () => 'started' as const };
    await steps(world, ['MovePipelines'], {}, { ports: (ports) => ({ ...ports, executions: dead }) });
    await world.pass(25);
    expect(await startedBy(world, () => step(world, 'WatchWave'))).toEqual([]);
    await world.pass(10);
    expect(await startedBy(world, () => step(world, 'WatchWave'))).toEqual(['a']);
    await world.pass(20);
    expect(having(world, 'v2')).toEqual(['a']);
  });
});
