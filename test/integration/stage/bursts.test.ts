import { PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { BurstRecord } from '../../../core/burst/record.ts';
import type { BurstStatus } from '../../../functions/burst/report.ts';
import { sendBurst } from '../../../functions/trigger/send-burst.ts';
import { CRASHED, dyingAfter } from '../../unit/functions/dying.ts';
import { eventually } from './eventually.ts';
import { sharedStage } from './shared-stage.ts';
import { sideBySide } from './side-by-side.ts';
import { documents, documentsOf, type TestStage, tasksIn } from './test-stage.ts';

let stage: TestStage;
beforeAll(async () => {
  stage = await sharedStage();
}, 180_000);

/** The runtime works through a batch one after another, and each of these takes no time. */
const quick = { concurrency: 10, batchSize: 10, timeoutSeconds: 30, visibilityTimeoutSeconds: 180 };

async function ask(burstId: string, request: object = {}): Promise<BurstStatus> {
  return (await stage.call(stage.outputs.BurstFunction ?? '', { burstId, ...request })) as BurstStatus;
}

async function untilEnded(burstId: string, limitSeconds: number): Promise<BurstRecord | undefined> {
  return eventually(
    () => stage.ports.bursts.read(burstId),
    (record) => record?.state === 'Ended',
    `the burst ${burstId} has ended`,
    limitSeconds,
  );
}

describe('a burst of ten thousand tasks in S3', () => {
  it('is sent, and each task is done once', async () => {
    const pipelineId = 'burst-s3';
    const count = 10_000;
    await stage.put({ pipelineId, ...quick });
    const key = 'tasks.jsonl';
    const bucket = stage.outputs.BurstBucket ?? '';
    const Body = Buffer.from(
      documents(count)
        .map((document) => `${JSON.stringify({ document })}\n`)
        .join(''),
    );
    await stage.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    const sinceMs = Date.now();
    const burst = { pipelineId, source: { bucket, key }, spread: { minSeconds: 0, maxSeconds: 10 } };
    const result = await stage.send({ ...burst, burstId: 's3' });
    expect(result).toMatchObject({ state: 'sent', total: count, accepted: count, failed: [] });
    const sentSeconds = (Date.now() - sinceMs) / 1000;
    const record = await untilEnded('s3', 400);
    expect(record?.totals).toMatchObject({
      total: count,
      sent: count,
      done: count,
      deadLettered: 0,
      unaccounted: 0,
    });
    console.info(`10,000 tasks: sent in ${sentSeconds} s, done after ${(Date.now() - sinceMs) / 1000} s`);
  }, 460_000);
});

const hour = { minSeconds: 0, maxSeconds: 3_600 };

describe('a burst', () => {
  sideBySide(
    {
      'whose call of the trigger dies halfway is resent by its id, and each task is done once': async () => {
        const pipelineId = 'burst-crash';
        const count = 600;
        const tasks = documents(count).map((document) => ({ document }));
        const burst = { pipelineId, tasks, burstId: 'crash' };
        await stage.put({ pipelineId, ...quick });
        const sinceMs = Date.now();
        const dying = dyingAfter(25, 'queues.send')(stage.ports);
        const call = { requestId: 'first', deadlineMs: Date.now() + 60_000 };
        await expect(sendBurst(burst, dying, stage.settings, call)).rejects.toThrow(CRASHED);
        const before = await ask('crash');
        expect(before).toMatchObject({ state: 'Sending', given: count });

        const result = await stage.send(burst);
        expect(result).toMatchObject({ state: 'sent', accepted: count, failed: [] });
        const record = await untilEnded('crash', 120);
        expect(record?.totals).toMatchObject({ total: count, done: count, unaccounted: 0 });
        // The record counts each task once; that none ran twice only their own lines can say.
        const ran = documentsOf(tasksIn(await stage.logLines(sinceMs), pipelineId));
        expect(ran.length).toBeGreaterThan(count / 2);
        expect(new Set(ran).size).toBe(ran.length);
      },

      'in slices goes on in the machine, can be paused and resumed, and is over soon after it is replanned':
        async () => {
          const pipelineId = 'burst-slices';
          await stage.put({ pipelineId, ...quick });
          const tasks = documents(400).map((document) => ({ document }));
          const result = await stage.send({ pipelineId, tasks, spread: hour, burstId: 'slices' });
          expect(result).toMatchObject({ state: 'sending', accepted: 0, total: 400 });
          const isBegun = ({ unsent }: BurstStatus) => unsent < 400;
          const begun = await eventually(() => ask('slices'), isBegun, 'a slice is sent', 60);
          expect(begun.unsent).toBeGreaterThan(200);
          expect(await ask('slices', { pause: true })).toMatchObject({ state: 'Paused' });
          expect(await ask('slices', { resume: true })).toMatchObject({ state: 'Sending' });
          const spread = { minSeconds: 0, maxSeconds: 5 };
          const replanned = await ask('slices', { replan: { spread } });
          expect(replanned).toMatchObject({ plan: { window: spread } });
          const sent = await eventually(
            () => ask('slices'),
            ({ state }) => state === 'Sent',
            'it is sent',
            60,
          );
          expect(sent).toMatchObject({ unsent: 0, given: 400 });
          // What was sent before the new plan comes out in its own time: up to a quarter of an hour.
          const isDone = ({ totals: { done } }: BurstStatus) => done >= replanned.plan.count;
          await eventually(() => ask('slices'), isDone, 'what was planned anew is done', 120);
        },

      'sends nothing more once it is cancelled': async () => {
        const pipelineId = 'burst-cancelled';
        await stage.put({ pipelineId, ...quick });
        const tasks = documents(400).map((document) => ({ document }));
        await stage.send({ pipelineId, tasks, spread: hour, burstId: 'cancelled' });
        await eventually(
          () => ask('cancelled'),
          ({ unsent }) => unsent < 400,
          'a slice is sent',
          60,
        );
        const cancelled = await ask('cancelled', { cancel: true });
        expect(cancelled).toMatchObject({ state: 'Sent', isCancelled: true, given: 400 });
        expect(cancelled.totals.total).toBe(400 - cancelled.unsent);
        await expect(ask('cancelled', { resume: true })).rejects.toMatchObject({ code: 'NotPossible' });
      },
    },
    300,
  );
});
