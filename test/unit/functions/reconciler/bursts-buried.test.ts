import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../../../../aws/errors.ts';
import type { Ports } from '../../../../aws/ports.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { segment } from '../../core/burst/bursts.ts';
import { endsTold, enqueue, keptBurst, upTo } from '../burst-record.ts';
import { deadLettersOf } from '../simulated-stage.ts';
import { deafStage, ticks } from './deaf-stage.ts';

describe('more dead letters than one look sees', () => {
  const TOTAL = 12_000;

  /** A burst all of whose tasks SQS has buried. */
  async function buriedStage(total = TOTAL): Promise<World> {
    const world = await deafStage();
    const atOnce = segment({ kind: 'atOnce', firstMs: 0 }, total, {
      startMs: world.nowMs(),
      finishSeconds: 60,
    });
    keptBurst(world, { total, segments: [atOnce] });
    enqueue(world, upTo(total), { buried: true, total });
    return world;
  }

  /** Ports whose queues, or table of bursts, do something else. */
  const withQueues = (other: Partial<Ports['queues']>) => (ports: Ports) => ({
    ...ports,
    queues: Object.assign(Object.create(ports.queues), other),
  });

  it('are all counted, look by look, before the burst ends', async () => {
    const world = await buriedStage();
    for (let looks = 0; looks < 20 && world.bursts.read('b')?.letterLooks === undefined; looks += 1) {
      await ticks(world, 1);
    }
    expect(world.bursts.read('b')).toMatchObject({
      state: 'Sent',
      letterLooks: { count: 1, isUnbroken: true },
    });
    await ticks(world, 2);
    const record = world.bursts.read('b');
    expect(record).toMatchObject({ state: 'Ended', totals: { deadLettered: TOTAL, unaccounted: 0 } });
    expect(record?.letterLooks).toBeUndefined();
    expect(record?.because).toBeUndefined();
    const letters = deadLettersOf(world, 'p');
    expect(letters).toHaveLength(TOTAL);
    expect(Math.max(...letters.map(({ visibleAtMs }) => visibleAtMs))).toBeLessThan(world.nowMs() + 900_000);
  }, 60_000);

  it('are all counted though a look dies once it has seen some', async () => {
    const world = await buriedStage();
    let died = 0;
    const dying = (ports: Ports): Ports => ({
      ...ports,
      bursts: Object.assign(Object.create(ports.bursts), {
        addOver: (...args: Parameters<Ports['bursts']['addOver']>) => {
          died += 1;
          return died === 2 ? Promise.reject(new Error('it dies')) : ports.bursts.addOver(...args);
        },
      }),
    });
    await ticks(world, 60, dying);
    expect(died).toBeGreaterThan(2);
    expect(world.bursts.read('b')).toMatchObject({
      state: 'Ended',
      totals: { deadLettered: TOTAL, unaccounted: 0 },
    });
  }, 60_000);

  it('are waited for by another burst, until they are in sight again', async () => {
    const world = await buriedStage();
    await ticks(world, 10);
    expect(world.bursts.read('b')?.state).toBe('Ended');
    keptBurst(world, { burstId: 'c', total: 1 });
    enqueue(world, [0], { burstId: 'c', total: 1, buried: true });
    await ticks(world, 60);
    expect(world.bursts.read('c')).toMatchObject({ state: 'Ended', totals: { deadLettered: 1 } });
  }, 60_000);

  it('let the burst end after some looks all the same, which says so', async () => {
    const world = await buriedStage(10);
    const full = withQueues({
      receive: () =>
        Promise.reject(
          new AwsError({
            operation: 'sqs:ReceiveMessage',
            code: 'OverLimit',
            message: 'too many in flight',
            retryable: true,
            requestId: undefined,
            cause: undefined,
          }),
        ),
    });
    await ticks(world, 15, full);
    expect(world.bursts.read('b')?.state).toBe('Sent');
    await ticks(world, 15, full);
    expect(world.bursts.read('b')).toMatchObject({ state: 'Ended', totals: { unaccounted: 10 } });
    expect(endsTold(world)).toEqual([
      expect.objectContaining({
        evidence: expect.objectContaining({ because: expect.stringMatching('more dead letters') }),
      }),
    ]);
  });
});
