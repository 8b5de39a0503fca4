import { describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../../aws/ports.ts';
import { measuredFact } from '../../../../core/burst/measured.ts';
import { listen } from '../../../../functions/burst-listener/listen.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { endsTold, keptBurst, note, partsIdIn, upTo } from '../burst-record.ts';
import { dyingAfter } from '../dying.ts';
import { run, stageWith } from '../simulated-stage.ts';

/** A stage that hears of no end by itself. */
async function deafStage(): Promise<World> {
  const world = await stageWith();
  world.bursts.onEnd = () => {};
  return world;
}

/** Of the one that is in the table. */
function over(world: World, burstId = 'b', sequenceNumber = '100') {
  return { partsId: partsIdIn(world, burstId), sequenceNumber };
}

function tell(world: World, ends = [over(world)], ports?: (ports: Ports) => Ports) {
  return run(world, (own) => listen(ends, own), ports === undefined ? {} : { ports });
}

describe('the listener of bursts', () => {
  it('ends a burst whose tasks are over, and tells of it', async () => {
    const world = await deafStage();
    keptBurst(world);
    note(world, 'done', upTo(9));
    note(world, 'dead', [9]);
    await world.pass(30);
    expect(await tell(world)).toEqual({ batchItemFailures: [] });
    const ended = world.bursts.read('b');
    expect(ended).toMatchObject({
      state: 'Ended',
      totals: { total: 10, done: 9, deadLettered: 1, unaccounted: 0 },
      peakConcurrency: 10,
    });
    expect(ended?.checkAtMs).toBeUndefined();
    expect(ended?.expiresAt).toBeGreaterThan(world.nowMs() / 1000 + 29 * 86_400);
    expect(endsTold(world)).toEqual([
      expect.objectContaining({
        burstId: 'b',
        totals: ended?.totals,
        predicted: { finishSeconds: 11, peakConcurrency: 3 },
        actual: { finishSeconds: 1, peakConcurrency: 10 },
      }),
    ]);
  });

  it('hears of it by the stream', async () => {
    const world = await stageWith();
    keptBurst(world);
    note(world, 'done', upTo(10));
    await world.pass(10);
    expect(world.bursts.read('b')?.state).toBe('Ended');
    expect(endsTold(world)).toHaveLength(1);
  });

  it('says nothing new when it hears of it again', async () => {
    const world = await deafStage();
    keptBurst(world);
    note(world, 'done', upTo(10));
    await tell(world, [over(world), over(world)]);
    const ended = world.bursts.read('b');
    await tell(world);
    expect(world.bursts.read('b')).toEqual(ended);
  });

  it('asks to be told again of a burst that it finds not to be over, and ends all others', async () => {
    const world = await deafStage();
    for (const burstId of ['a', 'b', 'c']) keptBurst(world, { burstId });
    for (const burstId of ['a', 'c']) note(world, 'done', upTo(10), { burstId });
    note(world, 'done', upTo(9), { burstId: 'b' });
    const ends = ['a', 'b', 'c', 'gone'].map((burstId, at) => over(world, burstId, String(100 + at)));
    expect(await tell(world, ends)).toEqual({ batchItemFailures: [{ itemIdentifier: '101' }] });
    expect(['a', 'b', 'c'].map((id) => world.bursts.read(id)?.state)).toEqual(['Ended', 'Sent', 'Ended']);
  });

  it('lets the next burst be planned by what the tasks of this one took', async () => {
    const world = await deafStage();
    keptBurst(world);
    note(world, 'done', upTo(10));
    await tell(world);
    expect(world.ledgers.read(measuredFact('p'))?.value).toMatchObject({
      meanSeconds: 1,
      p95Seconds: expect.closeTo(1, 1),
      tasks: 10,
      burstId: 'b',
    });
  });

  it('removes the tasks that Sluice has kept for it, and no object of anybody else', async () => {
    const world = await deafStage();
    const own = world.taskObjects.keep('b', ['{}']);
    world.taskObjects.put('theirs', 'k', '{}');
    const theirs = { kind: 'object', bucket: 'theirs', key: 'k', etag: 'e', isOwn: false } as const;
    keptBurst(world, { source: own });
    keptBurst(world, { burstId: 'c', source: theirs });
    for (const burstId of ['b', 'c']) note(world, 'done', upTo(10), { burstId });
    await tell(world, [over(world), over(world, 'c')]);
    expect(world.taskObjects.find(own.bucket, own.key)).toBeUndefined();
    expect(world.taskObjects.find('theirs', 'k')).toBeDefined();
  });

  it('is followed by one that ends and tells, wherever it dies', async () => {
    for (let calls = 0; ; calls += 1) {
      const world = await deafStage();
      const source = world.taskObjects.keep('b', ['{}']);
      keptBurst(world, { source });
      note(world, 'done', upTo(10));
      await tell(world, [over(world)], dyingAfter(calls));
      const isDone = world.bursts.read('b')?.checkAtMs === undefined;
      await tell(world);
      expect({ calls, record: world.bursts.read('b') }).toMatchObject({
        calls,
        record: { state: 'Ended', totals: { done: 10 } },
      });
      expect(world.bursts.read('b')?.checkAtMs).toBeUndefined();
      expect(endsTold(world).length).toBeGreaterThanOrEqual(1);
      expect(world.taskObjects.find(source.bucket, source.key)).toBeUndefined();
      expect(world.ledgers.read(measuredFact('p'))?.value).toMatchObject({ tasks: 10 });
      if (isDone) {
        expect(calls).toBeGreaterThan(6);
        return;
      }
    }
  });

  it('sums up anew where somebody else writes the record meanwhile', async () => {
    const world = await deafStage();
    keptBurst(world, { state: 'Sending' });
    note(world, 'done', upTo(10));
    let writes = 0;
    const racing = (ports: Ports): Ports => ({
      ...ports,
      bursts: Object.assign(Object.create(ports.bursts), {
        write: (next: Parameters<Ports['bursts']['write']>[0]) => {
          writes += 1;
          if (writes === 1) world.bursts.write({ ...next, state: 'Sent', revision: 1 });
          return ports.bursts.write(next);
        },
      }),
    });
    await tell(world, [over(world)], racing);
    expect(world.bursts.read('b')).toMatchObject({ state: 'Ended', totals: { done: 10 } });
    expect(endsTold(world)).toHaveLength(1);
  });
});
