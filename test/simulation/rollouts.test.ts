import { describe, expect, it } from '@jest/globals';
import type { ReleaseRecord } from '../../core/release/record.ts';
import type { Behaviour } from '../../lab/simulator/world/code-bucket.ts';
import { AWS_NATURE } from '../../lab/simulator/world/nature.ts';
import { controlRollout } from '../../lab/simulator/world/rollout-functions.ts';
import { CODE_KEY, World } from '../../lab/simulator/world/world.ts';

const PIPELINES = 12;

/** A dozen pipelines at work, and a release that goes out to them. */
class Fleet {
  readonly world = new World({ seed: 3, nature: { ...AWS_NATURE, functionFails: 0 } });
  readonly ids = Array.from({ length: PIPELINES }, (_, at) => `g${at}`);

  async begin(): Promise<void> {
    this.world.code.put(CODE_KEY, 'v1');
    this.world.admit(CODE_KEY, 'v1');
    for (const pipelineId of this.ids) {
      // Two attempts, soon after each other, and a task that fails is a dead letter.
      const quick = { timeoutSeconds: 10, visibilityTimeoutSeconds: 60, maxAttempts: 1, maxReceiveCount: 2 };
      this.world.configs.put(pipelineId, { pipelineId, ...quick });
    }
    await this.world.pass(240);
    await this.work(6);
  }

  /** Minutes with tasks for everybody. */
  async work(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      for (const id of this.ids) this.world.send(id, 5);
      await this.world.pass(60);
    }
  }

  release(version: string): ReleaseRecord | undefined {
    return this.world.releases.read(CODE_KEY, version);
  }

  versions(): (string | undefined)[] {
    const all = this.ids.map((id) => this.world.statuses.records.get(id)?.codeVersion);
    return [...new Set(all)].sort();
  }

  /** Everybody who ran a version, by the tasks' own stamps. */
  ranOn(version: string): string[] {
    const runs = this.world.book.runs.filter(({ codeVersion }) => codeVersion === version);
    return [...new Set(runs.map(({ pipelineId }) => pipelineId))];
  }

  undone(): number {
    return [...this.world.book.fates.values()].filter(({ succeeded }) => !succeeded).length;
  }
}

async function fleetWith(behaviour: Behaviour): Promise<Fleet> {
  const fleet = new Fleet();
  await fleet.begin();
  fleet.world.upload(CODE_KEY, 'v2', behaviour);
  return fleet;
}

describe('a release', () => {
  it('that is good reaches everybody in waves, while tasks flow', async () => {
    const fleet = await fleetWith({});
    await fleet.work(5);
    expect(fleet.ranOn('v2')).toHaveLength(1);
    await fleet.work(20);
    expect(fleet.release('v2')).toMatchObject({ state: 'Done', counts: { moved: PIPELINES } });
    expect(fleet.versions()).toEqual(['v2']);
    await fleet.world.pass(300);
    expect(fleet.undone()).toBe(0);
    const told = fleet.world.events.published.map(({ detail }) => detail.state);
    expect(told.filter((state, at) => state !== told[at - 1])).toEqual([
      'Checking',
      'Canary',
      'Baking',
      'Rolling',
      'Baking',
      'Rolling',
      'Baking',
      'Done',
    ]);
  }, 30_000);

  it.each<[string, Behaviour]>([
    ['fails', { fails: 1 }],
    ['fails half of its tasks', { fails: 0.5 }],
    ['takes three times as long', { slowdown: 3 }],
  ])(
    'that %s is stopped at the canary, and everybody is on the former one',
    async (_what, behaviour) => {
      const fleet = await fleetWith(behaviour);
      await fleet.work(25);
      const { evidence = [], ...release } = fleet.release('v2') ?? {};
      expect(release).toMatchObject({ state: 'RolledBack', returned: true, wave: 0 });
      expect(evidence.length).toBeGreaterThan(0);
      expect(fleet.versions()).toEqual(['v1']);
      expect(fleet.ranOn('v2')).toHaveLength(1);
    },
    30_000,
  );

  it.each<[string, Behaviour]>([
    ['fails its trial', { trialFails: 'no such module' }],
    ['is no zip', { archive: { kind: 'unreadable', reason: 'no end of central directory' } }],
  ])(
    'that %s is rejected, and nobody gets it',
    async (_what, behaviour) => {
      const fleet = await fleetWith(behaviour);
      await fleet.work(10);
      expect(fleet.release('v2')).toMatchObject({ state: 'Rejected' });
      expect(fleet.versions()).toEqual(['v1']);
      expect(fleet.ranOn('v2')).toEqual([]);
    },
    30_000,
  );

  it('that is uploaded during a rollout goes out in its place', async () => {
    const fleet = await fleetWith({});
    await fleet.work(5);
    fleet.world.upload(CODE_KEY, 'v3');
    await fleet.work(25);
    expect(fleet.release('v2')).toMatchObject({ state: 'Superseded' });
    expect(fleet.release('v3')).toMatchObject({ state: 'Done' });
    expect(fleet.ranOn('v2')).toHaveLength(1);
    expect(fleet.versions()).toEqual(['v3']);
  }, 30_000);

  it('that is paused goes no further until it is resumed', async () => {
    const fleet = await fleetWith({});
    await fleet.work(5);
    controlRollout(fleet.world, { action: 'pause' });
    await fleet.work(20);
    expect(fleet.release('v2')).toMatchObject({ paused: true });
    expect(fleet.ranOn('v2')).toHaveLength(1);
    controlRollout(fleet.world, { action: 'resume' });
    await fleet.work(20);
    expect(fleet.release('v2')).toMatchObject({ state: 'Done' });
    expect(fleet.versions()).toEqual(['v2']);
  }, 30_000);
});
