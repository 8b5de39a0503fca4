import { describe, expect, it } from '@jest/globals';
import { allPages, freshId, type GetWorld } from './world.ts';

export function describeCodeBucket(world: GetWorld): void {
  const code = () => world().ports.code;

  describe('code bucket', () => {
    it('knows the newest version of an object, and each older one', async () => {
      const key = `${freshId()}/consumer.zip`;
      expect(await code().head(key)).toBeUndefined();
      const before = world().ports.clock.nowMs();
      const first = await world().putCode(key, 'first');
      const second = await world().putCode(key, 'the second one');
      expect(await code().head(key)).toMatchObject(second);
      const old = await code().head(key, first.version);
      expect(old).toMatchObject(first);
      expect(old?.sizeBytes).toBeGreaterThan(0);
      expect(old?.etag).not.toBe((await code().head(key))?.etag);
      // To the second, as HTTP has it.
      expect(old?.uploadedAtMs).toBeGreaterThan(before - 2_000);
      expect(old?.uploadedAtMs).toBeLessThan(world().ports.clock.nowMs() + 2_000);
    });

    it('knows no version that was never there', async () => {
      const { key } = await world().putCode(`${freshId()}.zip`, 'text');
      const other = await world().putCode(`${freshId()}.zip`, 'text');
      expect(await code().head(key, other.version)).toBeUndefined();
      expect(await code().archive(key, other.version)).toBeUndefined();
    });

    it('looks into the zip of the version that is named', async () => {
      const first = await world().putCode(freshId(), 'first');
      const second = await world().putCode(first.key, 'the second one');
      const [one, two] = [
        await code().archive(first.key, first.version),
        await code().archive(second.key, second.version),
      ];
      if (one?.kind !== 'read' || two?.kind !== 'read') throw new Error('both are sound zips');
      expect(one.files.length).toBeGreaterThan(0);
      expect(one.files.every(({ name, bytes }) => name !== '' && bytes > 0)).toBe(true);
      expect(one.texts).toEqual({});
      expect(one.sha256).not.toBe(two.sha256);
    });

    it('finds no zip in what is none', async () => {
      const { key, version } = await world().putCode(freshId(), 'text', 'noZip');
      expect(await code().archive(key, version)).toEqual({
        kind: 'unreadable',
        reason: expect.stringMatching(/./),
      });
    });

    it('lists all versions of one object, newest first, with the marks of deletions', async () => {
      const key = `${freshId()}/consumer.zip`;
      const first = await world().putCode(key, 'first');
      const second = await world().putCode(key, 'second');
      await world().putCode(`${key}.bak`, 'of another object');
      const uploaded = await allPages((cursor) => code().versions(key, cursor));
      expect(uploaded).toMatchObject([
        { version: second.version, isCurrent: true, isDeleteMarker: false },
        { version: first.version, isCurrent: false, isDeleteMarker: false },
      ]);
      const { uploadedAtMs } = (await code().head(key)) ?? {};
      expect(Math.abs((uploaded[0]?.uploadedAtMs ?? 0) - (uploadedAtMs ?? 0))).toBeLessThan(1_000);

      await world().removeCode(key);
      const [marker, ...older] = await allPages((cursor) => code().versions(key, cursor));
      expect(marker).toMatchObject({ isCurrent: true, isDeleteMarker: true });
      expect(older.map(({ version }) => version)).toEqual([second.version, first.version]);
      expect(await code().head(key)).toBeUndefined();
      expect(await code().head(key, second.version)).toMatchObject(second);
      expect(await code().head(key, marker?.version)).toBeUndefined();
      expect(await code().archive(key, marker?.version ?? '')).toBeUndefined();
    });

    it('lists nothing of an object that was never there', async () => {
      expect(await code().versions(freshId(), undefined)).toEqual({ items: [] });
    });

    it('deletes one version for good, however often, and what was before it is current', async () => {
      const first = await world().putCode(freshId(), 'first');
      const { key, version } = await world().putCode(first.key, 'second');
      await code().deleteVersion(key, version);
      await code().deleteVersion(key, version);
      expect(await code().head(key)).toMatchObject(first);
      expect(await code().head(key, version)).toBeUndefined();
      expect(await code().archive(key, version)).toBeUndefined();
      expect((await code().versions(key, undefined)).items).toMatchObject([
        { version: first.version, isCurrent: true },
      ]);
    });

    it('has an object again whose mark of deletion is deleted', async () => {
      const upload = await world().putCode(freshId(), 'text');
      await world().removeCode(upload.key);
      const { items } = await code().versions(upload.key, undefined);
      await code().deleteVersion(upload.key, items[0]?.version ?? '');
      expect(await code().head(upload.key)).toMatchObject(upload);
    });
  });
}
