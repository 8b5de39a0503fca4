import { describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../../aws/ports.ts';
import { sendBurst } from '../../../../functions/trigger/send-burst.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { partsIdIn } from '../burst-record.ts';
import { messagesOf, run, stageWith } from '../simulated-stage.ts';

/** Its tasks stay in the queue to be looked at. */
const PAUSED = { pipelineId: 'a', paused: true };

let requests = 0;

function send(world: World, input: unknown, change?: (ports: Ports) => Ports) {
  requests += 1;
  const requestId = `request-${requests}`;
  return run(
    world,
    (ports, deadlineMs) => sendBurst(input, ports, world.settings, { requestId, deadlineMs }),
    change ? { ports: change } : {},
  );
}

describe('the trigger', () => {
  it('sends every task, as it was given, and answers what the contract says', async () => {
    const world = await stageWith(PAUSED);
    const tasks = [{ document: 7 }, 'text', null, [1, 2]];
    const result = await send(world, { pipelineId: 'a', tasks, burstId: 'b-1' });
    expect(result).toEqual({
      burstId: 'b-1',
      pipelineId: 'a',
      state: 'sent',
      total: 4,
      accepted: 4,
      notAccepted: 0,
      failed: [],
      spread: { minSeconds: 0, maxSeconds: 0 },
      predicted: {
        peakConcurrency: 2,
        finishSeconds: expect.closeTo(2, 0),
        finishRange: { fromSeconds: expect.any(Number), toSeconds: expect.any(Number) },
        waitSeconds: expect.any(Number),
      },
      estimate: { source: 'default', meanSeconds: 1 },
      boundBy: 'concurrency',
    });
    expect(messagesOf(world, 'a').map(({ body }) => JSON.parse(body))).toEqual(tasks);
  });

  it('tells and keeps the seconds of its prediction to the millisecond', async () => {
    const world = await stageWith({ ...PAUSED, concurrency: 7 });
    const measured = Array.from({ length: 97 }, (_, index) => ({ estimatedSeconds: 1 + index / 31 }));
    for (const spread of [undefined, { minSeconds: 0, maxSeconds: 300 }, { maxConcurrency: 3 }]) {
      const { burstId, predicted, estimate } = await send(world, {
        ...{ pipelineId: 'a', tasks: measured },
        ...(spread && { spread }),
      });
      const kept = world.bursts.records.get(burstId)?.segments[0]?.plan.predicted;
      expect(kept).toEqual(predicted);
      const { finishSeconds, finishRange, waitSeconds } = predicted;
      for (const seconds of [
        finishSeconds,
        ...Object.values(finishRange),
        waitSeconds,
        estimate.meanSeconds,
      ]) {
        expect(String(seconds)).toMatch(/^\d+(\.\d{1,3})?$/);
      }
    }
  });

  it('sends {"document": 1} to {"document": count} for a count', async () => {
    const world = await stageWith(PAUSED);
    const { accepted } = await send(world, { pipelineId: 'a', count: 25 });
    expect(accepted).toBe(25);
    const bodies = messagesOf(world, 'a').map(({ body }) => body);
    expect(new Set(bodies)).toEqual(new Set(Array.from({ length: 25 }, (_, i) => `{"document":${i + 1}}`)));
  });

  it('marks every task with its burst and its place in it', async () => {
    const world = await stageWith(PAUSED);
    const { burstId } = await send(world, { pipelineId: 'a', tasks: ['x', 'y'] });
    expect(messagesOf(world, 'a').map(({ attributes }) => attributes)).toEqual([
      {
        'sluice-burst': { type: 'String', value: partsIdIn(world, burstId) },
        'sluice-index': { type: 'Number', value: '0' },
        'sluice-total': { type: 'Number', value: '2' },
      },
      {
        'sluice-burst': { type: 'String', value: partsIdIn(world, burstId) },
        'sluice-index': { type: 'Number', value: '1' },
        'sluice-total': { type: 'Number', value: '2' },
      },
    ]);
  });

  it('says of every task that it delays when it is due', async () => {
    const world = await stageWith(PAUSED);
    const startMs = world.nowMs();
    await send(world, { pipelineId: 'a', count: 50, spread: { minSeconds: 0, maxSeconds: 4 } });
    const messages = messagesOf(world, 'a');
    expect(messages).toHaveLength(50);
    for (const { attributes, visibleAtMs } of messages) {
      const dueMs = Number(attributes.SluiceDue?.value ?? startMs);
      // Made before it was sent, and held back from then on.
      expect(visibleAtMs - dueMs).toBeGreaterThanOrEqual(0);
      expect(visibleAtMs - dueMs).toBeLessThan(1_000);
    }
  });

  it("spreads a burst by its own spread, else by the record's", async () => {
    const spread = { minSeconds: 30, maxSeconds: 60 };
    const world = await stageWith({ ...PAUSED, spread });
    const byRecord = await send(world, { pipelineId: 'a', count: 200 });
    expect(byRecord.spread).toEqual(spread);
    const nowMs = world.nowMs();
    const delays = messagesOf(world, 'a').map(({ visibleAtMs }) => (visibleAtMs - nowMs) / 1000);
    expect(Math.min(...delays)).toBeGreaterThan(28);
    expect(Math.max(...delays)).toBeLessThanOrEqual(60);
    const own = { minSeconds: 0, maxSeconds: 5 };
    expect((await send(world, { pipelineId: 'a', count: 1, spread: own })).spread).toEqual(own);
  });

  it('reports what SQS did not take by its place in the burst', async () => {
    const world = await stageWith(PAUSED);
    const result = await send(world, { pipelineId: 'a', count: 30 }, (ports) => ({
      ...ports,
      queues: Object.assign(Object.create(ports.queues), {
        send: async (url: string, messages: Parameters<Ports['queues']['send']>[1]) => {
          const bad = messages.filter(({ id }) => Number(id) % 7 === 3);
          await ports.queues.send(
            url,
            messages.filter((one) => !bad.includes(one)),
          );
          return bad.map(({ id }) => ({ id, code: 'InvalidMessageContents', senderFault: true }));
        },
      }),
    }));
    expect(result.accepted).toBe(26);
    expect(result.failed).toEqual(
      [3, 10, 17, 24].map((index) => ({ index, code: 'InvalidMessageContents' })),
    );
    expect(messagesOf(world, 'a')).toHaveLength(26);
  });

  it('refuses a pipeline that nobody knows', async () => {
    const world = await stageWith();
    await expect(send(world, { pipelineId: 'b', count: 1 })).rejects.toMatchObject({
      name: 'UnknownPipeline',
      code: 'UnknownPipeline',
      retryable: false,
    });
  });

  it('waits for a pipeline that is being made, also right after its record was written', async () => {
    const world = await stageWith();
    world.configs.put('a', PAUSED);
    expect((await send(world, { pipelineId: 'a', count: 3 })).accepted).toBe(3);
    expect(world.statuses.read('a')?.phase).toBe('Paused');
  });

  it('gives up after 30 s and says that the pipeline is not ready', async () => {
    const world = await stageWith();
    world.stream.write = () => {};
    world.configs.put('a', PAUSED);
    const beganMs = world.nowMs();
    await expect(send(world, { pipelineId: 'a', count: 3 })).rejects.toMatchObject({
      name: 'NotReady',
      retryable: true,
    });
    expect((world.nowMs() - beganMs) / 1000).toBeGreaterThanOrEqual(30);
    expect((world.nowMs() - beganMs) / 1000).toBeLessThan(33);
  });

  it('says why a pipeline was never made', async () => {
    const world = await stageWith({ ...PAUSED, memoryMb: 1 });
    await expect(send(world, { pipelineId: 'a', count: 1 })).rejects.toThrow(/Rejected.*memoryMb/);
  });

  it('refuses a pipeline that is draining', async () => {
    const world = await stageWith({ pipelineId: 'a' });
    world.send('a', 5, { seconds: 25 });
    world.configs.remove('a');
    await world.pass(5);
    await expect(send(world, { pipelineId: 'a', count: 1 })).rejects.toMatchObject({ name: 'Draining' });
  });

  it('sends to a pipeline whose last edit was rejected', async () => {
    const world = await stageWith(PAUSED);
    world.configs.put('a', { ...PAUSED, memoryMb: 1 });
    await world.pass(30);
    expect(world.statuses.read('a')?.phase).toBe('Rejected');
    expect((await send(world, { pipelineId: 'a', count: 2 })).accepted).toBe(2);
  });

  it('refuses a burst beyond maxBacklog as a whole, counting tasks that are held back', async () => {
    const world = await stageWith({ ...PAUSED, maxBacklog: 10 });
    const spread = { minSeconds: 600, maxSeconds: 900 };
    await send(world, { pipelineId: 'a', count: 8, spread });
    await expect(send(world, { pipelineId: 'a', count: 3 })).rejects.toMatchObject({ name: 'Backlog' });
    expect(messagesOf(world, 'a')).toHaveLength(8);
    expect((await send(world, { pipelineId: 'a', count: 2 })).accepted).toBe(2);
  });

  it('wakes a resting pipeline, and notes that tasks came', async () => {
    const world = await stageWith({ pipelineId: 'a', restWhenIdleSeconds: 300 });
    world.reconciles = true;
    await world.pass(1800);
    world.reconciles = false;
    expect(world.statuses.read('a')?.resting).toBe(true);
    const beganMs = world.nowMs();
    await send(world, {
      pipelineId: 'a',
      tasks: [{ taskId: 't', pipelineId: 'a', seconds: 1, failures: 0 }],
    });
    expect(world.statuses.read('a')?.lastActivityAtMs).toBeGreaterThanOrEqual(beganMs);
    await world.pass(60);
    expect(world.statuses.read('a')).toMatchObject({ phase: 'Active', applied: { enabled: true } });
    expect(messagesOf(world, 'a')).toEqual([]);
  });

  it('notes that tasks came also where somebody else writes the status at that moment', async () => {
    const world = await stageWith({ pipelineId: 'a', restWhenIdleSeconds: 300 });
    let meddled = 0;
    await send(world, { pipelineId: 'a', tasks: [] }, (ports) => ({
      ...ports,
      statuses: Object.assign(Object.create(ports.statuses), {
        write: async (next: Parameters<Ports['statuses']['write']>[0]) => {
          const other = world.statuses.read('a');
          meddled += 1;
          if (other && meddled < 3) world.statuses.write({ ...other, overcommitted: meddled });
          return ports.statuses.write(next);
        },
      }),
    }));
    expect(meddled).toBe(3);
    expect(world.statuses.read('a')).toMatchObject({ overcommitted: 2 });
    expect(world.nowMs() - (world.statuses.read('a')?.lastActivityAtMs ?? 0)).toBeLessThan(10_000);
  });

  it('wakes a pipeline that goes to rest while the burst is sent', async () => {
    const world = await stageWith({ pipelineId: 'a', restWhenIdleSeconds: 300 });
    const before = world.executions.started.size;
    await send(world, { pipelineId: 'a', tasks: [] }, (ports) => {
      let reads = 0;
      const read = async (pipelineId: string) => {
        reads += 1;
        const status = await ports.statuses.read(pipelineId);
        return status && reads > 1 ? { ...status, resting: true } : status;
      };
      return { ...ports, statuses: Object.assign(Object.create(ports.statuses), { read }) };
    });
    expect(world.executions.started.size).toBe(before + 1);
  });

  it('takes an empty list of tasks', async () => {
    const world = await stageWith(PAUSED);
    expect(await send(world, { pipelineId: 'a', tasks: [] })).toMatchObject({ accepted: 0, failed: [] });
  });

  it('takes a hundred thousand documents in one call', async () => {
    const world = await stageWith(PAUSED);
    const { accepted, failed } = await send(world, { pipelineId: 'a', count: 100_000 });
    expect([accepted, failed]).toEqual([100_000, []]);
    expect(messagesOf(world, 'a')).toHaveLength(100_000);
  });
});
