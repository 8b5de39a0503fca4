import { describe, expect, it } from '@jest/globals';
import { type Place, partsIdOf } from '../../core/burst/place.ts';
import { type BurstRecord, NOTHING_SENT } from '../../core/burst/record.ts';
import { allPages, eventually, freshId, type GetWorld } from './world.ts';

const NOW_MS = 1_800_000_000_123;

export function describeBursts(world: GetWorld): void {
  const bursts = () => world().ports.bursts;

  describe('bursts', () => {
    it('stores a first record with revision 1, and replaces it as a whole', async () => {
      const burst = newBurst();
      expect(await bursts().read(burst.burstId)).toBeUndefined();
      expect(await bursts().write(burst)).toBe('written');
      expect(await bursts().read(burst.burstId)).toEqual({ ...burst, revision: 1 });
      const { driver: _none, ...next } = { ...burst, revision: 1, state: 'Sent' as const, sentAtMs: NOW_MS };
      expect(await bursts().write(next)).toBe('written');
      expect(await bursts().read(burst.burstId)).toEqual({ ...next, revision: 2 });
    });

    it('refuses a write that expects another revision and changes nothing', async () => {
      const burst = newBurst();
      await bursts().write(burst);
      for (const revision of [0, 2]) {
        expect(await bursts().write({ ...burst, revision, state: 'Sent' })).toBe('conflict');
      }
      expect(await bursts().read(burst.burstId)).toEqual({ ...burst, revision: 1 });
    });

    it('lets one of many writers win who have read the same', async () => {
      const burst = newBurst();
      const answers = await Promise.all(Array.from({ length: 5 }, () => bursts().write(burst)));
      expect(answers.filter((answer) => answer === 'written')).toHaveLength(1);
    });

    it('finds those that are to be looked at, the longest due first, and no others', async () => {
      const at = (checkAtMs: number) => newBurst({ checkAtMs });
      const [late, early, later] = [at(20), at(10), at(30)];
      for (const burst of [late, early, later]) await bursts().write(burst);
      await bursts().write({ ...newBurst(), checkAtMs: undefined } as unknown as BurstRecord);
      const idsOf = async (...args: Parameters<ReturnType<typeof bursts>['open']>) =>
        (await bursts().open(...args)).map(({ burstId }) => burstId);
      await eventually(world(), async () => (await idsOf(40, 10)).length === 3);
      expect(await idsOf(30, 10)).toEqual([early.burstId, late.burstId]);
      expect(await idsOf(40, 2)).toEqual([early.burstId, late.burstId]);
      const { checkAtMs: _never, ...ended } = { ...early, revision: 1, state: 'Ended' as const };
      await bursts().write(ended);
      await eventually(world(), async () => (await idsOf(30, 10)).length === 1);
      expect(await idsOf(30, 10)).toEqual([late.burstId]);
    });

    it('lists those of a pipeline, the newest first, page by page', async () => {
      const pipelineId = freshId();
      const all = [1, 2, 3].map((createdAtMs) => newBurst({ pipelineId, createdAtMs }));
      for (const burst of all) await bursts().write(burst);
      await bursts().write(newBurst({ pipelineId: `${pipelineId}x` }));
      const list = () => allPages((cursor) => bursts().ofPipeline(pipelineId, cursor, 2));
      await eventually(world(), async () => (await list()).length === 3);
      expect((await list()).map(({ burstId }) => burstId)).toEqual(
        all.map(({ burstId }) => burstId).reverse(),
      );
      expect((await bursts().ofPipeline(pipelineId, undefined, 2)).items).toHaveLength(2);
    });
  });

  describe('how far a burst is sent', () => {
    it('is nowhere before the first call, and then a set of the calls of one round', async () => {
      const partsId = partsIdOf(newBurst());
      expect(await bursts().readSent(partsId)).toEqual(NOTHING_SENT);
      expect(await bursts().noteCalls(partsId, 0, [3, 1])).toBe('noted');
      expect(await bursts().noteCalls(partsId, 0, [1, -2])).toBe('noted');
      expect(await bursts().readSent(partsId)).toEqual({
        fromIndex: 0,
        fromByte: 0,
        accepted: 0,
        refused: 0,
        calls: [-2, 1, 3],
      });
    });

    it('goes on with the next round, whose calls are others', async () => {
      const partsId = partsIdOf(newBurst());
      const next = { fromIndex: 40, fromByte: 812, accepted: 39, refused: 1 };
      await bursts().noteCalls(partsId, 0, [0, 1]);
      expect(await bursts().noteRound(partsId, 0, { ...next, starts: { told: 40, gapsMs: [1, 7] } })).toBe(
        'noted',
      );
      expect(await bursts().readSent(partsId)).toEqual({
        ...next,
        starts: { told: 40, gapsMs: [1, 7] },
        calls: [],
      });
      expect(await bursts().noteCalls(partsId, 40, [0])).toBe('noted');
      expect(await bursts().readSent(partsId)).toMatchObject({ ...next, calls: [0] });
    });

    it('is told nothing by those who are a round behind, or ahead', async () => {
      const partsId = partsIdOf(newBurst());
      const next = { fromIndex: 40, fromByte: 812, accepted: 40, refused: 0 };
      expect(await bursts().noteCalls(partsId, 40, [0])).toBe('over');
      expect(await bursts().noteRound(partsId, 40, next)).toBe('over');
      await bursts().noteRound(partsId, 0, next);
      expect(await bursts().noteCalls(partsId, 0, [7])).toBe('over');
      expect(await bursts().noteRound(partsId, 0, { ...next, fromIndex: 20 })).toBe('over');
      expect(await bursts().readSent(partsId)).toEqual({ ...next, calls: [] });
    });

    it('loses no call of many that are told at once', async () => {
      const partsId = partsIdOf(newBurst());
      await Promise.all(Array.from({ length: 12 }, (_, call) => bursts().noteCalls(partsId, 0, [call])));
      expect((await bursts().readSent(partsId)).calls).toEqual(Array.from({ length: 12 }, (_, call) => call));
    });
  });

  describe('what becomes of the tasks of a burst', () => {
    const ran = { startedAtMs: NOW_MS, endedAtMs: NOW_MS + 1_500, bytes: 100 };
    const begun = async (burst: BurstRecord, index: number) => {
      const place: Place = { partsId: partsIdOf(burst), index, total: burst.total };
      await world().beginTask(place, NOW_MS + 30_000.5, NOW_MS);
      return place;
    };

    it('is read shard by shard, those that nobody has written to left out', async () => {
      const burst = await written({ total: 100 });
      await world().endTask(await begun(burst, 0), NOW_MS + 30_000.5, { kind: 'done' }, ran);
      await world().endTask(await begun(burst, 1), NOW_MS + 30_000.5, { kind: 'failed' }, ran);
      await begun(burst, 2);
      await bursts().addOver(partsIdOf(burst), 'refused', [31, 64]);
      const shards = await bursts().readShards(partsIdOf(burst), [0, 1, 2, 3]);
      expect([...shards.keys()].sort()).toEqual([0, 2]);
      const none = {
        done: new Set(),
        failed: new Set(),
        dead: new Set(),
        running: new Map(),
        ran: new Map(),
      };
      expect(shards.get(2)).toEqual({ ...none, refused: new Set([0]), ...sums(0, 0) });
      const stamp = { startedAtMs: ran.startedAtMs, endedAtMs: ran.endedAtMs };
      expect(shards.get(0)).toMatchObject({
        done: new Set([0]),
        failed: new Set([1]),
        dead: new Set(),
        refused: new Set([31]),
        running: new Map([[2, NOW_MS + 30_000.5]]),
        ran: new Map([
          [0, stamp],
          [1, stamp],
        ]),
        ...sums(1, 1_500),
        bytes: 100,
        bytesMs: 1_500,
      });
    });

    it('is read of hundreds of shards at once', async () => {
      const burst = await written({ total: 350 * 32 });
      const shards = Array.from({ length: 350 }, (_, shard) => shard);
      await bursts().addOver(partsIdOf(burst), 'dead', [5, 349 * 32]);
      const read = await bursts().readShards(partsIdOf(burst), shards);
      expect([...read.keys()].sort((a, b) => a - b)).toEqual([0, 349]);
    });

    it('is over shard by shard and block by block, whoever tells of the last task of each', async () => {
      const burst = await written({ total: 64 * 32 + 3 });
      const { total } = burst;
      const partsId = partsIdOf(burst);
      const all = Array.from({ length: total }, (_, index) => index);
      await bursts().addOver(partsId, 'dead', all.slice(1, -1));
      expect(await bursts().readEnd(partsId)).toEqual(new Set());
      expect((await bursts().readBlocks(partsId, [0, 1])).get(0)?.size).toBe(63);
      await world().endTask(await begun(burst, 0), NOW_MS + 30_000.5, { kind: 'done' }, ran);
      expect((await bursts().readBlocks(partsId, [0])).get(0)?.size).toBe(64);
      expect(await bursts().readEnd(partsId)).toEqual(new Set([0]));
      expect(await world().hasEnded(partsId)).toBe(false);
      await bursts().addOver(partsId, 'refused', [total - 1]);
      expect(await bursts().readBlocks(partsId, [1])).toEqual(new Map([[1, new Set([64])]]));
      expect(await bursts().readEnd(partsId)).toEqual(new Set([0, 1]));
      expect(await world().hasEnded(partsId)).toBe(true);
    }, 60_000);

    it('counts a task once, however often it is told', async () => {
      const partsId = partsIdOf(await written({ total: 2 }));
      for (let again = 0; again < 3; again += 1) await bursts().addOver(partsId, 'dead', [0]);
      await bursts().addOver(partsId, 'dead', []);
      const shard = (await bursts().readShards(partsId, [0])).get(0);
      expect(shard?.dead).toEqual(new Set([0]));
      expect(await bursts().readBlocks(partsId, [0])).toEqual(new Map());
    });

    async function written(change: Partial<BurstRecord>): Promise<BurstRecord> {
      const burst = newBurst(change);
      await bursts().write(burst);
      return burst;
    }
  });

  describe('executions of the burst machine', () => {
    it('are one for a name', async () => {
      const name = `burst-${freshId()}`;
      expect(await world().ports.burstRuns.start(name, { burstId: 'a' })).toBe('started');
      expect(await world().ports.burstRuns.start(name, { burstId: 'b' })).toBe('already');
    });
  });
}

function sums(tasks: number, ranMs: number) {
  return { tasks, ranMs, ...(tasks === 0 ? { bytes: 0, bytesMs: 0 } : {}) };
}

function newBurst(change: Partial<BurstRecord> = {}): BurstRecord {
  const burstId = `burst ${freshId()}`;
  return {
    burstId,
    pipelineId: freshId(),
    revision: 0,
    state: 'Sending',
    isCancelled: false,
    total: 10,
    given: 10,
    fingerprint: 'f',
    source: { kind: 'object', bucket: 'b', key: 'k', etag: '"e"', isOwn: true },
    segments: [
      {
        fromIndex: 0,
        startMs: NOW_MS,
        plan: {
          count: 10,
          starts: { kind: 'even', firstMs: 0.25, spacingMs: 1_000 / 3 },
          window: { minSeconds: 0, maxSeconds: 10 },
          estimate: { source: 'default', meanSeconds: 1, p95Seconds: 1 },
          predicted: {
            peakConcurrency: 1,
            finishSeconds: 11,
            finishRange: { fromSeconds: 10, toSeconds: 12 },
            waitSeconds: 0,
          },
          boundBy: 'goal',
        },
      },
    ],
    isCounted: true,
    refusals: [{ index: 3, code: 'TooLarge' }],
    createdAtMs: NOW_MS,
    updatedAtMs: NOW_MS,
    driver: { owner: 'x', executions: 1, dueAtMs: NOW_MS },
    checkAtMs: NOW_MS,
    ...change,
  };
}
