import { describe, expect, it } from '@jest/globals';
import { releaseFact } from '../../../../core/release/line.ts';
import { type ReleaseRecord, rolloutName } from '../../../../core/release/record.ts';
import { reconcile } from '../../../../functions/reconciler/reconcile.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { releaseRecord } from '../release-record.ts';
import { run, stageWith } from '../simulated-stage.ts';
import { draw, KEY, tick } from './tick.ts';

const V2 = { key: KEY, version: 'v2' };
const SECOND = rolloutName(V2, 2);

/** A stage whose current upload v1 is stable, with a release v2 whose execution was last heard of a while ago. */
async function stageOf(fields: Partial<ReleaseRecord>, silentSeconds: number): Promise<World> {
  const world = await stageWith();
  draw(world, { stable: 'v1', kept: [] });
  const { state = 'Rolling' } = fields;
  world.releases.write(releaseRecord({ aliveAtMs: world.nowMs(), announced: state, ...fields, state }));
  await world.pass(silentSeconds);
  return world;
}

describe('a rollout that nobody drives on', () => {
  it.each<[string, Partial<ReleaseRecord>]>([
    ['checked', { state: 'Checking' }],
    ['rolling', { state: 'Rolling', wave: 1 }],
    ['rolled back, with pipelines still to return', { state: 'RolledBack', returned: false }],
  ])('goes on by another execution: one that is %s', async (_title, fields) => {
    const world = await stageOf(fields, 901);
    const { rollouts, releases, warnings } = await tick(world);
    expect(rollouts).toEqual([[SECOND, V2]]);
    expect(releases.takenOver).toBe(1);
    expect(warnings).toEqual(['a rollout was not driven on']);
    expect(world.metrics.get('DeadRollouts')).toBe(1);
    const record = world.releases.read(KEY, 'v2');
    expect(record).toMatchObject({ ...fields, owner: SECOND, executions: 2 });
    expect(record?.aliveAtMs).toBeGreaterThan(world.nowMs() - 60_000);
  });

  it('reaches everybody in the end', async () => {
    const world = await stageWith({ pipelineId: 'p' });
    world.upload(KEY, 'v2');
    await world.pass(30);
    const record = world.releases.read(KEY, 'v2');
    if (record === undefined) throw new Error('no record');
    world.releases.write({ ...record, owner: 'somebody who died' });
    await world.pass(3_600);
    expect(world.releases.read(KEY, 'v2')?.state).not.toBe('Done');
    await run(world, (ports, deadlineMs) => reconcile(ports, world.settings, deadlineMs));
    await world.pass(3_600);
    expect(world.releases.read(KEY, 'v2')?.state).toBe('Done');
    expect(world.statuses.read('p')?.codeVersion).toBe('v2');
  });

  it('is handed to one execution, however many ticks look at it', async () => {
    const world = await stageOf({}, 901);
    await tick(world);
    await world.pass(60);
    expect((await tick(world)).rollouts).toEqual([]);
  });

  it('is taken out of its line where it was rolled back and nobody did', async () => {
    const world = await stageOf({ state: 'RolledBack' }, 901);
    draw(world, { stable: 'v1', next: { version: 'v2', reach: 0.5, canaries: true }, kept: [] });
    await tick(world);
    expect(world.ledgers.read(releaseFact(KEY))?.value).toEqual({ stable: 'v1', kept: [] });
  });

  it.each<[string, Partial<ReleaseRecord>, number]>([
    ['whose execution was heard of a quarter of an hour ago', {}, 890],
    ['that is paused', { paused: true }, 9_000],
    ['that is done', { state: 'Done' }, 9_000],
    ['that is rejected', { state: 'Rejected' }, 9_000],
    ['that is superseded', { state: 'Superseded' }, 9_000],
    ['that is aborted', { state: 'Aborted' }, 9_000],
    ['that everybody has returned from', { state: 'RolledBack', returned: true }, 9_000],
  ])('is not one %s', async (_title, fields, silentSeconds) => {
    const world = await stageOf(fields, silentSeconds);
    const before = world.releases.read(KEY, 'v2');
    expect(await tick(world)).toMatchObject({ rollouts: [], releases: { takenOver: 0 }, warnings: [] });
    expect(world.releases.read(KEY, 'v2')).toEqual(before);
    expect(world.events.published).toEqual([]);
  });

  it('is left alone where its execution writes at that moment', async () => {
    const world = await stageOf({}, 901);
    const alive = await tick(world, (ports) => ({
      ...ports,
      releases: Object.assign(Object.create(ports.releases), { write: async () => 'conflict' }),
    }));
    expect(alive).toMatchObject({ rollouts: [], releases: { takenOver: 0 } });
  });

  it('is told of at last where it ended and its last event was lost', async () => {
    const world = await stageOf({ state: 'Done', announced: 'Baking' }, 901);
    await tick(world);
    await world.pass(901);
    await tick(world);
    expect(world.events.published.map(({ detail }) => [detail.version, detail.state])).toEqual([
      ['v2', 'Done'],
    ]);
  });
});

describe('an upload whose event was lost', () => {
  it.each<[string, (world: World) => void]>([
    [
      'of a key that releases are known of',
      (world) => world.releases.write(releaseRecord({ state: 'Done' })),
    ],
    [
      'of a key that only a record names',
      (world) => {
        world.configs.onChange = () => {};
        world.configs.put('pinned', { pipelineId: 'pinned', codeVersion: 'v1' });
      },
    ],
  ])('is taken up, by the execution that its event would have started: one %s', async (_title, know) => {
    const world = await stageWith();
    draw(world, { stable: 'v1', kept: [] });
    know(world);
    const upload = { key: KEY, version: 'v3' };
    world.code.put(KEY, 'v3');
    const { rollouts, releases, warnings } = await tick(world);
    expect(rollouts).toEqual([[rolloutName(upload), upload]]);
    expect(releases.takenUp).toBe(1);
    expect(warnings).toEqual(['an upload had not been taken up']);
  });

  it.each<ReleaseRecord['state']>(['Checking', 'Rejected', 'RolledBack', 'Superseded', 'Aborted', 'Done'])(
    'is none whose release is known: never brings back one that is %s',
    async (state) => {
      const world = await stageWith();
      draw(world, { stable: 'v1', kept: [] });
      world.code.put(KEY, 'v2');
      const known = releaseRecord({ state, announced: state, returned: true, aliveAtMs: world.nowMs() });
      world.releases.write(known);
      expect(await tick(world)).toMatchObject({ rollouts: [], releases: { takenUp: 0 } });
    },
  );

  it('is none that the line knows, also where its record is gone', async () => {
    const world = await stageWith({ pipelineId: 'p' });
    draw(world, { stable: 'v1', kept: [] });
    expect((await tick(world)).rollouts).toEqual([]);
  });

  it('is none where the object is deleted', async () => {
    const world = await stageWith();
    world.releases.write(releaseRecord({ state: 'Done', announced: 'Done' }));
    world.code.remove(KEY);
    expect((await tick(world)).rollouts).toEqual([]);
  });

  it('is not counted where its execution runs', async () => {
    const world = await stageWith();
    world.releases.write(releaseRecord({ state: 'Done', announced: 'Done' }));
    const start = async () => 'already' as const;
    const { releases, warnings } = await tick(world, (ports) => ({ ...ports, rollouts: { start } }));
    expect([releases.takenUp, warnings]).toEqual([0, []]);
  });
});

describe('a page of releases', () => {
  it('is 25 of them in a tick, and all in their turn', async () => {
    const world = await stageWith();
    const taken = new Set<string>();
    for (let i = 0; i < 60; i += 1) {
      world.releases.write(releaseRecord({ version: `r${i}`, state: 'Rolling', announced: 'Rolling' }));
    }
    draw(world, { stable: 'v1', kept: [] });
    await world.pass(901);
    for (const expected of [25, 25, 10]) {
      const { rollouts, releases } = await tick(world);
      expect(releases.takenOver).toBe(expected);
      for (const [, { version }] of rollouts) taken.add(version);
    }
    expect(taken.size).toBe(60);
  });

  it('that cannot be read stops no other work of the tick, nor the next one', async () => {
    const world = await stageWith({ pipelineId: 'p' });
    const broken = await tick(world, (ports) => ({
      ...ports,
      releases: Object.assign(Object.create(ports.releases), {
        page: async () => {
          throw new Error('broken');
        },
      }),
    }));
    expect(broken).toMatchObject({ looked: 1, warnings: ['a look failed'], releases: { takenOver: 0 } });
    expect(world.ledgers.read('reconciler')?.value).toMatchObject({ tick: 1, naming: { configEnds: 1 } });
  });
});
