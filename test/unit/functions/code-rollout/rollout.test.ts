import { describe, expect, it } from '@jest/globals';
import { releaseFact } from '../../../../core/code-release.ts';
import type { RolloutState } from '../../../../core/code-rollout.ts';
import { runRolloutStep } from '../../../../functions/code-rollout/run-step.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { run, stageWith } from '../simulated-stage.ts';

const KEY = 'consumer.zip';

function step(world: World, name: string, state: unknown): Promise<RolloutState> {
  return run(world, (ports) => runRolloutStep({ step: name, state }, ports, world.settings));
}

/** The whole machine, with its waits; answers its last state and the slices it took. */
async function rollOut(world: World, version: string) {
  let state = await step(world, 'AdmitRelease', { key: KEY, version });
  let slices = 0;
  while (state.outcome !== 'superseded') {
    state = await step(world, 'SyncPipelines', state);
    slices += 1;
    if (state.outcome !== 'again') break;
    await world.pass(state.afterSeconds);
  }
  return { state, slices };
}

function versionOf(world: World, pipelineId: string): string | undefined {
  return world.statuses.read(pipelineId)?.codeVersion;
}

describe('a rollout', () => {
  it('brings the release to every pipeline that follows its key', async () => {
    const ids = Array.from({ length: 25 }, (_, i) => `p${i}`);
    const world = await stageWith(...ids.map((pipelineId) => ({ pipelineId })));
    world.code.put(KEY, 'v2');
    const { state } = await rollOut(world, 'v2');
    expect(state).toMatchObject({ outcome: 'done', started: 25 });
    await world.pass(60);
    expect(ids.map((id) => [versionOf(world, id), world.statuses.read(id)?.phase])).toEqual(
      ids.map(() => ['v2', 'Active']),
    );
  });

  it('passes by pipelines that are pinned or follow another key', async () => {
    const world = await stageWith();
    world.code.put('other.zip', 'o1');
    world.configs.put('pinned', { pipelineId: 'pinned', codeVersion: 'v1' });
    world.configs.put('other', { pipelineId: 'other', codeKey: 'other.zip' });
    world.configs.put('follower', { pipelineId: 'follower' });
    await world.pass(120);
    world.code.put(KEY, 'v2');
    expect((await rollOut(world, 'v2')).state.started).toBe(1);
    await world.pass(60);
    expect(['pinned', 'other', 'follower'].map((id) => versionOf(world, id))).toEqual(['v1', 'o1', 'v2']);
  });

  it('tells pipelines that waited for code of this key, and no others', async () => {
    const world = await stageWith();
    world.code.deleteVersion(KEY, 'v1');
    world.configs.put('a', { pipelineId: 'a' });
    world.configs.put('b', { pipelineId: 'b', codeKey: 'other.zip' });
    await world.pass(60);
    expect(world.statuses.read('a')?.phase).toBe('Rejected');
    world.code.put(KEY, 'v2');
    expect((await rollOut(world, 'v2')).state.started).toBe(1);
    await world.pass(60);
    expect(world.statuses.read('a')).toMatchObject({ phase: 'Active', codeVersion: 'v2' });
  });

  it('admits what the key holds now, not what the event said', async () => {
    const world = await stageWith();
    world.code.put(KEY, 'v2');
    world.code.put(KEY, 'v3');
    const state = await step(world, 'AdmitRelease', { key: KEY, version: 'v2' });
    expect(state).toMatchObject({ version: 'v3', outcome: 'done' });
    expect(world.ledgers.read(releaseFact(KEY))?.value).toMatchObject({ key: KEY, version: 'v3' });
  });

  it('never puts an older release in the place of a newer one that was admitted meanwhile', async () => {
    const world = await stageWith();
    const state = await run(
      world,
      (ports) => runRolloutStep({ step: 'AdmitRelease', state: { key: KEY } }, ports, world.settings),
      {
        ports: (ports) => ({
          ...ports,
          code: {
            head: async (key) => {
              const seen = await ports.code.head(key);
              if (seen?.version === 'v1') {
                world.code.put(KEY, 'v2');
                world.ledgers.write(releaseFact(KEY), { key: KEY, version: 'v2', admittedAt: '' }, 0);
              }
              return seen;
            },
          },
        }),
      },
    );
    expect(state.version).toBe('v2');
    expect(world.ledgers.read(releaseFact(KEY))?.value).toMatchObject({ version: 'v2' });
  });

  it('stops where another release was admitted', async () => {
    const world = await stageWith({ pipelineId: 'a' });
    world.code.put(KEY, 'v2');
    const state = await step(world, 'AdmitRelease', { key: KEY, version: 'v2' });
    world.code.put(KEY, 'v3');
    await step(world, 'AdmitRelease', { key: KEY, version: 'v3' });
    const before = world.executions.started;
    expect((await step(world, 'SyncPipelines', state)).outcome).toBe('superseded');
    expect(world.executions.started).toBe(before);
  });

  it('ends where the object is gone, and leaves the admitted release as it was', async () => {
    const world = await stageWith({ pipelineId: 'a' });
    world.code.deleteVersion(KEY, 'v1');
    expect((await rollOut(world, 'v1')).state.outcome).toBe('superseded');
    expect(world.ledgers.read(releaseFact(KEY))?.value).toMatchObject({ version: 'v1' });
  });

  it('starts no run twice where a slice is repeated', async () => {
    const world = await stageWith({ pipelineId: 'a' }, { pipelineId: 'b' });
    world.code.put(KEY, 'v2');
    const state = await step(world, 'AdmitRelease', { key: KEY, version: 'v2' });
    const before = world.executions.started;
    await step(world, 'SyncPipelines', state);
    await step(world, 'SyncPipelines', state);
    expect(world.executions.started - before).toBe(2);
  });

  it('starts runs no faster on average than the control-plane budget serves them', async () => {
    const ids = Array.from({ length: 250 }, (_, i) => `p${i}`);
    const world = await stageWith(...ids.map((pipelineId) => ({ pipelineId })));
    await world.pass(120);
    world.code.put(KEY, 'v2');
    const beganMs = world.nowMs();
    const { state, slices } = await rollOut(world, 'v2');
    expect(state.started).toBe(250);
    expect(slices).toBe(3);
    // The last slice waits for nobody.
    expect((world.nowMs() - beganMs) / 1000).toBeGreaterThanOrEqual(
      200 / world.settings.controlPlanePerSecond,
    );
    await world.pass(120);
    expect(new Set(ids.map((id) => versionOf(world, id)))).toEqual(new Set(['v2']));
  });
});
