import { describe, expect, it } from '@jest/globals';
import { releaseFact } from '../../../core/release/line.ts';
import { type ReleaseRecord, releaseRecordSchema } from '../../../core/release/record.ts';
import { CODE_KEY } from '../../../lab/simulator/world/world.ts';
import { makeWorld } from './pipelines.ts';

function record(changes: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return releaseRecordSchema.parse({
    codeKey: CODE_KEY,
    version: 'v3',
    revision: 0,
    bucket: 'b',
    state: 'Checking',
    uploadedAt: '2026-01-01T00:00:00.000Z',
    startedAt: '2026-01-01T00:00:00.000Z',
    sizeBytes: 1,
    owner: 'x',
    aliveAtMs: 0,
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  });
}

describe('simulated release records', () => {
  it('are replaced only by whoever has read the latest', () => {
    const { releases } = makeWorld();
    expect(releases.write(record())).toBe('written');
    expect(releases.write(record())).toBe('conflict');
    expect(releases.read(CODE_KEY, 'v3')?.revision).toBe(1);
    expect(releases.write(record({ revision: 1, state: 'Canary' }))).toBe('written');
    expect(releases.read(CODE_KEY, 'v3')).toMatchObject({ revision: 2, state: 'Canary' });
  });

  it('are kept as copies', () => {
    const { releases } = makeWorld();
    const warnings = ['one'];
    releases.write(record({ warnings }));
    warnings.push('two');
    expect(releases.read(CODE_KEY, 'v3')?.warnings).toEqual(['one']);
  });

  it('are found by key, and page by page', () => {
    const { releases } = makeWorld();
    for (const version of ['v3', 'v4', 'v5']) releases.write(record({ version }));
    releases.write(record({ codeKey: 'other.zip' }));
    expect(releases.ofKey(CODE_KEY).map(({ version }) => version)).toEqual(['v3', 'v4', 'v5']);
    const first = releases.page(undefined, 3);
    const second = releases.page(first.cursor, 3);
    expect(first.items.length + second.items.length).toBe(4);
    expect(second.cursor).toBeUndefined();
  });

  it('go when their time is over', () => {
    const world = makeWorld();
    world.releases.write(record({ expiresAt: world.nowMs() / 1000 + 60 }));
    world.releases.expire(world.nowMs());
    expect(world.releases.records).toHaveLength(1);
    world.releases.expire(world.nowMs() + 60_000);
    expect(world.releases.records).toEqual([]);
  });
});

describe('a release that a person admits', () => {
  it('takes the place of the one before in the line', () => {
    const world = makeWorld();
    world.admit(CODE_KEY, 'v7');
    expect(world.ledgers.read(releaseFact(CODE_KEY))?.value).toEqual({ stable: 'v7', kept: [] });
  });
});

describe('simulated events', () => {
  it('are kept with their time', async () => {
    const world = makeWorld();
    await world.pass(60);
    const detail = { codeKey: 'consumer.zip', version: 'v2', state: 'Done' };
    world.events.publish('Release state changed', detail);
    const says = 'release v2 of consumer.zip is Done';
    expect(world.events.published).toEqual([
      { atMs: world.nowMs(), detailType: 'Release state changed', detail: { ...detail, says } },
    ]);
  });
});
