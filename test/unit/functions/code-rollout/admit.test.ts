import { describe, expect, it } from '@jest/globals';
import { planWaves } from '../../../../core/release/plan.ts';
import type { StorageNeed } from '../../../../core/release/storage.ts';
import { soundArchive } from '../../../../lab/simulator/world/code-bucket.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { dyingAfter } from '../dying.ts';
import { releaseRecord } from '../release-record.ts';
import {
  ADMITTED,
  CHECKED,
  change,
  draw,
  fleetOf,
  KEY,
  lineOf,
  recordOf,
  rollout,
  step,
  steps,
  told,
  uploaded,
} from './fleet.ts';

/** A release that was tried, for a fleet. */
async function tried(records: Parameters<typeof fleetOf>[0], unzippedBytes = 4000): Promise<World> {
  const archive = soundArchive(KEY, 'v2', unzippedBytes);
  const world = await uploaded(await fleetOf(records), 'v2', { archive });
  await steps(world, CHECKED);
  return world;
}

describe('a release is admitted', () => {
  it('with its waves planned, and reaches nobody yet', async () => {
    const world = await tried(6);
    expect((await step(world, 'AdmitRelease')).outcome).toBe('done');
    const followers = Array.from({ length: 6 }, (_, at) => ({ pipelineId: `p${at}`, canary: false }));
    expect(recordOf(world)).toMatchObject({
      state: 'Checking',
      from: 'v1',
      wave: -1,
      waves: planWaves(followers, 'v2', rollout),
      warnings: [],
    });
    expect(recordOf(world).waves.map(({ pipelines }) => pipelines)).toEqual([1, 2, 3]);
    const next = { version: 'v2', reach: 0, canaries: false };
    expect(lineOf(world)).toEqual({ stable: 'v1', next, kept: [] });
  });

  it('for whom it is meant: not the pinned, not followers of another key, not those that go', async () => {
    const records = [
      { pipelineId: 'follower' },
      { pipelineId: 'marked', canary: true },
      { pipelineId: 'pinned', codeVersion: 'v1' },
      { pipelineId: 'goes' },
    ];
    const world = await fleetOf(records);
    world.code.put('other.zip', 'o1');
    world.admit('other.zip', 'o1');
    world.configs.put('other', { pipelineId: 'other', codeKey: 'other.zip' });
    world.send('goes', 1, { seconds: 20 });
    await world.pass(60);
    world.configs.remove('goes');
    await world.pass(5);
    expect(world.statuses.read('goes')?.phase).toBe('Draining');
    await uploaded(world);
    await steps(world, ADMITTED);
    expect(recordOf(world).waves.map(({ pipelines }) => pipelines)).toEqual([1, 1]);
  });

  it('and goes out as it wants to itself', async () => {
    const world = await tried(6);
    change(world, { settings: { ...rollout, canaryShare: 0.5 } });
    await step(world, 'AdmitRelease');
    expect(recordOf(world).waves.map(({ pipelines }) => pipelines)).toEqual([3, 3]);
  });

  it('with those counted that had failed before it came', async () => {
    const world = await tried(3);
    for (const id of ['p0', 'p2']) {
      const status = world.statuses.read(id);
      if (status) world.statuses.write({ ...status, phase: 'Failed' });
    }
    await step(world, 'AdmitRelease');
    expect(recordOf(world).waves.reduce((sum, wave) => sum + (wave.failedBefore ?? 0), 0)).toBe(2);
  });

  it('to all in one wave where it is the first of its key: nobody has anything to go back to', async () => {
    const world = await tried(6);
    draw(world, { kept: [] });
    await step(world, 'AdmitRelease');
    expect(recordOf(world)).toMatchObject({ waves: [{ reach: 1, canaries: true, pipelines: 6 }] });
    expect(recordOf(world)).not.toHaveProperty('from');
  });

  it('the same however often it is repeated after a crash', async () => {
    const whole = await tried(3);
    await step(whole, 'AdmitRelease');
    for (let calls = 1; ; calls += 1) {
      const world = await tried(3);
      const crashed = await step(world, 'AdmitRelease', {}, { ports: dyingAfter(calls) }).then(
        () => false,
        () => true,
      );
      await steps(world, ['AdmitRelease']);
      expect(lineOf(world)).toEqual(lineOf(whole));
      expect(recordOf(world)).toMatchObject({ waves: recordOf(whole).waves, from: 'v1', wave: -1 });
      if (!crashed) return;
      expect(calls).toBeLessThan(30);
    }
  });
});

describe('code storage', () => {
  const GB = 1e9;
  const storageOf = async (usedGb: number, unzippedBytes: number) => {
    const world = await tried(4, unzippedBytes);
    // What the reconciler has read last.
    const { revision = 0, value } = world.ledgers.read('account') ?? {};
    world.ledgers.write('account', { ...(value as object), codeBytesUsed: usedGb * GB }, revision);
    const { outcome } = await step(world, 'AdmitRelease');
    return { world, outcome, record: recordOf(world) };
  };
  const need: StorageNeed = { usedBytes: 1 * GB, allowedBytes: 300 * GB, neededBytes: 5 * 0.2 * GB };

  it('used, allowed and needed stand in the record: one more copy, and by how much each grows', async () => {
    const { record, outcome } = await storageOf(1, 0.2 * GB);
    // Nobody knows how large v1 was: then it was as large as this one.
    expect(record.storage).toEqual({ ...need, neededBytes: 0.2 * GB });
    expect([outcome, record.warnings]).toEqual(['done', []]);
  });

  it('is compared with what the release before takes', async () => {
    const world = await tried(4, 0.2 * GB);
    world.releases.write(releaseRecord({ version: 'v1', state: 'Done', unzippedBytes: 0 }));
    await step(world, 'AdmitRelease');
    expect(recordOf(world).storage?.neededBytes).toBe(need.neededBytes);
  });

  it('that grows tight is warned of, and the rollout goes on', async () => {
    const { record, outcome } = await storageOf(245, 0.2 * GB);
    expect(outcome).toBe('done');
    expect(record.warnings).toEqual(['code storage: 245.00 GB of 300.00 GB used, 0.20 GB more needed']);
  });

  it('that is not there rejects the release before anybody gets it', async () => {
    const { record, outcome, world } = await storageOf(299.9, 0.2 * GB);
    expect(outcome).toBe('rejected');
    expect(record).toMatchObject({
      state: 'Rejected',
      reason: 'code storage: 299.90 GB of 300.00 GB used, 0.20 GB more needed, which is not there',
      storage: { usedBytes: 299.9 * GB, allowedBytes: 300 * GB },
    });
    expect(lineOf(world)).toEqual({ stable: 'v1', kept: [] });
    expect(told(world)).toEqual(['Checking', 'Rejected']);
  });
});
