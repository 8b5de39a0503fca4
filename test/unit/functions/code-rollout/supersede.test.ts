import { describe, expect, it } from '@jest/globals';
import type { ReleaseRecord } from '../../../../core/release/record.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { dyingAfter } from '../dying.ts';
import {
  ADMITTED,
  CHECKED,
  change,
  draw,
  fleetOf,
  having,
  lineOf,
  recordOf,
  step,
  steps,
  told,
  uploaded,
} from './fleet.ts';

const V3 = { version: 'v3' };

/** v2 is at its canary as v3 comes and is tried. */
async function newerTried(): Promise<World> {
  const world = await uploaded(await fleetOf(4));
  await steps(world, [...ADMITTED, 'OpenWave', 'MovePipelines']);
  await world.pass(20);
  await uploaded(world, 'v3');
  await steps(world, CHECKED, V3);
  return world;
}

describe('a newer release', () => {
  it('takes the place of the one on its way, whose rollout ends there', async () => {
    const world = await newerTried();
    const canary = having(world, 'v2');
    expect(canary).toHaveLength(1);
    expect((await step(world, 'AdmitRelease', V3)).outcome).toBe('done');
    expect(lineOf(world)).toEqual({
      stable: 'v1',
      next: { version: 'v3', reach: 0, canaries: false },
      kept: ['v2'],
    });
    expect(recordOf(world)).toMatchObject({ state: 'Superseded', reason: 'release v3 took its place' });
    expect(recordOf(world, 'v3').from).toBe('v1');
    expect((await step(world, 'WatchWave')).outcome).toBe('over');
    expect(told(world)).toEqual(['Checking', 'Canary', 'Checking', 'Superseded']);
  });

  it('ends also one that is paused, which nobody drives', async () => {
    const world = await newerTried();
    change(world, { paused: true });
    await step(world, 'AdmitRelease', V3);
    expect(recordOf(world).state).toBe('Superseded');
  });

  it('ends the older one also where it crashed right after it took its place', async () => {
    for (let calls = 1; ; calls += 1) {
      const world = await newerTried();
      change(world, { paused: true });
      const crashed = await step(world, 'AdmitRelease', V3, { ports: dyingAfter(calls) }).then(
        () => false,
        () => true,
      );
      await steps(world, ['AdmitRelease'], V3);
      expect([recordOf(world).state, recordOf(world, 'v3').state]).toEqual(['Superseded', 'Checking']);
      expect(lineOf(world).next?.version).toBe('v3');
      if (!crashed) return;
      expect(calls).toBeLessThan(30);
    }
  });

  it('lets those that ended by themselves keep how they did', async () => {
    const world = await newerTried();
    change(world, { state: 'Aborted', announced: 'Aborted', reason: 'by hand' });
    await step(world, 'AdmitRelease', V3);
    expect(recordOf(world)).toMatchObject({ state: 'Aborted', reason: 'by hand' });
  });

  it('lets one go its way that is kept and was begun anew since', async () => {
    const world = await newerTried();
    draw(world, { stable: 'v1', kept: ['v2'] });
    await world.pass(1);
    change(world, { state: 'Checking', startedAt: new Date(world.nowMs()).toISOString(), waves: [] });
    expect((await step(world, 'AdmitRelease', V3)).outcome).toBe('done');
    expect(recordOf(world).state).toBe('Checking');
    expect((await step(world, 'AdmitRelease')).outcome).toBe('done');
    expect(lineOf(world)).toMatchObject({ next: { version: 'v2' } });
  });

  it('goes straight to everybody: none but the canary has ever had the older one', async () => {
    const world = await newerTried();
    const canary = having(world, 'v2');
    await steps(world, ['AdmitRelease', 'OpenWave', 'MovePipelines', 'WatchWave'], V3);
    for (const _wave of [1, 2]) await steps(world, ['OpenWave', 'MovePipelines', 'WatchWave'], V3);
    expect(await steps(world, ['OpenWave'], V3)).toBe('finished');
    await steps(world, ['FinishRollout'], V3);
    expect(having(world, 'v3')).toHaveLength(4);
    for (const { pipelineId, formerCodes } of world.statuses.records.values()) {
      expect(formerCodes?.[0]?.version).toBe(canary.includes(pipelineId) ? 'v2' : 'v1');
    }
  });
});

describe('an older release whose check took longer', () => {
  /** v2 and v3 are both tried; v3, which was begun later, is first. */
  async function bothTried(): Promise<World> {
    const world = await uploaded(await fleetOf(2));
    await steps(world, ['BeginRollout']);
    await uploaded(world, 'v3');
    await steps(world, ADMITTED, V3);
    await steps(world, ['CheckRelease', 'TryRelease']);
    return world;
  }

  it.each<[string, (world: World) => void]>([
    ['is on its way', () => {}],
    ['went all the way', (world) => draw(world, { stable: 'v3', former: 'v1', kept: [] })],
    ['was on its way and was taken back', (world) => draw(world, { stable: 'v1', kept: [] })],
    ['was taken back since', (world) => draw(world, { stable: 'v1', kept: [] })],
  ])('does not come out after a newer one that %s', async (_title, then) => {
    const world = await bothTried();
    then(world);
    const before = lineOf(world);
    expect((await step(world, 'AdmitRelease')).outcome).toBe('over');
    expect(lineOf(world)).toEqual(before);
    expect(recordOf(world)).toMatchObject({
      state: 'Superseded',
      reason: 'release v3 came before it was admitted',
    });
    expect(recordOf(world, 'v3').state).toBe('Checking');
  });

  it('does so neither where the newer one comes in that very moment', async () => {
    const world = await bothTried();
    const then = lineOf(world);
    const { waves } = recordOf(world, 'v3');
    change(world, { waves: [] }, 'v3');
    draw(world, { stable: 'v1', kept: [] });
    const answer = await step(
      world,
      'AdmitRelease',
      {},
      {
        ports: (ports) => ({
          ...ports,
          statuses: Object.assign(Object.create(ports.statuses), {
            page(cursor: string | undefined, limit: number) {
              change(world, { waves }, 'v3');
              draw(world, then);
              return ports.statuses.page(cursor, limit);
            },
          }),
        }),
      },
    );
    expect(answer.outcome).toBe('again');
    expect((await step(world, 'AdmitRelease', answer)).outcome).toBe('over');
    expect(lineOf(world)).toEqual(then);
  });

  it('does take it where it was begun anew since: then it is the newer one', async () => {
    const world = await bothTried();
    await world.pass(1);
    const startedAt = new Date(world.nowMs()).toISOString();
    change(world, { startedAt } satisfies Partial<ReleaseRecord>);
    expect((await step(world, 'AdmitRelease')).outcome).toBe('done');
    expect(lineOf(world).next?.version).toBe('v2');
    expect(recordOf(world, 'v3').state).toBe('Superseded');
  });
});
