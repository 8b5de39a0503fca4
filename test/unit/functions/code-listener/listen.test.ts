import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RolloutInput } from '../../../../aws/ports.ts';
import type { Upload } from '../../../../core/code-event.ts';
import { rolloutName } from '../../../../core/release/record.ts';
import { listen } from '../../../../functions/code-listener/listen.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { releaseRecord } from '../release-record.ts';
import { run, stageWith } from '../simulated-stage.ts';

const BUCKET = 'code-of-sim';

function hearOf(world: World, ...uploads: Upload[]) {
  return run(world, (ports) => listen(uploads, BUCKET, ports));
}

function hear(world: World, ...keys: string[]) {
  return hearOf(world, ...keys.map((key) => ({ key, bucket: BUCKET })));
}

/** What was started, in order. */
function started(world: World): RolloutInput[] {
  return [...world.rollouts.started.values()];
}

describe('the code listener', () => {
  it('starts a rollout of what the key holds now', async () => {
    const world = await stageWith();
    world.code.put('consumer.zip', 'v2');
    await hear(world, 'consumer.zip');
    const release = { key: 'consumer.zip', version: 'v2' };
    expect([...world.rollouts.started]).toEqual([[rolloutName(release), release]]);
  });

  it('starts one rollout for a release, however often and late its event comes', async () => {
    const world = await stageWith();
    await hear(world, 'consumer.zip');
    world.code.put('consumer.zip', 'v2');
    await hear(world, 'consumer.zip');
    await hear(world, 'consumer.zip');
    expect(started(world).map(({ version }) => version)).toEqual(['v1', 'v2']);
  });

  it('passes over an object that is already gone, and goes on with the others', async () => {
    const world = await stageWith();
    await hear(world, 'gone.zip', 'consumer.zip');
    expect(started(world).map(({ key }) => key)).toEqual(['consumer.zip']);
  });

  it('passes over uploads to another bucket', async () => {
    const world = await stageWith();
    await hearOf(world, { key: 'consumer.zip', bucket: 'other' });
    expect(world.rollouts.started.size).toBe(0);
  });

  it('passes the sequencer on where it is known to be of the version that is there', async () => {
    const world = await stageWith();
    world.code.put('consumer.zip', 'v2');
    await hearOf(world, { key: 'consumer.zip', bucket: BUCKET, version: 'v2', sequencer: '0056' });
    expect(started(world)).toEqual([{ key: 'consumer.zip', version: 'v2', sequencer: '0056' }]);
  });

  it.each([{ version: 'v1', sequencer: '0055' }, { sequencer: '0055' }, { version: 'v2' }])(
    'passes no sequencer on that may be of another version: %j',
    async (upload) => {
      const world = await stageWith();
      world.code.put('consumer.zip', 'v2');
      await hearOf(world, { key: 'consumer.zip', bucket: BUCKET, ...upload });
      expect(started(world)).toEqual([{ key: 'consumer.zip', version: 'v2' }]);
    },
  );

  it('starts nothing for an event that is provably older than the release that is there', async () => {
    const world = await stageWith();
    world.code.put('consumer.zip', 'v2');
    world.releases.write(releaseRecord({ version: 'v2', sequencer: '0056' }));
    await hearOf(world, { key: 'consumer.zip', bucket: BUCKET, version: 'v1', sequencer: '0055' });
    expect(started(world)).toEqual([]);
  });

  it.each([
    ['tells no order', { version: 'v1', sequencer: '0' }],
    ['is of the release that is there', { version: 'v2', sequencer: '0056' }],
    ['is of a version that is gone again', { version: 'v3', sequencer: '0057' }],
    ['names no version', { sequencer: '0055' }],
  ])('makes sure of the rollout where an event %s', async (_title, upload) => {
    const world = await stageWith();
    world.code.put('consumer.zip', 'v2');
    world.releases.write(releaseRecord({ version: 'v2', sequencer: '0056' }));
    await hearOf(world, { key: 'consumer.zip', bucket: BUCKET, ...upload });
    expect(started(world).map(({ version }) => version)).toEqual(['v2']);
  });

  it('ends with the release that is there whatever the order of events, and each rollout started once', async () => {
    const versions = ['v2', 'v3', 'v4'];
    const events = versions.map((version, place) => ({ version, sequencer: `005${place}`, bucket: BUCKET }));
    const orders = fc.shuffledSubarray([...events, ...events], { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const world = await stageWith();
        for (const version of versions) world.code.put('consumer.zip', version);
        for (const event of order) await hearOf(world, { key: 'consumer.zip', ...event });
        expect(started(world).map(({ version }) => version)).toEqual(['v4']);
      }),
      { numRuns: 20 },
    );
  });
});
