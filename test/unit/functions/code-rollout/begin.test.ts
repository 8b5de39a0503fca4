import { describe, expect, it } from '@jest/globals';
import { rolloutName } from '../../../../core/release/record.ts';
import { dyingAfter } from '../dying.ts';
import { releaseRecord } from '../release-record.ts';
import { change, draw, fleetOf, KEY, lineOf, recordOf, step, told, uploaded } from './fleet.ts';

describe('a rollout begins', () => {
  it('with a record of the release, which is checked next', async () => {
    const world = await uploaded(await fleetOf(0));
    const answer = await step(world, 'BeginRollout', { sequencer: '0A' });
    expect(answer).toMatchObject({ outcome: 'check', version: 'v2' });
    expect(recordOf(world)).toMatchObject({
      state: 'Checking',
      bucket: world.settings.consumers.codeBucket,
      uploadedAt: new Date(world.code.head(KEY)?.uploadedAtMs ?? 0).toISOString(),
      sequencer: '0A',
      sizeBytes: 1000,
      owner: rolloutName({ key: KEY, version: 'v2' }),
      wave: -1,
    });
    expect(told(world)).toEqual(['Checking']);
  });

  it('with what the key holds now, whatever was uploaded before it', async () => {
    const world = await uploaded(await uploaded(await fleetOf(0)), 'v3');
    const answer = await step(world, 'BeginRollout', { sequencer: '0A' });
    expect(answer).toMatchObject({ outcome: 'check', version: 'v3' });
    expect(world.releases.read(KEY, 'v2')).toBeUndefined();
    // The order of another upload says nothing of this one.
    expect(recordOf(world, 'v3')).not.toHaveProperty('sequencer');
  });

  it('not at all where the event of an older upload comes late', async () => {
    const world = await uploaded(await uploaded(await fleetOf(0)), 'v3');
    await step(world, 'BeginRollout', { version: 'v3' });
    const before = recordOf(world, 'v3');
    expect((await step(world, 'BeginRollout', { version: 'v2' })).outcome).toBe('over');
    expect(world.releases.records).toEqual([before]);
  });

  it('not at all where the object is gone', async () => {
    const world = await uploaded(await fleetOf(0));
    world.code.remove(KEY);
    expect((await step(world, 'BeginRollout')).outcome).toBe('over');
    expect(world.releases.records).toEqual([]);
  });

  it('once where two executions begin at the same time', async () => {
    const world = await uploaded(await fleetOf(0));
    const answer = await step(
      world,
      'BeginRollout',
      {},
      {
        owner: 'late',
        ports: (ports) => ({
          ...ports,
          code: Object.assign(Object.create(ports.code), {
            async head(key: string) {
              world.releases.write(releaseRecord({ owner: 'early' }));
              return ports.code.head(key);
            },
          }),
        }),
      },
    );
    // It finds out when it comes back.
    expect(['again', 'over']).toContain(answer.outcome);
    expect((await step(world, 'BeginRollout', answer, { owner: 'late' })).outcome).toBe('over');
    expect(recordOf(world).owner).toBe('early');
  });

  it.each([1, 2, 3, 4, 5])('once, also after a crash that comes after %i calls', async (calls) => {
    const world = await uploaded(await fleetOf(0));
    await step(world, 'BeginRollout', {}, { ports: dyingAfter(calls) }).catch(() => {});
    expect(await step(world, 'BeginRollout')).toMatchObject({ outcome: 'check', version: 'v2' });
    expect(world.releases.records).toHaveLength(1);
  });
});

describe('an execution that was started for a release that is known', () => {
  const known = async (fields: Parameters<typeof releaseRecord>[0]) => {
    const world = await uploaded(await fleetOf(0));
    world.releases.write(releaseRecord({ announced: fields?.state ?? 'Checking', ...fields }));
    return world;
  };

  it.each([
    ['checks it, where no wave was open', { state: 'Checking', wave: -1 }, 'check'],
    ['goes on with the wave that was open', { state: 'Baking', wave: 1 }, 'move'],
    ['goes on bringing back', { state: 'RolledBack', wave: 1, returned: false }, 'return'],
    ['has nothing to do where all are back', { state: 'RolledBack', returned: true }, 'over'],
    ['has nothing to do while it is paused', { state: 'Rolling', wave: 0, paused: true }, 'over'],
    ['has nothing to do where it is done', { state: 'Done' }, 'over'],
    ['has nothing to do where it is rejected', { state: 'Rejected' }, 'over'],
    ['has nothing to do where another one drives it', { state: 'Rolling', wave: 0, owner: 'x' }, 'over'],
  ] as const)('%s', async (_title, fields, outcome) => {
    const world = await known(fields);
    const before = world.releases.records;
    expect((await step(world, 'BeginRollout')).outcome).toBe(outcome);
    expect(world.releases.records).toEqual(before);
  });

  it('drives on what it was told, also where something newer was uploaded', async () => {
    const world = await uploaded(await known({ state: 'Rolling', wave: 0 }), 'v3');
    expect(await step(world, 'BeginRollout')).toMatchObject({ outcome: 'move', version: 'v2' });
  });

  it('makes sure that nobody is given one that is rolled back', async () => {
    // As a crash leaves it that comes right after the record was written.
    const world = await known({ state: 'RolledBack' });
    draw(world, { stable: 'v1', next: { version: 'v2', reach: 0.5, canaries: true }, kept: [] });
    await step(world, 'BeginRollout');
    expect(lineOf(world)).toEqual({ stable: 'v1', kept: [] });
  });

  it('drives on one that was begun once more by hand', async () => {
    const world = await known({ state: 'Rejected' });
    const owner = rolloutName({ key: KEY, version: 'v2' }, 2);
    change(world, { state: 'Checking', owner, executions: 2 });
    expect((await step(world, 'BeginRollout')).outcome).toBe('over');
    expect((await step(world, 'BeginRollout', {}, { owner })).outcome).toBe('check');
  });
});
