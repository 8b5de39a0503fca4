import { describe, expect, it } from '@jest/globals';
import { makeWorld, queueSpec } from './pipelines.ts';

describe('simulated messages of SQS', () => {
  it('counts messages late, on their way in and on their way out', async () => {
    const world = makeWorld({ countLagMs: [30_000, 30_000] });
    world.queues.create(queueSpec('q'));
    const url = world.queues.find('q') ?? '';
    world.queues.send(url, [{ id: 'a', body: 'x' }]);
    expect(world.queues.read(url)?.counts).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
    await world.pass(31);
    expect(world.queues.read(url)?.counts.visible).toBe(1);
    const [message] = world.queues.receive(url, 60);
    world.queues.deleteMessages(url, [message?.receipt ?? '']);
    expect(world.queues.read(url)?.counts.inFlight).toBe(1);
    await world.pass(31);
    expect(world.queues.read(url)?.counts).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
  });

  it('hides delayed and in-flight messages from everybody until their time', async () => {
    const world = makeWorld();
    world.queues.create(queueSpec('q'));
    const url = world.queues.find('q') ?? '';
    world.queues.send(url, [{ id: 'a', body: 'x', delaySeconds: 10 }]);
    expect(world.queues.receive(url, 60)).toEqual([]);
    await world.pass(10);
    expect(world.queues.receive(url, 60)).toHaveLength(1);
    expect(world.queues.receive(url, 60)).toEqual([]);
    await world.pass(60);
    expect(world.queues.receive(url, 60)[0]?.receiveCount).toBe(2);
  });

  it('buries a message that was received too often, and its retention runs on from its first enqueue', async () => {
    const world = makeWorld();
    world.queues.create(queueSpec('dead', { messageRetentionSeconds: 300 }));
    const deadLetterQueueArn = world.queues.byName.get('dead')?.arn ?? '';
    world.queues.create(queueSpec('q', { redrive: { deadLetterQueueArn, maxReceiveCount: 2 } }));
    const url = world.queues.find('q') ?? '';
    world.queues.send(url, [{ id: 'a', body: 'x' }]);
    for (let receive = 0; receive < 2; receive += 1) {
      expect(world.queues.receive(url, 60)).toHaveLength(1);
      await world.pass(60);
    }
    expect(world.queues.receive(url, 60)).toEqual([]);
    const dead = world.queues.find('dead') ?? '';
    expect(world.queues.read(dead)?.counts.visible).toBe(1);
    await world.pass(185);
    expect(world.queues.read(dead)?.counts.visible).toBe(0);
  });

  it('keeps a message whose receipt is not of its last receive', async () => {
    const world = makeWorld();
    world.queues.create(queueSpec('q'));
    const url = world.queues.find('q') ?? '';
    world.queues.send(url, [{ id: 'a', body: 'x' }]);
    const [first] = world.queues.receive(url, 1);
    await world.pass(2);
    world.queues.receive(url, 1);
    expect(world.queues.deleteMessages(url, [first?.receipt ?? ''])).toEqual([]);
    await world.pass(2);
    expect(world.queues.receive(url, 1)).toHaveLength(1);
  });
});
