import { describe, expect, it } from '@jest/globals';
import { readNote } from '../../../core/dead-letter.ts';
import { makePipeline, makeWorld, queueSpec, sendTo } from './pipelines.ts';

const MAX_ATTEMPTS = 3;

async function pipeline(maxReceiveCount = 30) {
  const world = makeWorld();
  world.queues.create(queueSpec('q-dlq'));
  const dead = world.queues.byName.get('q-dlq');
  const redrive = { deadLetterQueueArn: dead?.arn ?? '', maxReceiveCount };
  const { queue } = await makePipeline(world, 'q', {
    queue: { redrive },
    consumer: { environment: { SLUICE_MAX_ATTEMPTS: String(MAX_ATTEMPTS) }, timeoutSeconds: 30 },
  });
  const notes = () =>
    [...(dead?.messages.all() ?? [])].map(({ attributes }) => readNote(attributes.SluiceDeadLetter));
  return { world, queue, notes };
}

describe('simulated consumers', () => {
  it('make a dead letter of a task that always throws after maxAttempts, with its reason', async () => {
    const { world, queue, notes } = await pipeline();
    sendTo(world, 'q', 1, 1, 1_000);
    await world.pass(60);
    expect(world.book.runs).toHaveLength(MAX_ATTEMPTS);
    expect(queue.messages.size).toBe(0);
    expect(notes()).toMatchObject([{ reason: 'maxAttempts', attempts: MAX_ATTEMPTS, messageId: 'm1' }]);
  });

  it('try a task that throws less often until it is done', async () => {
    const { world, queue, notes } = await pipeline();
    sendTo(world, 'q', 1, 1, MAX_ATTEMPTS - 1);
    await world.pass(60);
    expect(world.book.runs.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'succeeded']);
    expect(queue.messages.size).toBe(0);
    expect(notes()).toEqual([]);
  });

  it('count what never ends, but for a first receive', async () => {
    const { world, queue, notes } = await pipeline();
    sendTo(world, 'q', 1, 40);
    await world.pass(600);
    expect(world.book.runs.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: MAX_ATTEMPTS + 1 }, () => 'timedOut'),
    );
    expect(queue.messages.size).toBe(0);
    expect(notes()).toMatchObject([{ reason: 'exhausted' }]);
  });

  it('never make a dead letter of what was only throttled', async () => {
    const { world, queue, notes } = await pipeline(1_000);
    world.functions.reserveOne('q');
    sendTo(world, 'q', 40, 20);
    await world.pass(4_000);
    expect(queue.messages.size).toBe(0);
    expect(notes()).toEqual([]);
    expect(new Set(world.book.runs.map(({ taskId }) => taskId)).size).toBe(40);
  });
});
