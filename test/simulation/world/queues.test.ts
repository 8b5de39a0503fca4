import { describe, expect, it } from '@jest/globals';
import { makeWorld, queueSpec } from './pipelines.ts';

describe('simulated SQS', () => {
  it('blocks a deleted queue’s name for 60 s, and loses what is sent meanwhile', async () => {
    const world = makeWorld();
    world.queues.create(queueSpec('q'));
    const { url } = world.queues.byName.get('q') ?? { url: '' };
    world.queues.delete(url);
    expect(world.queues.create(queueSpec('q')).kind).toBe('nameBlocked');
    let succeeded = 0;
    for (let at = 0; at < 20; at += 1) {
      try {
        world.queues.send(url, [{ id: 'a', body: 'x' }]);
        succeeded += 1;
      } catch {}
    }
    expect(succeeded).toBeGreaterThan(0);
    await world.pass(59);
    expect(world.queues.create(queueSpec('q')).kind).toBe('nameBlocked');
    await world.pass(2);
    expect(world.queues.create(queueSpec('q')).kind).toBe('created');
    expect(world.queues.read(url)?.counts.visible).toBe(0);
  });

  it('refuses a queue of other attributes, and answers the one that is there for the same', () => {
    const world = makeWorld();
    expect(world.queues.create(queueSpec('q')).kind).toBe('created');
    expect(world.queues.create(queueSpec('q')).kind).toBe('created');
    expect(world.queues.create(queueSpec('q', { visibilityTimeoutSeconds: 61 })).kind).toBe('differs');
  });

  it('may not find a queue in its first second', async () => {
    const world = makeWorld({ newQueueUnknown: 1 });
    world.queues.create(queueSpec('q'));
    const url = world.queues.find('q') ?? '';
    expect(world.queues.read(url)).toBeUndefined();
    await world.pass(1);
    expect(world.queues.read(url)).toBeDefined();
  });

  it('brings changed attributes into force within 60 s, retention within 15 min', async () => {
    const world = makeWorld({
      attributesMs: [60_000, 60_000],
      retentionMs: [900_000, 900_000],
      staleReads: 1,
    });
    world.queues.create(queueSpec('q'));
    const queue = world.queues.byName.get('q');
    world.queues.change(queue?.url ?? '', {
      visibilityTimeoutSeconds: 90,
      messageRetentionSeconds: 60,
      closed: true,
    });
    expect(world.queues.read(queue?.url ?? '')).toMatchObject({
      visibilityTimeoutSeconds: 60,
      closed: false,
    });
    world.queues.send(queue?.url ?? '', [{ id: 'a', body: 'still taken' }]);
    await world.pass(61);
    expect(queue?.visibilityTimeoutSeconds.inForce(world.nowMs())).toBe(90);
    expect(queue?.messageRetentionSeconds.inForce(world.nowMs())).toBe(3_600);
    expect(() => world.queues.send(queue?.url ?? '', [{ id: 'a', body: 'x' }])).toThrow(/AccessDenied/);
    await world.pass(840);
    expect(queue?.messageRetentionSeconds.inForce(world.nowMs())).toBe(60);
  });

  it('takes whole delays of up to 900 s, 10 messages and 1 MiB at once', () => {
    const world = makeWorld();
    world.queues.create(queueSpec('q'));
    const url = world.queues.find('q') ?? '';
    const failed = world.queues.send(url, [
      { id: 'a', body: 'x', delaySeconds: 900 },
      { id: 'b', body: 'x', delaySeconds: 901 },
      { id: 'c', body: 'x', delaySeconds: 0.5 },
    ]);
    expect(failed.map(({ id }) => id)).toEqual(['b', 'c']);
    const eleven = Array.from({ length: 11 }, (_, at) => ({ id: String(at), body: 'x' }));
    expect(() => world.queues.send(url, eleven)).toThrow(/TooManyEntries/);
    expect(() => world.queues.send(url, [{ id: 'a', body: 'x'.repeat(1_048_577) }])).toThrow(
      /BatchRequestTooLong/,
    );
  });
});
