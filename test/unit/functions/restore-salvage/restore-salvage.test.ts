import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OutgoingMessage, Ports, SalvagedMessage } from '../../../../aws/ports.ts';
import { restoreSalvage } from '../../../../functions/restore-salvage/restore-salvage.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { deadLettersOf, messagesOf, run, stageWith } from '../simulated-stage.ts';

const PAUSED = { pipelineId: 'a', paused: true };

function restore(world: World, input: object = {}, options: Parameters<typeof run>[2] = {}) {
  return run(
    world,
    (ports, deadlineMs) => restoreSalvage({ pipelineId: 'a', ...input }, ports, world.settings, deadlineMs),
    options,
  );
}

function line(messageId: string, from: SalvagedMessage['from'] = 'queue'): SalvagedMessage {
  const attributes = { why: { type: 'String', value: `because ${messageId}` } };
  return { messageId, from, body: `body of ${messageId}`, attributes, receiveCount: 1, sentAtMs: 1 };
}

/** A paused pipeline with these objects in its salvage, each a list of message ids; `d…` are dead letters. */
async function stageWithSalvage(...objects: string[][]): Promise<World> {
  const world = await stageWith(PAUSED);
  objects.forEach((ids, index) => {
    const lines = ids.map((id) => line(id, id.startsWith('d') ? 'deadLetterQueue' : 'queue'));
    world.salvage.write('a', `part${index}`, lines);
  });
  const status = world.statuses.read('a');
  if (status && objects.length > 0) {
    world.statuses.write({
      ...status,
      salvage: { uri: world.salvage.uri('a'), count: objects.flat().length },
    });
  }
  return world;
}

function bodies(world: World): string[] {
  return [...messagesOf(world, 'a'), ...deadLettersOf(world, 'a')].map(({ body }) => body.slice(8)).sort();
}

function salvaged(world: World): string[] {
  return [...world.salvage.objects.values()].flatMap((lines) => lines.map(({ messageId }) => messageId));
}

/** Queues that refuse the messages for which `refuses` says so. */
function refusing(refuses: (id: string) => boolean) {
  return {
    ports: (ports: Ports): Ports => ({
      ...ports,
      queues: Object.assign(Object.create(ports.queues), {
        async send(url: string, messages: readonly OutgoingMessage[]) {
          const bad = messages.filter(({ id }) => refuses(id));
          const good = messages.filter(({ id }) => !refuses(id));
          if (good.length > 0) await ports.queues.send(url, good);
          return bad.map(({ id }) => ({ id, code: 'InvalidMessageContents', senderFault: true }));
        },
      }),
    }),
  };
}

describe('restoring salvage', () => {
  it('sends again what a teardown salvaged, once the record is there again', async () => {
    const world = await stageWith(PAUSED);
    expect(world.send('a', 45)).toBe(45);
    world.configs.remove('a');
    await world.pass(3_600);
    expect(world.statuses.read('a')).toMatchObject({ phase: 'Deleted', salvage: { count: 45 } });
    world.configs.put('a', PAUSED);
    const result = await restore(world);
    expect(result).toEqual({ pipelineId: 'a', restored: 45, duplicates: 0, left: 0, failed: [] });
    const ids = messagesOf(world, 'a').map(({ body }) => JSON.parse(body).taskId as string);
    expect(new Set(ids).size).toBe(45);
    expect(world.salvage.objects.size).toBe(0);
    expect(world.statuses.read('a')?.salvage).toBeUndefined();
  });

  it('sends tasks to the queue and dead letters to the dead-letter queue, attributes and all', async () => {
    const world = await stageWithSalvage(['t1', 'd1', 't2']);
    await restore(world);
    expect(messagesOf(world, 'a').map(({ body }) => body)).toEqual(['body of t1', 'body of t2']);
    expect(deadLettersOf(world, 'a').map(({ body }) => body)).toEqual(['body of d1']);
    expect(deadLettersOf(world, 'a')[0]?.attributes).toEqual(line('d1').attributes);
  });

  it('sends a message that salvage holds twice once', async () => {
    const world = await stageWithSalvage(['t1', 't2'], ['t2', 't3', 't3']);
    const result = await restore(world);
    expect(result).toMatchObject({ restored: 3, duplicates: 2, left: 0 });
    expect(bodies(world)).toEqual(['t1', 't2', 't3']);
  });

  it.each([
    ['tasks' as const, ['t1', 't2'], ['d1']],
    ['deadLetters' as const, ['d1'], ['t1', 't2']],
  ])('sends only %s where asked to, and leaves the rest in salvage', async (include, sent, left) => {
    const world = await stageWithSalvage(['t1', 'd1', 't2']);
    expect(await restore(world, { include })).toMatchObject({ restored: sent.length, left: left.length });
    expect(bodies(world)).toEqual(sent);
    expect(salvaged(world)).toEqual(left);
    expect(world.statuses.read('a')?.salvage?.count).toBe(left.length);
  });

  it('sends no more than its limit, and the rest the next time', async () => {
    const world = await stageWithSalvage(['t1', 't2', 't3'], ['t4', 't5']);
    expect(await restore(world, { limit: 2 })).toMatchObject({ restored: 2, left: 3 });
    expect(await restore(world, { limit: 2 })).toMatchObject({ restored: 2, left: 1 });
    expect(await restore(world)).toMatchObject({ restored: 1, left: 0 });
    expect(bodies(world)).toEqual(['t1', 't2', 't3', 't4', 't5']);
  });

  it('keeps in salvage what SQS does not take, and says so', async () => {
    const world = await stageWithSalvage(['t1', 't2'], ['t3']);
    const result = await restore(
      world,
      {},
      refusing((id) => id === 't2'),
    );
    expect(result).toMatchObject({
      restored: 2,
      left: 1,
      failed: [{ messageId: 't2', code: 'InvalidMessageContents' }],
    });
    expect(salvaged(world)).toEqual(['t2']);
  });

  it('does not try again in the same run what SQS refused, however salvage is paged', async () => {
    const world = await stageWithSalvage(['t1', 't2'], ['t3', 't4']);
    const refuse = refusing((id) => id === 't2' || id === 't4').ports;
    const result = await restore(world, {}, { ports: (ports) => oneByOne(world, refuse(ports)) });
    expect(result.failed.map(({ messageId }) => messageId)).toEqual(['t2', 't4']);
    expect(result).toMatchObject({ restored: 2, left: 2 });
  });

  it('stops where SQS takes nothing at all', async () => {
    const world = await stageWithSalvage(['t1', 't2'], ['t3'], ['t4']);
    const result = await restore(
      world,
      {},
      refusing(() => true),
    );
    expect(result).toMatchObject({ restored: 0, left: 4 });
    expect(result.failed).toHaveLength(2);
  });

  it('stops in time and says what is left', async () => {
    const objects = Array.from({ length: 400 }, (_, i) => [`t${i}a`, `t${i}b`]);
    const world = await stageWithSalvage(...objects);
    const beganMs = world.nowMs();
    const result = await restore(world, {}, { seconds: 70 });
    expect(world.nowMs() - beganMs).toBeLessThan(70_000);
    expect(result.restored).toBeGreaterThan(100);
    expect(result.restored + result.left).toBe(800);
    expect(result.left).toBeGreaterThan(0);
    await restore(world);
    expect(new Set(bodies(world)).size).toBe(800);
  });

  it('loses nothing whatever fails in between, and a second run sends what the first has not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 30 }), fc.boolean(), async (calls, after) => {
        const world = await stageWithSalvage(['t1', 'd1', 't2'], ['t2', 't3'], ['d2']);
        await restore(world, { include: 'tasks' }, { ports: crashing(calls, after) }).catch(() => {});
        const there = new Set([...bodies(world), ...salvaged(world)]);
        expect(there).toEqual(new Set(['t1', 't2', 't3', 'd1', 'd2']));
        await restore(world);
        expect(new Set(bodies(world))).toEqual(new Set(['t1', 't2', 't3', 'd1', 'd2']));
        expect(world.salvage.objects.size).toBe(0);
        expect(world.statuses.read('a')?.salvage).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('refuses a pipeline that takes no tasks', async () => {
    const world = await stageWith();
    await expect(restore(world)).rejects.toMatchObject({ name: 'UnknownPipeline' });
  });
});

/** Salvage listed one object a page, newest last, as the bucket is at that moment. */
function oneByOne(world: World, ports: Ports): Ports {
  const page = async (_pipelineId: string, cursor?: string) => {
    const all = [...world.salvage.objects.keys()];
    const seen: string[] = cursor === undefined ? [] : JSON.parse(cursor);
    const key = all.find((one) => !seen.includes(one));
    if (key === undefined) return { items: [] };
    const items = [{ key, count: world.salvage.objects.get(key)?.length ?? 0 }];
    return { items, cursor: JSON.stringify([...seen, key]) };
  };
  return { ...ports, salvage: Object.assign(Object.create(ports.salvage), { page }) };
}

/** Fails with a surprise at the n-th call of any port, before or after its effect. */
function crashing(n: number, after: boolean) {
  let left = n;
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function' || name === 'uri') return method;
        return async (...args: unknown[]) => {
          left -= 1;
          if (left < 0 && !after) throw new Error('crashed');
          const result: unknown = await method.apply(target, args);
          if (left < 0) throw new Error('crashed');
          return result;
        };
      },
    });
  return (ports: Ports): Ports => ({
    ...ports,
    statuses: wrap(ports.statuses),
    queues: wrap(ports.queues),
    salvage: wrap(ports.salvage),
  });
}
