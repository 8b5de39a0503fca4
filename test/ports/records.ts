import { describe, expect, it } from '@jest/globals';
import { newStatus, type StatusRecord } from '../../core/status-record.ts';
import { allPages, freshId, type GetWorld } from './world.ts';

const NOW = '2026-11-21T04:00:00.000Z';

export function describeRecords(world: GetWorld): void {
  describe('config records', () => {
    it('reads a record as it was typed, whatever its fields', async () => {
      const record = {
        pipelineId: freshId(),
        concurrency: 3,
        rateLimit: [{ tasks: 10, perSeconds: 1.5 }],
        environment: { A: '', B: 'ü' },
        paused: false,
        nothing: null,
        unknown: ['x', 7, { deep: [true] }],
      };
      await world().putConfig(record);
      expect(await world().ports.configs.read(record.pipelineId)).toEqual(record);
    });

    it('answers undefined for a record that is not there', async () => {
      expect(await world().ports.configs.read(freshId())).toBeUndefined();
    });

    it('shows every record once, a slice at a time', async () => {
      const ids = Array.from({ length: 7 }, freshId);
      for (const pipelineId of ids) await world().putConfig({ pipelineId });
      const slices: number[] = [];
      const seen = await allPages(async (cursor) => {
        const page = await world().ports.configs.page(cursor, 3);
        slices.push(page.items.length);
        return page;
      });
      const seenIds = seen.map((record) => record.pipelineId);
      expect(seenIds).toEqual(expect.arrayContaining(ids));
      expect(new Set(seenIds).size).toBe(seenIds.length);
      expect(Math.max(...slices)).toBeLessThanOrEqual(3);
    });
  });

  describe('status records', () => {
    const statuses = () => world().ports.statuses;

    it('stores a first record with revision 1', async () => {
      const status = newStatus(freshId(), NOW);
      expect(await statuses().read(status.pipelineId)).toBeUndefined();
      expect(await statuses().write(status)).toBe('written');
      expect(await statuses().read(status.pipelineId)).toEqual({ ...status, revision: 1 });
    });

    it('replaces the whole record and raises its revision', async () => {
      const status = newStatus(freshId(), NOW);
      const full: StatusRecord = {
        ...status,
        revision: 1,
        error: { code: 'Bad', message: 'why', at: NOW },
        salvage: { uri: 's3://b/p/', count: 2 },
        lease: { owner: 'o', untilMs: 1_800_000_000_123, busyUntilMs: 0, pending: true },
        deferred: ['retention'],
        failures: { count: 1, retryAtMs: 1_800_000_000_123 },
      };
      await statuses().write(status);
      expect(await statuses().write(full)).toBe('written');
      expect(await statuses().read(status.pipelineId)).toEqual({ ...full, revision: 2 });
      expect(await statuses().write({ ...status, revision: 2 })).toBe('written');
      expect(await statuses().read(status.pipelineId)).toEqual({ ...status, revision: 3 });
    });

    it.each([
      ['an older revision', 1],
      ['no record', 0],
      ['a revision that was never written', 9],
    ])('refuses a write that expects %s and changes nothing', async (_what, revision) => {
      const status = newStatus(freshId(), NOW);
      await statuses().write(status);
      await statuses().write({ ...status, revision: 1 });
      expect(await statuses().write({ ...status, revision, phase: 'Failed' })).toBe('conflict');
      expect(await statuses().read(status.pipelineId)).toEqual({ ...status, revision: 2 });
    });

    it('refuses a write to a record that is not there', async () => {
      const status = newStatus(freshId(), NOW);
      expect(await statuses().write({ ...status, revision: 1 })).toBe('conflict');
      expect(await statuses().read(status.pipelineId)).toBeUndefined();
    });

    it.each([0, 1])('lets one of many writers win at revision %i', async (revision) => {
      const status = newStatus(freshId(), NOW);
      if (revision === 1) await statuses().write(status);
      const writes = Array.from({ length: 8 }, () => statuses().write({ ...status, revision }));
      const answers = await Promise.all(writes);
      expect(answers.filter((answer) => answer === 'written')).toHaveLength(1);
      expect((await statuses().read(status.pipelineId))?.revision).toBe(revision + 1);
    });

    it('shows every record once, a slice at a time', async () => {
      const ids = Array.from({ length: 5 }, freshId);
      for (const id of ids) await statuses().write(newStatus(id, NOW));
      const seen = await allPages((cursor) => statuses().page(cursor, 2));
      const seenIds = seen.map((record) => record.pipelineId);
      expect(seenIds).toEqual(expect.arrayContaining(ids));
      expect(new Set(seenIds).size).toBe(seenIds.length);
      expect(seen).toContainEqual({ ...newStatus(ids[0] ?? '', NOW), revision: 1 });
    });
  });
}
