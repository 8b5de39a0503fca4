import { beforeAll, describe, expect } from '@jest/globals';
import type { Phase } from '../../../core/status-record.ts';
import type { RestoreResult } from '../../../functions/restore-salvage/restore-salvage.ts';
import { live, NOTHING } from './live.ts';
import { sharedStage } from './shared-stage.ts';
import { sideBySide } from './side-by-side.ts';
import { documents, documentsOf, isSettled, type TestStage } from './test-stage.ts';

let stage: TestStage;
beforeAll(async () => {
  stage = await sharedStage();
}, 120_000);

describe('a deleted record', () => {
  sideBySide({
    'lets its pipeline drain: every task is done once, none more is taken, then nothing is left':
      async () => {
        const pipelineId = 'drained';
        await stage.put({ pipelineId, concurrency: 2, timeoutSeconds: 3 });
        const sinceMs = Date.now();
        await stage.sendTasks(pipelineId, 16, { seconds: 0.4 });
        await stage.deleteConfigRecord(pipelineId);
        await stage.until(pipelineId, ({ phase }) => phase === 'Draining');
        await expect(stage.sendTasks(pipelineId, 1)).rejects.toMatchObject({ code: 'Draining' });

        const phases = new Set<Phase>();
        const gone = await stage.until(pipelineId, ({ phase }) => phases.add(phase) && phase === 'Deleted');
        expect([...phases]).toEqual(['Draining', 'Deleting', 'Deleted']);
        expect(gone.salvage).toBeUndefined();
        expect(documentsOf(await stage.done(pipelineId, 16, sinceMs))).toEqual(documents(16));
        expect(await live(stage, pipelineId)).toEqual(NOTHING);
        await expect(stage.sendTasks(pipelineId, 1)).rejects.toMatchObject({ code: 'UnknownPipeline' });
      },

    'of a paused pipeline wakes nobody: its tasks and dead letters go to salvage and can be sent again':
      async () => {
        const pipelineId = 'salvaged';
        const record = { pipelineId, timeoutSeconds: 3, concurrency: 2 };
        const sinceMs = Date.now();
        const { queueUrl = '', deadLetterQueueUrl = '' } = await stage.put({ ...record, paused: true });
        await stage.sendTasks(pipelineId, 5);
        await stage.queues.send(queueUrl, [{ id: '0', body: '{"document":6}', delaySeconds: 5 }]);
        await stage.queues.send(deadLetterQueueUrl, [{ id: '0', body: '{"document":7}' }]);

        const gone = await stage.remove(pipelineId);
        expect(gone.salvage).toEqual({
          uri: `s3://${stage.outputs.SalvageBucket}/salvage/${pipelineId}/`,
          count: 7,
        });
        expect(await live(stage, pipelineId)).toEqual(NOTHING);
        expect(await stage.done(pipelineId, 0, sinceMs)).toEqual([]);

        const again = await stage.put(record);
        expect(again).toMatchObject({ phase: 'Active', salvage: { count: 7 } });
        const restored = await stage.call(stage.outputs.RestoreSalvageFunction ?? '', { pipelineId });
        expect(restored).toMatchObject({
          restored: 7,
          duplicates: 0,
          left: 0,
          failed: [],
        } satisfies Partial<RestoreResult>);
        expect(documentsOf(await stage.done(pipelineId, 6, sinceMs))).toEqual(documents(6));
        const deadLetters = await stage.queues.read(again.deadLetterQueueUrl ?? '');
        expect(deadLetters?.counts).toEqual({ visible: 1, delayed: 0, inFlight: 0 });
        expect((await stage.statuses.read(pipelineId))?.salvage).toBeUndefined();
      },

    'that said discard throws its tasks away': async () => {
      const pipelineId = 'discarded';
      const sinceMs = Date.now();
      await stage.put({ pipelineId, paused: true, onDelete: 'discard' });
      await stage.sendTasks(pipelineId, 3);
      const gone = await stage.remove(pipelineId);
      expect(gone.salvage).toBeUndefined();
      expect((await stage.ports.salvage.page(pipelineId, undefined)).items).toEqual([]);
      expect(await stage.done(pipelineId, 0, sinceMs)).toEqual([]);
      expect(await live(stage, pipelineId)).toEqual(NOTHING);
    },

    'whose drain takes too long loses nothing: what is not done is in salvage': async () => {
      const pipelineId = 'drain-limit';
      await stage.put({ pipelineId, concurrency: 2, timeoutSeconds: 2, drainTimeoutSeconds: 1 });
      const sinceMs = Date.now();
      await stage.sendTasks(pipelineId, 40, { seconds: 1 });
      const gone = await stage.remove(pipelineId);
      const done = await stage.done(pipelineId, 0, sinceMs);
      expect(gone.salvage?.count).toBeGreaterThan(0);
      const kept = await Promise.all(
        (await stage.ports.salvage.page(pipelineId, undefined)).items.map(({ key }) =>
          stage.ports.salvage.read(key),
        ),
      );
      const salvaged = kept.flat().map(({ body }) => JSON.parse(body).document as number);
      expect([...documentsOf(done), ...salvaged].sort((a, b) => a - b)).toEqual(documents(40));
    },
  });
});

describe('a record added again', () => {
  sideBySide({
    'as soon as its pipeline is gone becomes a new one': async () => {
      const pipelineId = 'once-more';
      await stage.put({ pipelineId, timeoutSeconds: 3 });
      const gone = await stage.remove(pipelineId);
      const again = await stage.put({ pipelineId, timeoutSeconds: 4 });
      expect(again.phase).toBe('Active');
      expect(again.revision).toBeGreaterThan(gone.revision);
      expect((await live(stage, pipelineId)).consumer?.timeoutSeconds).toBe(4);
      const sinceMs = Date.now();
      await stage.sendTasks(pipelineId, 3);
      expect(documentsOf(await stage.done(pipelineId, 3, sinceMs))).toEqual(documents(3));
    },

    'the moment it was deleted ends Active with what it says last': async () => {
      const pipelineId = 'changed-mind';
      await stage.put({ pipelineId, timeoutSeconds: 3 });
      await stage.deleteConfigRecord(pipelineId);
      await stage.putConfigRecord({ pipelineId, timeoutSeconds: 4 });
      const status = await stage.until(
        pipelineId,
        (now) => isSettled(now) && now.applied?.wanted.timeoutSeconds === 4,
      );
      expect(status).toMatchObject({ phase: 'Active' });
      expect(await live(stage, pipelineId)).toMatchObject({
        queue: { closed: false },
        consumer: { timeoutSeconds: 4 },
        mappings: [{ enabled: true }],
      });
    },

    'in mid-drain cancels the drain: same queue, open again, every task done once': async () => {
      const pipelineId = 'kept';
      const record = { pipelineId, concurrency: 2, timeoutSeconds: 3 };
      const { queueUrl } = await stage.put(record);
      const sinceMs = Date.now();
      await stage.sendTasks(pipelineId, 20, { seconds: 0.6 });
      await stage.deleteConfigRecord(pipelineId);
      await stage.until(pipelineId, ({ phase, run }) => phase === 'Draining' && run?.step === 'Drain');
      const kept = await stage.put(record);
      expect(kept).toMatchObject({ phase: 'Active', queueUrl });
      expect(await live(stage, pipelineId)).toMatchObject({
        queue: { closed: false },
        mappings: [{ enabled: true }],
      });
      await stage.sendTasks(pipelineId, 1, { seconds: 0 });
      const all = await stage.done(pipelineId, 21, sinceMs);
      expect(documentsOf(all)).toEqual([1, ...documents(20)]);
    },
  });
});
