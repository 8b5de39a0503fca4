import { beforeAll, describe, expect } from '@jest/globals';
import { isEmpty } from '../../../core/lifecycle/rest.ts';
import { sharedStage } from './shared-stage.ts';
import { sideBySide } from './side-by-side.ts';
import { documents, documentsOf, peakOf, type TestStage } from './test-stage.ts';

let stage: TestStage;
beforeAll(async () => {
  stage = await sharedStage();
}, 120_000);

describe('a pause', () => {
  sideBySide({
    'rests the consumer and keeps its tasks, which it works off once woken': async () => {
      const pipelineId = 'pause';
      const sinceMs = Date.now();
      await stage.put({ pipelineId, timeoutSeconds: 3 });
      const paused = await stage.put({ pipelineId, timeoutSeconds: 3, paused: true });
      expect(paused.phase).toBe('Paused');

      await stage.sendTasks(pipelineId, 6);
      const counts = (await stage.queues.read(paused.queueUrl ?? ''))?.counts;
      expect(counts).toEqual({ visible: 6, delayed: 0, inFlight: 0 });

      // An edit of a paused pipeline does not wake it.
      await stage.put({ pipelineId, timeoutSeconds: 3, paused: true, memoryMb: 512 });
      expect((await stage.queues.read(paused.queueUrl ?? ''))?.counts).toEqual(counts);

      const woken = await stage.put({ pipelineId, timeoutSeconds: 3, memoryMb: 512 });
      expect(woken.phase).toBe('Active');
      expect(documentsOf(await stage.done(pipelineId, 6, sinceMs))).toEqual(documents(6));
    },

    'in the middle of work loses no task and repeats none': async () => {
      const pipelineId = 'pause-at-work';
      const sinceMs = Date.now();
      const record = { pipelineId, concurrency: 2, timeoutSeconds: 5 };
      await stage.put(record);
      await stage.sendTasks(pipelineId, 16, { seconds: 0.3 });
      await stage.done(pipelineId, 2, sinceMs);
      const { queueUrl = '' } = await stage.put({ ...record, paused: true });
      expect(
        isEmpty((await stage.queues.read(queueUrl))?.counts ?? { visible: 0, delayed: 0, inFlight: 0 }),
      ).toBe(false);
      await stage.put(record);
      expect(documentsOf(await stage.done(pipelineId, 16, sinceMs))).toEqual(documents(16));
    },
  });
});

describe('a limit', () => {
  sideBySide({
    'of one runs one task at a time, also on the way to it and from it': async () => {
      const pipelineId = 'one';
      const at = (concurrency: number) => ({ pipelineId, concurrency, timeoutSeconds: 3 });
      const sinceMs = Date.now();
      await stage.put(at(3));
      const raised = await work(pipelineId, 9);
      expect(raised.peak).toBeGreaterThan(1);
      expect(raised.peak).toBeLessThanOrEqual(3);

      await stage.put(at(1));
      const lowered = await work(pipelineId, 6);
      expect(lowered.peak).toBe(1);

      // Sent while it is one, edited in mid-work: from Active on it is four.
      await stage.sendTasks(pipelineId, 20, { seconds: 0.3 });
      const status = await stage.put(at(4));
      const all = await stage.done(pipelineId, 9 + 6 + 20, sinceMs);
      const activeAtMs = Date.parse(status.updatedAt);
      expect(peakOf(all.filter(({ startedAtMs }) => startedAtMs > activeAtMs))).toBeLessThanOrEqual(4);
      expect(documentsOf(all)).toEqual(
        [...documents(9), ...documents(6), ...documents(20)].sort((a, b) => a - b),
      );
    },

    'that is lowered at work holds from Active on, and the larger one until then': async () => {
      const pipelineId = 'lowered';
      const sinceMs = Date.now();
      await stage.put({ pipelineId, concurrency: 4, timeoutSeconds: 3 });
      await stage.sendTasks(pipelineId, 32, { seconds: 0.5 });
      await stage.done(pipelineId, 4, sinceMs);
      const status = await stage.put({ pipelineId, concurrency: 2, timeoutSeconds: 3 });
      const all = await stage.done(pipelineId, 32, sinceMs);
      const activeAtMs = Date.parse(status.updatedAt);
      expect(peakOf(all)).toBeLessThanOrEqual(4);
      expect(peakOf(all.filter(({ endedAtMs }) => endedAtMs > activeAtMs))).toBeLessThanOrEqual(2);
      expect(documentsOf(all)).toEqual(documents(32));
    },
  });

  /** Sends so many short tasks and answers the most that ran at once. */
  async function work(pipelineId: string, count: number): Promise<{ readonly peak: number }> {
    const sinceMs = Date.now();
    await stage.sendTasks(pipelineId, count, { seconds: 0.4 });
    return { peak: peakOf(await stage.done(pipelineId, count, sinceMs)) };
  }
});
