import { describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../../aws/ports.ts';
import { pipelineNames } from '../../../../core/names.ts';
import { STAGE } from '../../../../lab/simulator/world/world.ts';
import { segment } from '../../core/burst/bursts.ts';
import { endsTold, enqueue, keptBurst, note, partsIdIn, upTo } from '../burst-record.ts';
import { deadLettersOf } from '../simulated-stage.ts';
import { deafStage, ticks } from './deaf-stage.ts';
import { tick } from './tick.ts';

describe('a burst whose tasks are over', () => {
  it('ends though nobody heard of it', async () => {
    const world = await deafStage();
    keptBurst(world);
    note(world, 'done', upTo(10));
    expect(await ticks(world, 2)).toMatchObject({ ended: 1 });
    expect(world.bursts.read('b')).toMatchObject({ state: 'Ended', totals: { done: 10, unaccounted: 0 } });
    expect(endsTold(world)).toHaveLength(1);
    expect(await ticks(world, 3)).toEqual({ looked: 0, ended: 0, driven: 0 });
  });

  it('is told of though whoever ended it died before', async () => {
    const world = await deafStage();
    keptBurst(world, { state: 'Ended', endedAtMs: world.nowMs() });
    await ticks(world, 2);
    expect(endsTold(world)).toHaveLength(1);
    expect(world.bursts.read('b')?.checkAtMs).toBeUndefined();
  });

  it('ends when what was sent is over, if it was cancelled', async () => {
    const world = await deafStage();
    keptBurst(world, { total: 4, given: 10, isCancelled: true });
    note(world, 'done', upTo(4));
    await ticks(world, 2);
    expect(world.bursts.read('b')).toMatchObject({ state: 'Ended', totals: { total: 4, done: 4 } });
    keptBurst(world, { burstId: 'c', total: 0, given: 10, isCancelled: true });
    await ticks(world, 2);
    expect(world.bursts.read('c')).toMatchObject({ state: 'Ended', totals: { total: 0, unaccounted: 0 } });
  });
});

describe('a burst under way', () => {
  it('has its totals written, and is looked at again', async () => {
    const world = await deafStage();
    keptBurst(world, { total: 1_000 });
    note(world, 'done', upTo(30), { total: 1_000 });
    note(world, 'failed', [40], { total: 1_000 });
    await ticks(world, 2);
    const record = world.bursts.read('b');
    expect(record?.totals).toMatchObject({ total: 1_000, sent: 1_000, started: 31, done: 30, failed: 1 });
    expect(record?.checkAtMs).toBeGreaterThan(world.nowMs());
  });

  it('is left to whoever writes it at the same time', async () => {
    const world = await deafStage();
    const record = keptBurst(world, { total: 1_000 });
    world.bursts.write({ ...record, revision: 1, state: 'Paused' });
    await ticks(world, 2);
    expect(world.bursts.read('b')?.state).toBe('Paused');
  });

  it('waits as long as its pipeline has work', async () => {
    const world = await deafStage();
    keptBurst(world);
    enqueue(world, [9]);
    note(world, 'done', upTo(9));
    expect(await ticks(world, 60)).toMatchObject({ ended: 0 });
    expect(world.bursts.read('b')).toMatchObject({ state: 'Sent', totals: { done: 9 } });
  });
});

describe('tasks of which nobody noted anything', () => {
  it('are unaccounted for once the queue has been empty for long enough', async () => {
    const world = await deafStage();
    keptBurst(world);
    note(world, 'done', upTo(7));
    const { emptySpanSeconds } = world.settings.timings;
    await ticks(world, 2);
    expect(world.bursts.read('b')).toMatchObject({ state: 'Sent', quietSinceMs: expect.any(Number) });
    await ticks(world, Math.ceil(emptySpanSeconds / 60) + 1);
    expect(world.bursts.read('b')).toMatchObject({ state: 'Ended', totals: { done: 7, unaccounted: 3 } });
    expect(endsTold(world)).toHaveLength(1);
  });

  it('are not, where the queue was only empty for a moment', async () => {
    const world = await deafStage();
    keptBurst(world);
    note(world, 'done', upTo(9));
    await ticks(world, 2);
    enqueue(world, [9]);
    await ticks(world, 5);
    expect(world.bursts.read('b')?.state).toBe('Sent');
    expect(world.bursts.read('b')?.quietSinceMs).toBeUndefined();
  });

  it('are found where SQS has buried them, which stay there and in sight', async () => {
    const world = await deafStage();
    keptBurst(world);
    keptBurst(world, { burstId: 'c' });
    note(world, 'done', upTo(7));
    note(world, 'done', upTo(9), { burstId: 'c' });
    enqueue(world, [7, 8], { buried: true });
    enqueue(world, [9], { buried: true, burstId: 'c' });
    enqueue(world, upTo(10), { buried: true, burstId: 'other' });
    await ticks(world, 8);
    expect(world.bursts.read('b')?.totals).toMatchObject({ done: 7, deadLettered: 2, unaccounted: 1 });
    expect(world.bursts.read('c')?.totals).toMatchObject({ done: 9, deadLettered: 1, unaccounted: 0 });
    const letters = deadLettersOf(world, 'p');
    expect(letters).toHaveLength(13);
    expect(letters.filter(({ visibleAtMs }) => visibleAtMs > world.nowMs())).toEqual([]);
  });

  it('are found there though the pipeline has other work, once the burst is late', async () => {
    const world = await deafStage();
    keptBurst(world);
    note(world, 'done', upTo(9));
    enqueue(world, [9], { buried: true });
    enqueue(world, [0], { burstId: 'other' });
    await ticks(world, 30);
    expect(world.bursts.read('b')).toMatchObject({ state: 'Ended', totals: { done: 9, deadLettered: 1 } });
  });

  it('are waited for while somebody else keeps dead letters out of sight', async () => {
    const world = await deafStage();
    keptBurst(world);
    note(world, 'done', upTo(9));
    enqueue(world, [9], { buried: true });
    const url = world.queues.find(pipelineNames(STAGE, 'p').deadLetterQueue) ?? '';
    world.queues.receive(url, 900);
    await ticks(world, 10);
    expect(world.bursts.read('b')?.state).toBe('Sent');
    await ticks(world, 10);
    expect(world.bursts.read('b')).toMatchObject({ state: 'Ended', totals: { deadLettered: 1 } });
  });

  it('of a burst that nobody counts are all of them', async () => {
    const world = await deafStage();
    keptBurst(world, { isCounted: false });
    await ticks(world, 8);
    expect(world.bursts.read('b')).toMatchObject({ state: 'Ended', totals: { sent: 10, unaccounted: 10 } });
    expect(endsTold(world)).toEqual([
      expect.objectContaining({ evidence: expect.objectContaining({ isCounted: false }) }),
    ]);
  });

  it('are gone with a pipeline that is gone', async () => {
    const world = await deafStage();
    keptBurst(world);
    world.configs.remove('p');
    await ticks(world, 30);
    expect(world.bursts.read('b')).toMatchObject({ state: 'Ended', totals: { unaccounted: 10 } });
  });
});

describe('a burst that nobody sends on', () => {
  it('is handed to another execution', async () => {
    const world = await deafStage();
    const driver = { owner: 'dead', executions: 1, dueAtMs: world.nowMs() };
    keptBurst(world, { state: 'Sending', driver });
    expect(await ticks(world, 19)).toMatchObject({ driven: 0 });
    expect(await ticks(world, 8)).toMatchObject({ driven: 1 });
    const started = world.bursts.read('b')?.driver;
    expect(started?.executions).toBe(2);
    expect([...world.burstRuns.byName.keys()]).toContain(started?.owner);
  });

  it('is given up after a day where only its caller has the tasks, and ends', async () => {
    const world = await deafStage();
    keptBurst(world, { state: 'Sending', source: { kind: 'inline' } });
    world.bursts.noteCalls(partsIdIn(world, 'b'), 0, [0]);
    note(world, 'done', upTo(4));
    await ticks(world, 30);
    expect(world.bursts.read('b')?.state).toBe('Sending');
    await world.pass(86_400);
    await ticks(world, 70);
    expect(world.bursts.read('b')).toMatchObject({
      state: 'Ended',
      isCancelled: true,
      totals: { done: 4, unaccounted: 6 },
    });
  });
});

describe('the work of a tick', () => {
  it('reads the shards of a burst some twenty times, however long it takes', async () => {
    const world = await deafStage();
    const [total, daySeconds] = [64_000, 86_400];
    const atOnce = segment({ kind: 'atOnce', firstMs: 0 }, total, {
      startMs: world.nowMs(),
      finishSeconds: daySeconds,
    });
    keptBurst(world, { total, segments: [atOnce] });
    enqueue(world, [0], { total });
    note(world, 'done', upTo(32), { total });
    let reads = 0;
    const counting = (ports: Ports): Ports => ({
      ...ports,
      bursts: Object.assign(Object.create(ports.bursts), {
        readShards: (...args: Parameters<Ports['bursts']['readShards']>) => {
          reads += args[1].length;
          return ports.bursts.readShards(...args);
        },
      }),
    });
    for (let passed = 0; passed < daySeconds; passed += 300) {
      await world.pass(300);
      await tick(world, counting);
    }
    expect(world.bursts.read('b')).toMatchObject({ state: 'Sent', totals: { done: 32 } });
    expect(reads).toBeGreaterThan((10 * total) / 32);
    expect(reads).toBeLessThanOrEqual((21 * total) / 32);
  }, 60_000);

  it('is bounded: 25 bursts, those first that are due the longest', async () => {
    const world = await deafStage();
    for (let at = 0; at < 40; at += 1) {
      keptBurst(world, { burstId: `b-${at}`, total: 1_000, checkAtMs: world.nowMs() + at });
    }
    await world.pass(60);
    expect((await tick(world)).bursts.looked).toBe(25);
    expect((await tick(world)).bursts.looked).toBe(15);
    expect((await tick(world)).bursts.looked).toBe(0);
  });

  it('has a burst of more than a million tasks for itself', async () => {
    const world = await deafStage();
    for (const burstId of ['a', 'b']) keptBurst(world, { burstId, total: 1_200_000 });
    keptBurst(world, { burstId: 'c' });
    await world.pass(120);
    for (let at = 0; at < 3; at += 1) expect((await tick(world)).bursts.looked).toBe(1);
    expect((await tick(world)).bursts.looked).toBe(0);
  });
});
