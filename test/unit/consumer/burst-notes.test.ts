import { describe, expect, it } from '@jest/globals';
import type { BurstNotes } from '../../../core/burst/notes.ts';
import { start, throws } from './burst-world.ts';
import { burstRecord, record } from './world.ts';

describe('a task of a burst whose notes fail', () => {
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

describe('a task of a burst whose end could not be noted', () => {
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
    expect([...doneOf(one)].sort((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, at) => at + 3));
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
  ])('keeps its call of %i ms for %i ms, and no later one while the table rests', async (callMs, mostMs) => {
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
  });

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
