import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createOnce } from '../../../consumer/once.ts';
import { createRuntime } from '../../../consumer/runtime.ts';
import { keyOf } from '../../../consumer/task-key.ts';
import { DeadLetter, RetryLater } from '../../../consumer/thrown.ts';
import type { Shared } from '../../../core/flow/shared.ts';
import { createWorld, event, invocation, record } from './world.ts';

const signal = new AbortController().signal;

describe('keyOf', () => {
  const task = { id: 7, order: { id: 'o1', lines: [{ sku: 'a' }], none: null }, 'a.b': 1 };

  it.each([
    ['id', 7],
    ['order.id', 'o1'],
    ['order.lines.0.sku', 'a'],
    ['order', task.order],
    ['$', task],
  ])('of %j is what stands there', (path, value) => {
    expect(keyOf(task, path)).toBe(keyOf(value, '$'));
  });

  it.each([
    'other',
    'order.other',
    'order.none',
    'id.more',
    'a.b',
    'order.toString',
    '__proto__',
    'order.lines.length.x',
    '',
  ])('of %j is nothing where nothing stands there', (path) => {
    expect(keyOf(task, path)).toBeUndefined();
  });

  it.each([null, undefined, 7, 'text', true])('of a task that is %j is nothing but of the whole', (plain) => {
    expect(keyOf(plain, 'id')).toBeUndefined();
    expect(keyOf(plain, '$') === undefined).toBe(plain === null || plain === undefined);
  });

  it('tells values apart that only look alike, and no order of keys', () => {
    const keys = [1, '1', true, 'true', [1], { 0: 1 }, {}, []].map((id) => keyOf({ id }, 'id'));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyOf({ id: { a: 1, b: 2 } }, 'id')).toBe(keyOf({ id: { b: 2, a: 1 } }, 'id'));
  });

  it('is a digest: as long for whatever value, and does not hold it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (id) => {
        const key = keyOf({ id }, 'id');
        expect(key).toMatch(/^[0-9a-f]{64}$/);
        expect(key).not.toContain(id);
      }),
    );
  });
});

describe('a claim', () => {
  const world = createWorld();
  const once = createOnce({ key: 'id', seconds: 60 }, world.effects);
  const claim = (key: string) => once.claim(key, world.effects.nowMs() + 30_000, signal);
  const claimed = async (key: string) => {
    const answer = await claim(key);
    if (answer.kind !== 'claimed') throw new Error(`it is ${answer.kind}`);
    return answer.claim;
  };

  it('keeps all others of its key waiting, until it is void at the latest', async () => {
    await claimed('a');
    expect(await claim('a')).toEqual({ kind: 'running', untilMs: world.effects.nowMs() + 30_000 });
    await claimed('b');
    world.pass(30_000);
    await claimed('a');
  });

  it('that is done keeps its key done for as long as the record says, from when it was done', async () => {
    const one = await claimed('c');
    world.pass(20_000);
    await one.done(signal);
    world.pass(59_999);
    expect(await claim('c')).toEqual({ kind: 'done' });
    world.pass(1);
    await claimed('c');
  });

  it('that is dropped leaves its key to others', async () => {
    const one = await claimed('d');
    await one.drop(signal);
    await claimed('d');
  });

  it('whose reply was lost is dropped: nobody would know whose it is', async () => {
    const { claimKey, ...others } = world.effects.shared;
    const shared: Shared = {
      ...others,
      claimKey: async (...args) => {
        await claimKey(...args);
        throw new Error('the reply was lost');
      },
    };
    const unlucky = createOnce({ key: 'id', seconds: 60 }, { ...world.effects, shared });
    const lost = unlucky.claim('f', world.effects.nowMs() + 30_000, signal);
    await expect(lost).rejects.toThrow('lost');
    await claimed('f');
  });

  it('that was void before it was over changes nothing of another’s', async () => {
    const one = await claimed('e');
    world.pass(30_000);
    await claimed('e');
    await one.done(signal);
    await one.drop(signal);
    expect(await claim('e')).toMatchObject({ kind: 'running' });
  });
});

describe('a task with a key', () => {
  const limits = JSON.stringify({ idempotency: { key: 'id', seconds: 3_600 } });
  const start = () => {
    const world = createWorld({ SLUICE_LIMITS: limits, SLUICE_MAX_ATTEMPTS: '2' });
    const ran: unknown[] = [];
    const handler = createRuntime<{ id?: number; how?: string }>((task) => {
      ran.push(task.id);
      if (task.how === 'throw') throw new Error('no');
      if (task.how === 'later') throw new RetryLater({ seconds: 1 });
      if (task.how === 'bury') throw new DeadLetter('bad');
    }, world.effects);
    const receive = (messageId: string, task: object, receives = 1) =>
      world.until(handler(event(record(messageId, task, receives)), invocation()));
    return { world, ran, receive, handler };
  };
  const outcomes = ({ lines }: ReturnType<typeof createWorld>) => lines.map(({ outcome }) => outcome);

  it('runs once: one that comes again, or is sent again, is done without it', async () => {
    const { world, ran, receive } = start();
    await receive('m1', { id: 1 });
    await receive('m1', { id: 1 }, 2);
    await receive('m2', { id: 1 });
    await receive('m3', { id: 2 });
    expect(ran).toEqual([1, 2]);
    expect(outcomes(world)).toEqual(['returned', 'duplicate', 'duplicate', 'returned']);
    expect(world.lines.map(({ fate }) => fate)).toEqual(['done', 'done', 'done', 'done']);
  });

  it.each(['throw', 'later', 'bury'])('may run again after one of its key that ended so: %s', async (how) => {
    const { ran, receive } = start();
    await receive('m1', { id: 1, how });
    await receive('m2', { id: 1 });
    expect(ran).toEqual([1, 1]);
  });

  it('has begun no attempt where its key could not be claimed, however often', async () => {
    const { world, ran, receive } = start();
    world.broken.add('shared');
    for (const receives of [2, 3, 4, 5, 6, 7]) await receive('m1', { id: 1 }, receives);
    expect(world.attempts.get('m1')).toBeUndefined();
    expect(world.lines.filter(({ sluice }) => sluice === 'task').map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 6 }, () => 'unready'),
    );
    world.broken.delete('shared');
    await receive('m1', { id: 1 }, 8);
    expect(ran).toEqual([1]);
  });

  it('waits while another of its key runs: it is given back until that must have ended', async () => {
    const { world, ran, receive, handler } = start();
    await world.effects.shared.claimKey(
      keyOf(1, '$') ?? '',
      'another',
      world.effects.nowMs() + 12_300,
      world.effects.nowMs(),
      signal,
    );
    await receive('m1', { id: 1 }, 5);
    expect(ran).toEqual([]);
    expect(world.lines[0]).toMatchObject({ outcome: 'busy', fate: 'giveBack', afterSeconds: 13 });
    // None began: none was counted.
    expect(world.attempts.get('m1')).toBeUndefined();
    // The rest of a batch does not wait for it.
    await world.until(handler(event(record('m2', { id: 1 }), record('m3', { id: 2 })), invocation()));
    expect(ran).toEqual([2]);
  });

  it('is told by its message where it has none: a second delivery is known all the same', async () => {
    const { world, ran, receive } = start();
    await receive('m1', {});
    await receive('m2', {});
    await receive('m1', {}, 2);
    expect(ran).toHaveLength(2);
    expect(outcomes(world)).toEqual(['returned', 'returned', 'duplicate']);
  });

  it('does not start while its key cannot be claimed', async () => {
    const { world, ran, receive } = start();
    world.broken.add('shared');
    await receive('m1', { id: 1 });
    expect(ran).toEqual([]);
    expect(world.lines[0]).toMatchObject({ outcome: 'unready', fate: 'giveBack', afterSeconds: 8 });
  });

  it('is done though that could not be written, and the log says so', async () => {
    const { world, ran, receive } = start();
    const { finishKey } = world.effects.shared;
    world.effects.shared.finishKey = async () => {
      throw new Error('out of reach');
    };
    await receive('m1', { id: 1 });
    world.effects.shared.finishKey = finishKey;
    expect(ran).toEqual([1]);
    expect(world.lines[0]).toMatchObject({ outcome: 'returned', fate: 'done' });
    expect(world.lines[1]).toMatchObject({ message: 'a task of the same key may run again' });
  });
});
