import { describe, expect, it } from '@jest/globals';
import { type ReleaseRecord, releaseRecordSchema } from '../../core/release/record.ts';
import { allPages, eventually, freshId, type GetWorld } from './world.ts';

const NOW = '2026-11-21T04:00:00.000Z';

export function describeReleases(world: GetWorld): void {
  const releases = () => world().ports.releases;

  describe('releases', () => {
    it('stores a first record with revision 1', async () => {
      const release = newRelease();
      const { codeKey, version } = release;
      expect(await releases().read(codeKey, version)).toBeUndefined();
      expect(await releases().write(release)).toBe('written');
      expect(await releases().read(codeKey, version)).toEqual({ ...release, revision: 1 });
    });

    it('replaces the whole record and raises its revision', async () => {
      const release = newRelease();
      const { codeKey, version } = release;
      const full: ReleaseRecord = {
        ...release,
        revision: 1,
        state: 'RolledBack',
        reason: 'why',
        waves: [{ reach: 0.123456789012345, canaries: true, pipelines: 3 }],
        wave: 0,
        walk: releaseRecordSchema.shape.walk.parse({ cursor: 'a', startedMs: 1_800_000_000_123 }),
        evidence: [{ what: 'errors', message: 'all', pipelineId: 'p' }],
        warnings: ['tight'],
        paused: true,
        expiresAt: 1_900_000_000,
      };
      await releases().write(release);
      expect(await releases().write(full)).toBe('written');
      expect(await releases().read(codeKey, version)).toEqual({ ...full, revision: 2 });
      expect(await releases().write({ ...release, revision: 2 })).toBe('written');
      expect(await releases().read(codeKey, version)).toEqual({ ...release, revision: 3 });
    });

    it.each([
      ['an older revision', 1],
      ['no record', 0],
      ['a revision that was never written', 9],
    ])('refuses a write that expects %s and changes nothing', async (_what, revision) => {
      const release = newRelease();
      await releases().write(release);
      await releases().write({ ...release, revision: 1 });
      expect(await releases().write({ ...release, revision, state: 'Done' })).toBe('conflict');
      const stored = await releases().read(release.codeKey, release.version);
      expect(stored).toEqual({ ...release, revision: 2 });
    });

    it('lets one of many writers win', async () => {
      const release = newRelease();
      const answers = await Promise.all(Array.from({ length: 8 }, () => releases().write(release)));
      expect(answers.filter((answer) => answer === 'written')).toHaveLength(1);
    });

    it('knows all releases of a key, and of no other', async () => {
      const codeKey = `${freshId()}/consumer.zip`;
      const versions = ['a', 'b', 'c'];
      for (const version of versions) await releases().write(newRelease({ codeKey, version }));
      await releases().write(newRelease({ codeKey: `${codeKey}.bak`, version: 'a' }));
      const found = await releases().ofKey(codeKey);
      expect(found.map(({ version }) => version).sort()).toEqual(versions);
      expect(found).toContainEqual({ ...newRelease({ codeKey, version: 'a' }), revision: 1 });
      expect(await releases().ofKey('no/such/key')).toEqual([]);
    });

    it('shows every record once, a slice at a time', async () => {
      const codeKey = freshId();
      const made = Array.from({ length: 5 }, (_, at) => newRelease({ codeKey, version: `v${at}` }));
      for (const release of made) await releases().write(release);
      const slices: number[] = [];
      const seen = await allPages(async (cursor) => {
        const page = await releases().page(cursor, 2);
        slices.push(page.items.length);
        return page;
      });
      const names = seen.map((one) => `${one.codeKey} ${one.version}`);
      expect(names).toEqual(expect.arrayContaining(made.map(({ version }) => `${codeKey} ${version}`)));
      expect(new Set(names).size).toBe(names.length);
      expect(Math.max(...slices)).toBeLessThanOrEqual(2);
    });
  });

  describe('events', () => {
    it('reach who listens, with all that was given, and a line for people', async () => {
      const detail = { codeKey: freshId(), version: 'v1', state: 'Done', counts: { moved: 3 }, list: ['ü'] };
      await world().ports.events.publish('Release state changed', detail);
      const heard = await eventually(world(), async () =>
        (await world().heardEvents()).find((event) => event.detail.codeKey === detail.codeKey),
      );
      const says = `release v1 of ${detail.codeKey} is Done`;
      expect(heard).toEqual({ detailType: 'Release state changed', detail: { ...detail, says } });
    });
  });
}

function newRelease(change: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return releaseRecordSchema.parse({
    codeKey: freshId(),
    version: 'v1',
    revision: 0,
    bucket: 'code',
    state: 'Checking',
    uploadedAt: NOW,
    startedAt: NOW,
    sizeBytes: 1_000,
    owner: 'release-1',
    aliveAtMs: 1_800_000_000_123,
    updatedAt: NOW,
    ...change,
  });
}
