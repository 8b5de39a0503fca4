import { describe, expect, it } from '@jest/globals';
import type { Behaviour } from '../../../../lab/simulator/world/code-bucket.ts';
import type { Image } from '../../../../lab/simulator/world/tables.ts';
import { ADMITTED, change, fleetOf, recordOf, steps, told, uploaded } from './fleet.ts';
import { IDS, opened, records, watch, work } from './watching.ts';

describe('a wave', () => {
  it('is waited for until all have moved, then bakes, and the next one may open', async () => {
    const world = await opened();
    const { answer, seconds, states, record } = await watch(world, IDS);
    expect(answer.outcome).toBe('done');
    expect(states).toEqual(['Canary', ...states.slice(1, -1).map(() => 'Baking'), 'Baking']);
    expect(seconds).toBeGreaterThanOrEqual(120);
    expect(seconds).toBeLessThan(135);
    expect(record).toMatchObject({ state: 'Baking', counts: { moved: 1, waiting: 3 }, evidence: [] });
    expect(record.health?.after.tasks).toBeGreaterThanOrEqual(5);
    expect(told(world)).toEqual(['Checking', 'Canary', 'Baking']);
  });

  it('that is idle is waited for, and then well, for nothing has failed', async () => {
    const { answer, seconds } = await watch(await opened());
    expect(answer.outcome).toBe('done');
    expect(seconds).toBeGreaterThanOrEqual(180);
    expect(seconds).toBeLessThan(200);
  });

  it('that is not idle is not waited for', async () => {
    const { seconds } = await watch(await opened(), IDS);
    expect(seconds).toBeLessThan(135);
  });

  it.each<[string, Behaviour, string]>([
    ['fails', { fails: 1 }, 'failures'],
    ['takes three times as long', { slowdown: 3 }, 'duration'],
  ])('on a release that %s is unhealthy, with the evidence', async (_title, behaviour, what) => {
    const { answer, record } = await watch(await opened(behaviour), IDS);
    expect(answer.outcome).toBe('unhealthy');
    expect(record.reason).toMatch(/unhealthy/);
    expect(record.evidence.map((one) => one.what)).toContain(what);
    // It is not rolled back yet: that is the next step.
    expect(record.state).not.toBe('RolledBack');
  });

  it('is unhealthy as soon as that is seen, before its bake is over', async () => {
    const world = await opened({ fails: 1 });
    change(world, { settings: { ...recordOf(world).settings, bakeSeconds: 3_600 } });
    const { answer, seconds } = await watch(world, IDS);
    expect(answer.outcome).toBe('unhealthy');
    expect(seconds).toBeLessThan(1_800);
  });

  it('with too few tasks is unhealthy in the end where one of them failed', async () => {
    const world = await opened({ fails: 1 }, [
      { ...records()[0], maxAttempts: 20, maxReceiveCount: 200, visibilityTimeoutSeconds: 900 } as Image,
    ]);
    change(world, { settings: { ...recordOf(world).settings, minTasks: 1_000 } });
    await world.pass(60);
    world.send('a', 4);
    const { answer, record } = await watch(world);
    expect(answer.outcome).toBe('unhealthy');
    expect(record.reason).toMatch(/only \d+ tasks in \d+ s, and not all went well/);
  });

  it('is judged by its own pipelines: what others do says nothing of the release', async () => {
    const world = await opened();
    // Those not reached fail as they have never done.
    for (const id of ['b', 'c', 'd']) world.send(id, 100, { failures: 9 });
    const { answer, record } = await watch(world, ['a']);
    expect(answer.outcome).toBe('done');
    expect(record.health?.after.failures).toBe(0);
  });

  it('is judged no more by the pipelines of the waves before: they have been watched in theirs', async () => {
    const world = await opened();
    expect((await watch(world, IDS)).answer.outcome).toBe('done');
    await steps(world, ['OpenWave', 'MovePipelines']);
    world.send('a', 100, { failures: 9 });
    const { answer, record } = await watch(world, ['b', 'c', 'd']);
    expect([answer.outcome, record.wave]).toEqual(['done', 1]);
    expect(record.health?.after.failures).toBe(0);
  });

  it('is held against what was usual before: who has always failed may go on failing', async () => {
    const world = await fleetOf(records(), {}, { fails: 0.5 });
    await work(world, 5);
    await uploaded(world, 'v2', { fails: 0.5 });
    await steps(world, [...ADMITTED, 'OpenWave', 'MovePipelines']);
    change(world, { settings: { ...recordOf(world).settings, failureShare: 0.3, deadLetters: 1_000 } });
    expect((await watch(world, IDS)).answer.outcome).toBe('done');
  });

  it('of a first release is over as soon as everybody has it: there is nothing to compare with', async () => {
    const world = await opened({ fails: 1 });
    const { from: _none, ...record } = recordOf(world);
    world.releases.write(record);
    const { answer, seconds } = await watch(world, IDS);
    expect(answer.outcome).toBe('done');
    expect(seconds).toBeLessThan(20);
  });
});
