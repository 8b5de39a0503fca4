import { describe, expect, it } from '@jest/globals';
import type { World } from '../../../lab/simulator/world/world.ts';
import { functionSpec, makePipeline, makeWorld, mappingSpec, queueSpec, sendTo } from './pipelines.ts';

describe('simulated mappings', () => {
  it('refuse a second one for the same pair, and changes while one is under way', async () => {
    const world = makeWorld();
    const { queue, mappingId } = await makePipeline(world, 'q');
    const again = world.mappings.create(mappingSpec('q', queue.arn));
    expect(again).toEqual({ kind: 'exists', id: mappingId });
    expect(world.mappings.change(mappingId, { maximumConcurrency: 5 }).kind).toBe('done');
    expect(world.mappings.read(mappingId)?.state).toBe('Updating');
    expect(world.mappings.change(mappingId, { maximumConcurrency: 6 }).kind).toBe('inUse');
    expect(world.mappings.delete(mappingId)).toBe('inUse');
    await world.pass(11);
    expect(world.mappings.delete(mappingId)).toBe('deleting');
    expect(world.mappings.read(mappingId)?.state).toBe('Deleting');
    await world.pass(11);
    expect(world.mappings.read(mappingId)).toBeUndefined();
  });

  it('refuse a visibility timeout below the function’s timeout, and large batches without a window', async () => {
    const world = makeWorld();
    const { mappingId } = await makePipeline(world, 'q');
    expect(() => world.mappings.change(mappingId, { batchSize: 11 })).toThrow(/batching window/);
    expect(() => world.mappings.change(mappingId, { maximumConcurrency: 1 })).toThrow(/MaximumConcurrency/);
    world.functions.configure(functionSpec('q', { timeoutSeconds: 61 }));
    expect(() => world.mappings.change(mappingId, { batchSize: 2 })).toThrow(/visibility timeout/);
  });

  it('stay behind when their function is deleted', async () => {
    const world = makeWorld();
    const { mappingId } = await makePipeline(world, 'q');
    world.functions.delete('q');
    await world.pass(60);
    expect(world.mappings.read(mappingId)?.state).toBe('Enabled');
  });

  it('run no more at once than MaximumConcurrency', async () => {
    const world = makeWorld();
    await makePipeline(world, 'q', { mapping: { maximumConcurrency: 3 } });
    sendTo(world, 'q', 30, 2);
    await world.pass(60);
    expect(world.book.runs).toHaveLength(30);
    expect(mostRunning(world)).toBe(3);
  });

  it('begin with 5 at once and add 300 a minute', async () => {
    const world = makeWorld();
    await makePipeline(world, 'q', { mapping: { maximumConcurrency: 100 } });
    sendTo(world, 'q', 200, 20);
    await world.pass(0.9);
    expect(world.book.runs).toHaveLength(5);
    await world.pass(10);
    expect(world.book.runs.length).toBeGreaterThan(45);
    expect(world.book.runs.length).toBeLessThanOrEqual(60);
  });

  it('go by their old settings until a change is over', async () => {
    const world = makeWorld();
    const { mappingId } = await makePipeline(world, 'q', { mapping: { maximumConcurrency: 4 } });
    world.mappings.change(mappingId, { enabled: false });
    sendTo(world, 'q', 2, 30);
    await world.pass(9);
    expect(world.book.runs).toHaveLength(2);
    await world.pass(2);
    sendTo(world, 'q', 2, 1);
    await world.pass(60);
    // What ran when it was disabled has come to its end; nothing else was received.
    expect(world.book.runs).toHaveLength(2);
    expect(world.book.runs.every(({ outcome }) => outcome === 'succeeded')).toBe(true);
  });

  it('burn receive counts where reserved concurrency is below what they fetch', async () => {
    const world = makeWorld();
    world.queues.create(queueSpec('dead'));
    const deadLetterQueueArn = world.queues.byName.get('dead')?.arn ?? '';
    const { queue } = await makePipeline(world, 'q', {
      queue: { redrive: { deadLetterQueueArn, maxReceiveCount: 1 } },
    });
    world.functions.reserveOne('q');
    sendTo(world, 'q', 10, 20);
    await world.pass(600);
    expect(mostRunning(world)).toBe(1);
    expect(queue.messages.size).toBe(0);
    const dead = world.queues.byName.get('dead')?.messages.size ?? 0;
    expect(dead).toBeGreaterThan(0);
    expect(new Set(world.book.runs.map(({ taskId }) => taskId)).size + dead).toBe(10);
  });

  it('delete of a batch what did not fail, and bring back the rest', async () => {
    const world = makeWorld();
    const { queue } = await makePipeline(world, 'q', { mapping: { batchSize: 5, batchWindowSeconds: 1 } });
    sendTo(world, 'q', 4, 1);
    sendTo(world, 'q', 1, 1, 1);
    await world.pass(60);
    expect(queue.messages.size).toBe(0);
    expect(world.book.runs.map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: 4 }, () => 'succeeded'),
      'failed',
      'succeeded',
    ]);
  });
});

function mostRunning(world: World): number {
  const moments = world.book.runs.flatMap(({ startedAtMs, endedAtMs }) => [
    { atMs: startedAtMs, step: 1 },
    { atMs: endedAtMs, step: -1 },
  ]);
  moments.sort((a, b) => a.atMs - b.atMs || a.step - b.step);
  let running = 0;
  return Math.max(0, ...moments.map(({ step }) => (running += step)));
}
