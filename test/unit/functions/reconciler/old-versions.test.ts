import { describe, expect, it } from '@jest/globals';
import type { ReleaseRecord } from '../../../../core/release/record.ts';
import { releaseRecord } from '../release-record.ts';
import { stageWith } from '../simulated-stage.ts';
import { draw, KEY, tick } from './tick.ts';

const DAY_SECONDS = 86_400;

/** A stage with so many old versions u1 … besides v1, and a newest one, vn, that everybody is to have. */
async function stageOf(count: number) {
  const world = await stageWith();
  world.configs.onChange = () => {};
  for (let i = 1; i <= count; i += 1) world.code.put(KEY, `u${i}`);
  world.code.put(KEY, 'vn');
  draw(world, { stable: 'vn', kept: [] });
  world.releases.write(releaseRecord({ version: 'vn', state: 'Done', announced: 'Done' }));
  await world.pass(2 * DAY_SECONDS);
  return world;
}

function versionsOf(world: Awaited<ReturnType<typeof stageOf>>): string[] {
  return world.code.versions(KEY).items.map(({ version }) => version);
}

describe('old versions of consumer code', () => {
  it('go once every record has been asked twice whether it needs them', async () => {
    const world = await stageOf(12);
    // Ten are kept, and v1 and u1 to u3 are not among them.
    for (let i = 0; i < 3; i += 1) expect((await tick(world)).releases.deletedVersions).toBe(0);
    expect((await tick(world)).releases.deletedVersions).toBe(4);
    expect(versionsOf(world)).toEqual(['vn', ...[12, 11, 10, 9, 8, 7, 6, 5, 4].map((i) => `u${i}`)]);
  });

  it('stay where a record is pinned to them', async () => {
    const world = await stageOf(12);
    world.configs.put('pinned', { pipelineId: 'pinned', codeVersion: 'u2' });
    for (let i = 0; i < 4; i += 1) await tick(world);
    expect(versionsOf(world)).toContain('u2');
    expect(versionsOf(world)).not.toContain('u3');
  });

  it('stay where a record is pinned to them only after all have been asked for the first time', async () => {
    const world = await stageOf(12);
    for (let i = 0; i < 2; i += 1) await tick(world);
    world.configs.put('pinned', { pipelineId: 'pinned', codeVersion: 'u2' });
    for (let i = 0; i < 4; i += 1) await tick(world);
    expect(versionsOf(world)).toContain('u2');
    expect(versionsOf(world)).not.toContain('u3');
  });

  it.each([
    ['on its way', { state: 'Canary', paused: true }, ['u1', 'u2']],
    ['on its way back', { state: 'RolledBack' }, ['u1', 'u2']],
    ['back', { state: 'RolledBack', returned: true }, []],
  ] as const)('stay where a release that is %s needs them', async (_title, fields, kept) => {
    const world = await stageOf(12);
    world.releases.write(releaseRecord({ version: 'u2', from: 'u1', announced: fields.state, ...fields }));
    // Its driver is alive: nothing but the record keeps them.
    const alive = () => ({ ...world.releases.read(KEY, 'u2'), aliveAtMs: world.nowMs() }) as ReleaseRecord;
    for (let i = 0; i < 4; i += 1) {
      world.releases.write(alive());
      await tick(world);
    }
    expect(
      versionsOf(world)
        .filter((version) => ['u1', 'u2', 'u3'].includes(version))
        .sort(),
    ).toEqual(kept);
  });

  it('stay where a pipeline still runs them', async () => {
    const world = await stageWith({ pipelineId: 'p' });
    world.configs.onChange = () => {};
    for (let i = 1; i <= 12; i += 1) world.code.put(KEY, `u${i}`);
    draw(world, { stable: 'u12', kept: [] });
    await world.pass(2 * DAY_SECONDS);
    const start = async () => 'already' as const;
    for (let i = 0; i < 4; i += 1) await tick(world, (ports) => ({ ...ports, executions: { start } }));
    expect(world.statuses.read('p')?.codeVersion).toBe('v1');
    expect(versionsOf(world)).toContain('v1');
  });

  it('go twenty in a tick, oldest first, and all in the end', async () => {
    const world = await stageOf(60);
    for (let i = 0; i < 3; i += 1) await tick(world);
    expect((await tick(world)).releases.deletedVersions).toBe(20);
    expect(versionsOf(world)).toHaveLength(42);
    expect(versionsOf(world)).not.toContain('v1');
    for (let i = 0; i < 6; i += 1) await tick(world);
    expect(versionsOf(world)).toHaveLength(10);
  });

  it('stay where more releases are in use than can be told apart, which is said', async () => {
    const world = await stageOf(12);
    for (let i = 0; i <= 500; i += 1) world.configs.put(`p${i}`, { codeVersion: `w${i}` });
    const ticks = [];
    for (let i = 0; i < 8; i += 1) ticks.push(await tick(world));
    expect(ticks.map(({ releases }) => releases.deletedVersions)).toEqual(ticks.map(() => 0));
    const said = ticks.flatMap(({ warnings }) => warnings).filter((one) => one.startsWith('more releases'));
    expect(said.length).toBeGreaterThan(0);
    expect(versionsOf(world)).toHaveLength(14);
  });

  it('stay where the names of some records were not read', async () => {
    const world = await stageOf(12);
    world.configs.put('pinned', { pipelineId: 'pinned', codeVersion: 'u2' });
    // Whatever fails while releases are looked at, the names that were read are kept.
    await tick(world, (ports) => ({
      ...ports,
      releases: Object.assign(Object.create(ports.releases), { page: () => Promise.reject(new Error('no')) }),
    }));
    world.configs.remove('pinned');
    for (let i = 0; i < 3; i += 1) await tick(world);
    expect(versionsOf(world)).toContain('u2');
    expect(versionsOf(world)).not.toContain('u3');
  });
});
