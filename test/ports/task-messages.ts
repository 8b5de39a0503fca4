import { describe, expect, it } from '@jest/globals';
import type { OutgoingMessage, QueueMessage } from '../../aws/ports.ts';
import { bareSpec, makePair, makeQueue, readQueue } from './task-queues.ts';
import { type Capabilities, eventually, type GetWorld, itWhere, type PortWorld } from './world.ts';

export function describeTasks(world: GetWorld, capabilities: Capabilities): void {
  const queues = () => world().ports.queues;

  describe('tasks in a queue', () => {
    it('come out as they went in, once each', async () => {
      const url = await makeQueue(world(), bareSpec(world()));
      const sent = messages(10);
      expect(await queues().send(url, sent)).toEqual([]);
      const received = await receiveAll(world(), url, 10);
      expect(received.map((message) => message.body).sort()).toEqual(
        sent.map((message) => message.body).sort(),
      );
      expect(new Set(received.map((message) => message.messageId)).size).toBe(10);
      expect(received.every((message) => message.receiveCount === 1)).toBe(true);
    });

    it('carry attributes of every type', async () => {
      const url = await makeQueue(world(), bareSpec(world()));
      const attributes = {
        text: { type: 'String', value: 'grüß' },
        number: { type: 'Number', value: '1.5' },
        bytes: { type: 'Binary', value: Buffer.from([0, 255, 10]).toString('base64') },
        own: { type: 'String.kind', value: 'x' },
      };
      await queues().send(url, [{ id: 'a', body: 'body', attributes }]);
      const [message] = await receiveAll(world(), url, 1);
      expect(message?.attributes).toEqual(attributes);
    });

    it('know when they were sent', async () => {
      const url = await makeQueue(world(), bareSpec(world()));
      const beforeMs = world().ports.clock.nowMs();
      await queues().send(url, messages(1));
      const afterMs = world().ports.clock.nowMs();
      const [message] = await receiveAll(world(), url, 1);
      expect(message?.sentAtMs).toBeGreaterThanOrEqual(beforeMs - 1_000);
      expect(message?.sentAtMs).toBeLessThanOrEqual(afterMs + 1_000);
    });

    it('stay away until their delay is over, and are counted as delayed', async () => {
      const url = await makeQueue(world(), bareSpec(world()));
      await queues().send(url, [{ id: 'a', body: 'late', delaySeconds: 3 }]);
      expect(await queues().receive(url, 30)).toEqual([]);
      expect((await readQueue(world(), url)).counts).toEqual({ visible: 0, delayed: 1, inFlight: 0 });
      await world().advance(3_200);
      expect((await receiveAll(world(), url, 1))[0]?.body).toBe('late');
    });

    it('are hidden after a receive, counted as in flight, and come back with a higher count', async () => {
      const url = await makeQueue(world(), bareSpec(world()));
      await queues().send(url, messages(1));
      const [first] = await receiveAll(world(), url, 1, 2);
      expect(await queues().receive(url, 2)).toEqual([]);
      expect((await readQueue(world(), url)).counts).toEqual({ visible: 0, delayed: 0, inFlight: 1 });
      await world().advance(2_200);
      const [again] = await receiveAll(world(), url, 1);
      expect(again).toMatchObject({
        messageId: first?.messageId,
        receiveCount: 2,
        sentAtMs: first?.sentAtMs,
      });
    });

    it('are gone once deleted', async () => {
      const url = await makeQueue(world(), bareSpec(world()));
      await queues().send(url, messages(3));
      const received = await receiveAll(world(), url, 3, 1);
      const receipts = received.map((message) => message.receipt);
      expect(await queues().deleteMessages(url, receipts)).toEqual([]);
      await world().advance(1_200);
      expect(await queues().receive(url, 1)).toEqual([]);
      expect((await readQueue(world(), url)).counts).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
    });

    itWhere(capabilities.forgivesSecondDelete)('can be deleted again without harm', async () => {
      const url = await makeQueue(world(), bareSpec(world()));
      await queues().send(url, messages(1));
      const [message] = await receiveAll(world(), url, 1);
      const receipts = [message?.receipt ?? ''];
      expect(await queues().deleteMessages(url, receipts)).toEqual([]);
      expect(await queues().deleteMessages(url, receipts)).toEqual([]);
    });

    it('go to the dead-letter queue when received too often', async () => {
      const { url, deadLetterUrl } = await makePair(world(), 2);
      await queues().send(url, messages(1));
      for (let receive = 0; receive < 2; receive += 1) {
        await receiveAll(world(), url, 1, 1);
        await world().advance(1_200);
      }
      const dead = await eventually(world(), async () => {
        await queues().receive(url, 1);
        return (await queues().receive(deadLetterUrl, 30))[0];
      });
      expect(dead.body).toBe('task 0');
    });

    it('none at all need no call', async () => {
      expect(await queues().send('https://nowhere.invalid/q', [])).toEqual([]);
      expect(await queues().deleteMessages('https://nowhere.invalid/q', [])).toEqual([]);
      expect(await queues().putBack('https://nowhere.invalid/q', [])).toBeUndefined();
    });

    it('cannot be sent to or received from a queue that is gone', async () => {
      const spec = bareSpec(world());
      const url = await makeQueue(world(), spec);
      await queues().delete(url);
      await eventually(world(), async () => (await queues().find(spec.name)) === undefined, 61_000);
      const gone = { name: 'AwsError', code: 'QueueDoesNotExist', retryable: false };
      await expect(queues().receive(url, 1)).rejects.toMatchObject(gone);
      await expect(queues().send(url, messages(1))).rejects.toMatchObject(gone);
    });

    it('can be received again at once where they were put back', async () => {
      const url = await makeQueue(world(), bareSpec(world()));
      await queues().send(url, messages(2));
      const [first, second] = await receiveAll(world(), url, 2, 600);
      await queues().putBack(url, [first?.receipt ?? '']);
      const again = await receiveAll(world(), url, 1);
      expect(again.map(({ body, receiveCount }) => [body, receiveCount])).toEqual([[first?.body, 2]]);
      expect((await readQueue(world(), url)).counts).toEqual({ visible: 0, delayed: 0, inFlight: 2 });
      await queues().deleteMessages(url, [second?.receipt ?? '']);
    });
  });
}

function messages(count: number): OutgoingMessage[] {
  return Array.from({ length: count }, (_, index) => ({ id: `id ${index}`, body: `task ${index}` }));
}

/** A receive may answer fewer than there are. */
async function receiveAll(
  world: PortWorld,
  url: string,
  count: number,
  visibilityTimeoutSeconds = 30,
): Promise<QueueMessage[]> {
  const received: QueueMessage[] = [];
  return eventually(world, async () => {
    received.push(...(await world.ports.queues.receive(url, visibilityTimeoutSeconds)));
    return received.length >= count && received;
  });
}
