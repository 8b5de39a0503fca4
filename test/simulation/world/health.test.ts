import { describe, expect, it } from '@jest/globals';
import { pipelineNames } from '../../../core/names.ts';
import { STAGE, type World } from '../../../lab/simulator/world/world.ts';
import { makePipeline, makeWorld, queueSpec, sendTo } from './pipelines.ts';

const names = pipelineNames(STAGE, 'a');

/** The samples of everything so far. */
function samplesOf(world: World) {
  return world.health.read(['a', 'nobody'], 0, world.nowMs()).get('a') ?? [];
}

function sum(world: World, what: 'calls' | 'errors' | 'throttled' | 'received' | 'done' | 'durationMs') {
  return samplesOf(world).reduce((total, sample) => total + sample[what], 0);
}

describe('simulated metrics', () => {
  it('count calls and messages minute by minute', async () => {
    const world = makeWorld();
    await makePipeline(world, names.queue);
    await world.pass(120);
    const fromMs = world.nowMs();
    sendTo(world, names.queue, 6, 2);
    await world.pass(60);
    const samples = samplesOf(world).filter(({ calls }) => calls > 0);
    expect(samples).toEqual([
      {
        atMs: Math.floor(fromMs / 60_000) * 60_000,
        spanMs: 60_000,
        calls: 6,
        errors: 0,
        throttled: 0,
        received: 6,
        done: 6,
        durationMs: 12_000,
      },
    ]);
  });

  it('count a task that failed as received, once more when it comes back, and a call that ran out of time as an error', async () => {
    const world = makeWorld();
    await makePipeline(world, names.queue, { consumer: { timeoutSeconds: 10 } });
    sendTo(world, names.queue, 1, 1, 1);
    sendTo(world, names.queue, 1, 100);
    await world.pass(59);
    expect([sum(world, 'received'), sum(world, 'done'), sum(world, 'errors')]).toEqual([3, 1, 1]);
  });

  it('count no dead letter as done, though its message is deleted', async () => {
    const world = makeWorld();
    world.queues.create(queueSpec(names.deadLetterQueue));
    await makePipeline(world, names.queue, { consumer: { environment: { SLUICE_MAX_ATTEMPTS: '1' } } });
    sendTo(world, names.queue, 2, 1, 1);
    sendTo(world, names.queue, 1, 1);
    await world.pass(59);
    expect([sum(world, 'received'), sum(world, 'done'), sum(world, 'errors')]).toEqual([3, 1, 0]);
  });

  it('count calls that found no room as throttled', async () => {
    const world = makeWorld();
    await makePipeline(world, names.queue);
    world.functions.reserveOne(names.function);
    sendTo(world, names.queue, 3, 20);
    await world.pass(60);
    expect(sum(world, 'throttled')).toBeGreaterThan(0);
    expect(sum(world, 'received')).toBe(sum(world, 'throttled') + sum(world, 'calls'));
  });

  it('say how many dead letters there were at the end of each minute, while there is a queue', async () => {
    const world = makeWorld();
    world.queues.create(queueSpec(names.deadLetterQueue));
    const url = world.queues.find(names.deadLetterQueue) ?? '';
    await world.pass(121);
    world.queues.send(url, [{ id: 'a', body: 'x' }]);
    await world.pass(121);
    world.queues.delete(url);
    await world.pass(121);
    expect(samplesOf(world).map(({ deadLetters }) => deadLetters)).toEqual([0, 0, 1, 1]);
  });

  it('are known only some time after their minute', async () => {
    const world = makeWorld({ metricsMs: [60_000, 120_000] });
    await makePipeline(world, names.queue);
    sendTo(world, names.queue, 1, 1);
    await world.pass(100);
    expect(samplesOf(world)).toEqual([]);
    await world.pass(80);
    expect(sum(world, 'calls')).toBe(1);
  });

  it('leave out whom nothing is known of', () => {
    const world = makeWorld();
    expect(world.health.read(['nobody'], 0, world.nowMs()).size).toBe(0);
  });
});
