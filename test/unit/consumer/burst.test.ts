import { describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { placeOf } from '../../../consumer/burst.ts';
import { createRuntime } from '../../../consumer/runtime.ts';
import type { TaskContext } from '../../../consumer/task.ts';
import { DeadLetter, Drop, RetryLater, Throttled } from '../../../consumer/thrown.ts';
import type { BurstNotes } from '../../../core/burst/notes.ts';
import { burstRecord, createWorld, event, invocation, record } from './world.ts';

const signal = new AbortController().signal;

describe('a task’s place', () => {
  it('is what its message says', () => {
    expect(placeOf(burstRecord('m1', {}, { partsId: 'my burst#mg3k2x1a', index: '7', total: '8' }))).toEqual({
      partsId: 'my burst#mg3k2x1a',
      index: 7,
      total: 8,
    });
  });

  it.each([
    { index: '8', total: '8' },
    { index: '-1' },
    { index: '1.5' },
    { index: '1e1', total: '100' },
    { index: '' },
    { index: ' 1' },
    { total: '' },
    { total: '0', index: '0' },
    { total: '1'.repeat(12) },
    { partsId: '' },
    { partsId: 'b' },
    { partsId: '#1' },
    { partsId: 'b#' },
    { partsId: 'b#1#2' },
    { partsId: 'b#1\n' },
    { partsId: 'é#1' },
    { partsId: `${'x'.repeat(129)}#1` },
  ])('is none where it says something odd: %j', (odd) => {
    expect(placeOf(burstRecord('m1', {}, odd))).toBeUndefined();
  });

  it('is none of a message that says nothing', () => {
    expect(placeOf(record('m1', {}))).toBeUndefined();
  });
});

describe('a task of a burst', () => {
  type Act = (context: TaskContext) => unknown;

  function start(
    variables: Record<string, string> = {},
    change: (notes: BurstNotes) => Partial<BurstNotes> = () => ({}),
  ) {
    const world = createWorld({ SLUICE_MAX_ATTEMPTS: '3', ...variables });
    const bursts = world.effects.bursts as BurstNotes;
    let act: Act = () => {};
    let ran = 0;
    const handler = createRuntime(
      (_task, context) => {
        ran += 1;
        return act(context);
      },
      { ...world.effects, bursts: { ...bursts, ...change(bursts) } },
    );
    return {
      world,
      ran: () => ran,
      does: (how: Act) => {
        act = how;
      },
      receive: (one: SQSRecord, callMs = 30_000) => world.until(handler(event(one), invocation(callMs))),
      receiveAll: (all: SQSRecord[], callMs: number) =>
        world.until(handler(event(...all), invocation(callMs))),
      shard: () => world.notes.shard('b#1', 0),
      outcomes: () => world.lines.filter(({ sluice }) => sluice === 'task').map(({ outcome }) => outcome),
      problems: () => world.lines.filter(({ sluice }) => sluice === 'problem').map(({ message }) => message),
    };
  }
  const throws = (error: Error) => () => {
    throw error;
  };

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

  describe('whose notes fail', () => {
    it('runs all the same, and the log says so', async () => {
      const one = start();
      one.world.broken.add('notes');
      await one.receive(burstRecord('m1', {}));
      expect(one.outcomes()).toEqual(['returned']);
      expect(one.problems()).toEqual([
        'its burst does not know that it runs',
        'its burst does not know yet how it ended',
      ]);
    });

    it.each([
      [3_000, 750, 300],
      [60_000, 3_000, 1_500],
    ])('is kept waiting, of %i ms, %i at first and %i later', async (callMs, firstMs, laterMs) => {
      let isFirst = true;
      const never = () => new Promise<never>(() => {});
      const one = start({}, (notes) => ({ begin: (...args) => (isFirst ? notes.begin(...args) : never()) }));
      const fresh = start({}, () => ({ begin: never, end: async () => {} }));
      await one.receive(burstRecord('m0', {}));
      isFirst = false;
      for (const [process, waitMs] of [
        [fresh, firstMs],
        [one, laterMs],
      ] as const) {
        let startedAtMs = 0;
        process.does(() => {
          startedAtMs = process.world.effects.nowMs();
        });
        const beganMs = process.world.effects.nowMs();
        await process.receive(burstRecord('m1', {}, { index: '1' }), callMs);
        expect(startedAtMs - beganMs).toBe(waitMs);
      }
    });

    it('does not keep its call from answering in time', async () => {
      const one = start({}, () => ({ end: () => new Promise<never>(() => {}) }));
      one.does(({ signal: stop }) => new Promise((resolve) => stop.addEventListener('abort', resolve)));
      const beganMs = one.world.effects.nowMs();
      await one.receive(burstRecord('m1', {}));
      expect(one.world.effects.nowMs() - beganMs).toBe(29_500);
    });

    it('is noted as ended where its begin was, though nobody heard so', async () => {
      const one = start({}, ({ begin }) => ({
        begin: async (...args) => {
          await begin(...args);
          throw new Error('the reply was lost');
        },
      }));
      await one.receive(burstRecord('m1', {}));
      expect(one.shard()).toMatchObject({ done: new Set([0]), running: new Map() });
    });

    it('three times in a row makes those after it go without for a while', async () => {
      const one = start();
      one.world.broken.add('notes');
      for (const index of ['0', '1', '2']) await one.receive(burstRecord(`m${index}`, {}, { index }));
      // The first begins, ends, and is told again before its call answers.
      expect(one.world.noteCalls).toEqual(['begin', 'end', 'end']);
      one.world.broken.clear();
      await one.receive(burstRecord('m4', {}));
      expect(one.world.noteCalls).toHaveLength(3);
      one.world.pass(10_000);
      await one.receive(burstRecord('m5', {}));
      expect(one.shard().done.size).toBe(3);
      expect(one.ran()).toBe(5);
    });

    it('for it took all of its own time does not make others go without', async () => {
      const one = start();
      one.does(({ signal: stop }) => new Promise((resolve) => stop.addEventListener('abort', resolve)));
      await one.receive(burstRecord('m1', {}));
      await one.receive(burstRecord('m2', {}, { index: '1' }));
      await one.receive(burstRecord('m3', {}, { index: '2' }));
      expect(one.shard().done.size).toBe(3);
    });
  });

  describe('whose end could not be noted', () => {
    const END_TRIES_MS = 10_000;

    /** An outage of the table, in which so many tasks were done. */
    async function afterOutage(tasks: number) {
      const one = start();
      one.world.broken.add('notes');
      for (let index = 0; index < tasks; index += 1) {
        await one.receive(burstRecord(`m${index}`, {}, { index: String(index), total: '2000' }));
      }
      one.world.broken.clear();
      one.world.pass(END_TRIES_MS);
      return one;
    }
    const doneOf = ({ world }: Awaited<ReturnType<typeof afterOutage>>) =>
      world.notes.indexes({ partsId: 'b#1', total: 2_000 }, 'done');

    it('is noted before its call answers, where that is possible by then', async () => {
      let failures = 1;
      const one = start({}, ({ end }) => ({
        end: async (...args) => {
          failures -= 1;
          if (failures >= 0) throw new Error('too much at once');
          await end(...args);
        },
      }));
      await one.receive(burstRecord('m1', {}));
      expect(one.shard()).toMatchObject({ done: new Set([0]), tasks: 1, running: new Map() });
      expect(one.problems()).toEqual(['its burst does not know yet how it ended']);
    });

    it('is noted with the end of a later task, and all of them before that call answers', async () => {
      const one = await afterOutage(100);
      expect(doneOf(one).size).toBe(0);
      await one.receive(burstRecord('m100', {}, { index: '100', total: '2000' }));
      expect(doneOf(one).size).toBe(101);
    });

    it('is noted in a call of a task of no burst, too', async () => {
      const one = await afterOutage(5);
      await one.receive(record('m9', {}));
      expect(doneOf(one).size).toBe(5);
    });

    it('is kept with a thousand others, of which the oldest go first', async () => {
      const one = await afterOutage(1_003);
      await one.receive(record('m9', {}));
      expect([...doneOf(one)].sort((a, b) => a - b)).toEqual(
        Array.from({ length: 1_000 }, (_, at) => at + 3),
      );
    });

    it('is summed up once, where it was noted and only the reply was lost', async () => {
      let isLost = true;
      const one = start({}, (notes) => ({
        begin: async () => {
          throw new Error('no way there');
        },
        end: async (...args) => {
          await notes.end(...args);
          if (isLost) throw new Error('the reply was lost');
        },
      }));
      await one.receive(burstRecord('m1', {}));
      isLost = false;
      one.world.pass(10_000);
      await one.receive(record('m2', {}));
      expect(one.shard()).toMatchObject({ done: new Set([0]), tasks: 1 });
    });

    it('changes nothing of a newer run that another process has noted meanwhile', async () => {
      const one = start();
      let isAway = true;
      const { end } = one.world.effects.bursts as BurstNotes;
      const away = start({}, () => ({
        begin: (...args) => (one.world.effects.bursts as BurstNotes).begin(...args),
        end: async (...args) => {
          if (isAway) throw new Error('no way there');
          await end(...args);
        },
      }));
      away.does(throws(new Error('no')));
      await away.receive(burstRecord('m1', {}));
      one.world.pass(60_000);
      away.world.pass(60_000);
      one.does(async () => {
        isAway = false;
        await away.receive(record('m2', {}));
        expect(one.shard()).toMatchObject({ failed: new Set([0]), ran: new Map() });
        expect(one.shard().running.size).toBe(1);
      });
      await one.receive(burstRecord('m1', {}, { receives: 2 }));
      expect(one.shard()).toMatchObject({ done: new Set([0]), failed: new Set([0]), tasks: 1 });
    });

    it.each([
      [30_000, 2 * 5_000],
      [8_000, 2_000 + 1_500],
    ])(
      'keeps its call of %i ms for %i ms, and no later one while the table rests',
      async (callMs, mostMs) => {
        const never = () => new Promise<never>(() => {});
        const one = start({}, () => ({ begin: async () => ({ kind: 'begun' }), end: never }));
        const took = async (index: string) => {
          const beganMs = one.world.effects.nowMs();
          await one.receive(burstRecord(`m${index}`, {}, { index }), callMs);
          return one.world.effects.nowMs() - beganMs;
        };
        expect(await took('0')).toBe(mostMs);
        await took('1');
        await took('2');
        expect(await took('2')).toBe(0);
      },
    );

    it('is a line in the log of a process that ends, which says how many and of which burst', async () => {
      const one = await afterOutage(3);
      one.world.shutDown();
      expect(one.world.lines.at(-1)).toEqual({
        level: 'warn',
        sluice: 'problem',
        message: 'bursts do not know how so many of their tasks ended',
        bursts: { b: 3 },
      });
      const told = await afterOutage(3);
      await told.receive(record('m9', {}));
      const lines = told.world.lines.length;
      told.world.shutDown();
      expect(told.world.lines).toHaveLength(lines);
    });

    it('takes its batch no time beyond its call, and each message is answered for', async () => {
      const never = () => new Promise<never>(() => {});
      const one = start({}, () => ({ begin: never, end: never }));
      one.does(({ messageId }) => {
        if (messageId === 'm1') throw new Error('no');
      });
      const batch = ['0', '1', '2', '3'].map((index) => burstRecord(`m${index}`, {}, { index, total: '9' }));
      const beganMs = one.world.effects.nowMs();
      const { batchItemFailures } = await one.receiveAll(batch, 12_000);
      expect(batchItemFailures).toContainEqual({ itemIdentifier: 'm1' });
      expect(batchItemFailures.length + one.ran()).toBe(5);
      expect(one.world.effects.nowMs() - beganMs).toBeLessThanOrEqual(11_500);
    });
  });
});
