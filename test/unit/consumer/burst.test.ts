import { describe, expect, it } from '@jest/globals';
import { createRuntime } from '../../../consumer/runtime.ts';
import { DeadLetter, Drop, RetryLater, Throttled } from '../../../consumer/thrown.ts';
import { type Act, start, throws } from './burst-world.ts';
import { burstRecord, createWorld, event, invocation, record } from './world.ts';

const signal = new AbortController().signal;

describe('a task of a burst', () => {
  it('costs two notes: that it begins, and how it ended', async () => {
    const one = start();
    await one.receive(burstRecord('m1', {}));
    expect(one.world.noteCalls).toEqual(['begin', 'end']);
    expect(one.shard()).toMatchObject({ done: new Set([0]), running: new Map(), tasks: 1 });
  });

  it('is noted as running while its handler runs, until its call must be over', async () => {
    const one = start();
    one.does(() => {
      expect([...one.shard().running.values()].map(Math.floor)).toEqual([1_800_000_031_000]);
    });
    await one.receive(burstRecord('m1', {}));
    expect(one.outcomes()).toEqual(['returned']);
  });

  it.each<[string, Act, object]>([
    ['done', () => {}, { done: new Set([0]), failed: new Set(), dead: new Set() }],
    ['done', throws(new Drop('gone')), { done: new Set([0]) }],
    ['failed', throws(new Error('no')), { done: new Set(), failed: new Set([0]), dead: new Set() }],
    ['dead', throws(new DeadLetter('bad')), { done: new Set(), dead: new Set([0]) }],
    [
      'nothing',
      throws(new RetryLater({ seconds: 5 })),
      { done: new Set(), failed: new Set(), dead: new Set() },
    ],
    ['nothing', throws(new Throttled({ retryAfterSeconds: 600 })), { done: new Set(), failed: new Set() }],
  ])('counts as %s', async (_what, act, counted) => {
    const one = start();
    one.does(act);
    await one.receive(burstRecord('m1', {}));
    expect(one.shard()).toMatchObject({ ...counted, running: new Map() });
    expect(one.ran()).toBe(1);
  });

  it('counts as dead at its last attempt, and when it is exhausted, and when it cannot be read', async () => {
    const one = start({ SLUICE_MAX_ATTEMPTS: '1' });
    one.does(throws(new Error('no')));
    await one.receive(burstRecord('m1', {}));
    one.world.attempts.set('m2', new Set([1]));
    await one.receive(burstRecord('m2', {}, { index: '1', receives: 2 }));
    await one.receive(burstRecord('m3', '{', { index: '2' }));
    expect(one.outcomes()).toEqual(['threw', 'exhausted', 'unreadable']);
    expect(one.shard()).toMatchObject({ dead: new Set([0, 1, 2]), running: new Map() });
    expect(one.world.notes.hasEnded('b#1')).toBe(true);
  });

  it('counts as failed, not as dead, where its dead letter could not be sent', async () => {
    const one = start();
    one.world.broken.add('deadLetterQueue');
    one.does(throws(new DeadLetter('bad')));
    await one.receive(burstRecord('m1', {}));
    expect(one.shard()).toMatchObject({ failed: new Set([0]), dead: new Set() });
  });

  it('that is done is not run again, whichever message brings it', async () => {
    const one = start();
    await one.receive(burstRecord('m1', {}));
    await one.receive(burstRecord('m1', {}, { receives: 2 }));
    await one.receive(burstRecord('m2', {}));
    expect(one.ran()).toBe(1);
    expect(one.outcomes()).toEqual(['returned', 'duplicate', 'duplicate']);
    expect(one.world.noteCalls).toEqual(['begin', 'end', 'begin', 'begin']);
    expect(one.world.attempts.size).toBe(0);
  });

  it('that runs is not run beside it: the other comes back when that must be over', async () => {
    const one = start();
    const { bursts } = one.world.effects;
    await bursts?.begin({ partsId: 'b#1', index: 0, total: 3 }, 1_800_000_007_000, 1_800_000_000_000, signal);
    await one.receive(burstRecord('m1', {}));
    expect(one.ran()).toBe(0);
    expect(one.outcomes()).toEqual(['busy']);
    expect(one.world.hidden.get('m1')).toBe(7);
    expect([...one.shard().running.keys()]).toEqual([0]);
  });

  it('that is a redriven dead letter runs, and counts as done', async () => {
    const one = start();
    one.does(throws(new DeadLetter('bad')));
    await one.receive(burstRecord('m1', {}));
    one.does(() => {});
    await one.receive(burstRecord('m2', {}));
    expect(one.shard()).toMatchObject({ done: new Set([0]), dead: new Set([0]) });
  });

  it('whose key is done already counts as done without running', async () => {
    const one = start({ SLUICE_LIMITS: JSON.stringify({ idempotency: { key: 'id', seconds: 60 } }) });
    await one.receive(burstRecord('m1', { id: 7 }));
    await one.receive(burstRecord('m2', { id: 7 }, { index: '1' }));
    expect(one.outcomes()).toEqual(['returned', 'duplicate']);
    expect(one.shard()).toMatchObject({ done: new Set([0, 1]), tasks: 1 });
  });

  it('leaves its key to others where it runs already', async () => {
    const one = start({ SLUICE_LIMITS: JSON.stringify({ idempotency: { key: 'id', seconds: 60 } }) });
    const { bursts } = one.world.effects;
    await bursts?.begin({ partsId: 'b#1', index: 0, total: 3 }, 1_800_000_007_000, 1_800_000_000_000, signal);
    await one.receive(burstRecord('m1', { id: 7 }));
    await one.receive(burstRecord('m2', { id: 7 }, { index: '1' }));
    expect(one.outcomes()).toEqual(['busy', 'returned']);
  });

  it.each([
    [{ sizeBytes: 2_000 }, 2_000],
    [{ sizeBytes: 0.6 }, 1],
    [{ sizeBytes: -1 }, 0],
    [{ sizeBytes: '7' }, 0],
    [{ sizeBytes: 1e300 }, 0],
    [null, 0],
    ['text', 0],
    [[1], 0],
  ])('of %j is of %i bytes', async (task, bytes) => {
    const one = start();
    await one.receive(burstRecord('m1', JSON.stringify(task)));
    expect(one.shard()).toMatchObject({ tasks: 1, bytes });
  });

  it('is not noted where its group is not counted, nor is one of no burst', async () => {
    const one = start();
    await one.receive(record('m1', {}));
    expect(one.world.noteCalls).toEqual([]);
    const world = createWorld();
    const handler = createRuntime(() => {}, { ...world.effects, bursts: undefined });
    await world.until(handler(event(burstRecord('m1', {})), invocation()));
    expect(world.noteCalls).toEqual([]);
  });
});
