import { describe, expect, it } from '@jest/globals';
import type { Archive } from '../../../../core/release/package.ts';
import { soundArchive } from '../../../../lab/simulator/world/code-bucket.ts';
import { change, fleetOf, KEY, recordOf, rollout, step, steps, told, uploaded } from './fleet.ts';

const sound = soundArchive(KEY, 'v2') as Extract<Archive, { kind: 'read' }>;

/** A zip that says this of itself. */
function saying(manifest: object | string, texts: Readonly<Record<string, string>> = {}): Archive {
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  return { ...sound, texts: { 'sluice.json': text, ...texts } };
}

async function checked(archive: Archive) {
  const world = await uploaded(await fleetOf(0), 'v2', { archive });
  const outcome = await steps(world, ['BeginRollout', 'CheckRelease']);
  return { world, outcome, record: recordOf(world) };
}

describe('a release', () => {
  it('that is sound is tried next; its record says what it is', async () => {
    const { record, outcome, world } = await checked(soundArchive(KEY, 'v2', 123_456));
    expect(outcome).toBe('done');
    expect(record).toMatchObject({
      state: 'Checking',
      unzippedBytes: 123_456,
      sha256: sound.sha256,
      settings: rollout,
    });
    expect(told(world)).toEqual(['Checking']);
  });

  it('may say how it wants to go out; what it does not say, the stage says', async () => {
    const { record } = await checked(saying({ rollout: { bakeSeconds: 7, growth: 3 } }));
    expect(record.settings).toEqual({ ...rollout, bakeSeconds: 7, growth: 3 });
  });

  it.each<[string, Archive, RegExp]>([
    [
      'is no zip',
      { kind: 'unreadable', reason: 'no end of central directory' },
      /no end of central directory/,
    ],
    [
      'has no handler',
      { ...sound, files: [{ name: 'readme.md', bytes: 1 }] },
      /zip must be an archive with index/,
    ],
    ['is too large unzipped', soundArchive(KEY, 'v2', 300_000_000), /at most 250 MB unzipped, got 287 MB/],
    ['has a sluice.json that is none', saying('{'), /sluice\.json must be JSON/],
    ['asks for what there is not', saying({ rollout: { speed: 9 } }), /sluice\.json\.rollout\.speed/],
    ['names an event that is not there', saying({ smokeEvent: 'e.json' }), /smokeEvent.*e\.json/],
  ])('that %s is rejected with the reason, and told of', async (_what, archive, reason) => {
    const { world, outcome, record } = await checked(archive);
    expect(outcome).toBe('rejected');
    expect(record).toMatchObject({ state: 'Rejected', reason: expect.stringMatching(reason) });
    expect(record.endedAt).toBeDefined();
    expect(told(world)).toEqual(['Checking', 'Rejected']);
    expect(world.metrics.get('ReleasesStopped')).toBe(1);
  });

  it('that is wrong in several ways is told all of them', async () => {
    const { record } = await checked({
      ...sound,
      files: [{ name: 'x', bytes: 3e8 }],
      texts: { 'sluice.json': '{' },
    });
    expect(record.reason).toMatch(/250 MB.*; .*index.*; .*JSON/);
  });

  it('whose object is gone is rejected', async () => {
    const world = await uploaded(await fleetOf(0));
    await step(world, 'BeginRollout');
    world.code.deleteVersion(KEY, 'v2');
    expect((await step(world, 'CheckRelease')).outcome).toBe('rejected');
    expect(recordOf(world).reason).toBe('its object is no longer in the code bucket');
  });

  it('that somebody wrote to meanwhile is checked once more', async () => {
    const world = await uploaded(await fleetOf(0));
    await step(world, 'BeginRollout');
    const answer = await step(
      world,
      'CheckRelease',
      {},
      {
        ports: (ports) => ({
          ...ports,
          code: Object.assign(Object.create(ports.code), {
            async archive(key: string, version: string) {
              change(world, { paused: true });
              return ports.code.archive(key, version);
            },
          }),
        }),
      },
    );
    expect(answer).toMatchObject({ outcome: 'again', afterSeconds: 1 });
    expect((await step(world, 'CheckRelease')).outcome).toBe('done');
    expect(recordOf(world)).toMatchObject({ paused: true, state: 'Checking', sha256: expect.any(String) });
  });
});
