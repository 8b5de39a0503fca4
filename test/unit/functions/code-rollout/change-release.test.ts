import { describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../../aws/ports.ts';
import { RELEASE_STATES, type ReleaseRecord } from '../../../../core/release/record.ts';
import { changeRelease } from '../../../../functions/code-rollout/change-release.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { dyingAfter } from '../dying.ts';
import { releaseRecord } from '../release-record.ts';
import { run, stageWith } from '../simulated-stage.ts';
import { recordOf, told } from './fleet.ts';

const changed = (
  world: World,
  record: ReleaseRecord,
  changes: Partial<ReleaseRecord>,
  ports = (all: Ports) => all,
) => run(world, (all) => changeRelease(record, changes, all), { ports });

async function written(fields: Partial<ReleaseRecord> = {}): Promise<World> {
  const world = await stageWith();
  const { state = 'Checking' } = fields;
  world.releases.write(releaseRecord({ announced: state, ...fields }));
  return world;
}

describe('a new state of a release', () => {
  it.each(RELEASE_STATES)('is told of: %s', async (state) => {
    const world = await written({ state: state === 'Canary' ? 'Rolling' : 'Canary', wave: 1 });
    const evidence = [{ what: 'errors' as const, message: 'many' }];
    await changed(world, recordOf(world), { state, reason: 'because', evidence });
    expect(world.events.published).toEqual([
      {
        atMs: expect.any(Number),
        detailType: 'Release state changed',
        detail: {
          codeKey: 'consumer.zip',
          version: 'v2',
          from: state === 'Canary' ? 'Rolling' : 'Canary',
          state,
          wave: { number: 2, of: 0 },
          counts: recordOf(world).counts,
          reason: 'because',
          evidence,
          at: recordOf(world).updatedAt,
          says: expect.stringContaining(`release v2 of consumer.zip is ${state}`),
        },
      },
    ]);
    expect(recordOf(world)).toMatchObject({ state, announced: state });
  });

  it('is told of from the first one on, and what is no news is not', async () => {
    const world = await stageWith();
    const made = await changed(world, releaseRecord(), {});
    expect(world.events.published[0]?.detail).not.toHaveProperty('from');
    await changed(world, made as ReleaseRecord, { state: 'Checking', sizeBytes: 7 });
    expect(told(world)).toEqual(['Checking']);
    expect(recordOf(world).sizeBytes).toBe(7);
  });

  it.each([
    { state: 'Done', stays: true },
    { state: 'Aborted', stays: true },
    { state: 'Rejected', stays: false },
    { state: 'Superseded', stays: false },
    { state: 'RolledBack', stays: false },
  ] as const)(
    'that ends it says when: $state; a release that went nowhere is forgotten in the end',
    async (one) => {
      const world = await written({ state: 'Rolling' });
      await changed(world, recordOf(world), { state: one.state });
      const { endedAt, expiresAt, updatedAt } = recordOf(world);
      expect(endedAt).toBe(updatedAt);
      const stays =
        expiresAt === undefined ? undefined : expiresAt - Math.floor(Date.parse(updatedAt) / 1000);
      expect(stays).toBe(one.stays ? undefined : 90 * 86_400);
    },
  );

  it('that begins it anew takes back that it had ended', async () => {
    const world = await written({ state: 'Rejected', endedAt: 'then', expiresAt: 1 });
    await changed(world, recordOf(world), { state: 'Checking' });
    for (const gone of ['endedAt', 'expiresAt'] as const) expect(recordOf(world)).not.toHaveProperty(gone);
  });

  it('is told of at least once, and never before the one before it, wherever whoever writes it dies', async () => {
    const states = ['Canary', 'Baking', 'Rolling', 'Done'] as const;
    for (let calls = 0; ; calls += 1) {
      const world = await written();
      const dying = dyingAfter(calls);
      let died = false;
      for (const state of states) {
        const dies = await changed(world, recordOf(world), { state }, dying).then(
          () => false,
          () => true,
        );
        died ||= dies;
        // Whoever comes after it knows only the record.
        if (dies) await changed(world, recordOf(world), { state });
      }
      const all = told(world);
      expect([...new Set(all)]).toEqual(states);
      // Where it is told twice, then before the next one is.
      expect(all).toEqual(states.flatMap((state) => all.filter((one) => one === state)));
      const from = world.events.published.map(({ detail }) => detail.from);
      expect([...new Set(from)]).toEqual(['Checking', 'Canary', 'Baking', 'Rolling']);
      if (!died) return;
      expect(calls).toBeLessThan(30);
    }
  });

  it('that somebody else has written meanwhile is neither written nor told of', async () => {
    const world = await written();
    const read = recordOf(world);
    world.releases.write({ ...read, paused: true });
    expect(await changed(world, read, { state: 'Done' })).toBe('conflict');
    expect(recordOf(world)).toMatchObject({ state: 'Checking', paused: true });
    expect(told(world)).toEqual([]);
  });
});

describe('every change', () => {
  it('is a sign of life', async () => {
    const world = await written({ aliveAtMs: 0 });
    await world.pass(100);
    await changed(world, recordOf(world), { sizeBytes: 7 });
    expect(recordOf(world).aliveAtMs).toBeGreaterThan(world.nowMs() - 1000);
    expect(Date.parse(recordOf(world).updatedAt)).toBe(recordOf(world).aliveAtMs);
  });
});
