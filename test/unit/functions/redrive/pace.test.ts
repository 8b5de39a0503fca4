import { describe, expect, it } from '@jest/globals';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { messagesOf, stageWith } from '../simulated-stage.ts';
import {
  ask,
  bury,
  dead,
  type Letter,
  QUICK,
  redriveOf,
  stageOf,
  stopConsumers,
  untilOver,
  upTo,
  waiting,
} from './letters.ts';

const letters = (count: number, letter: Partial<Letter> = {}) =>
  upTo(count).map((at) => ({ id: `x${at}`, reason: 'bad', ...letter }));

/** When each task came into the queue that was sent again, epoch milliseconds. */
function watchSending(world: World): number[] {
  const sentAtMs: number[] = [];
  const { traffic } = world.queues;
  const before = traffic.send.bind(traffic);
  traffic.send = (url, messages) => {
    if (!url.endsWith('-dlq')) sentAtMs.push(...messages.map(() => world.nowMs()));
    return before(url, messages);
  };
  return sentAtMs;
}

/** Most in any window of so many seconds. */
const mostIn = (timesMs: readonly number[], seconds: number) =>
  Math.max(...timesMs.map((from) => timesMs.filter((at) => at >= from && at < from + seconds * 1000).length));

describe('a redrive sends', () => {
  it.each([
    ['its strictest rate limit', { concurrency: 50, rateLimit: { tasks: 60, perSeconds: 60 } }, 1, 0.5],
    [
      'the strictest of several',
      {
        concurrency: 50,
        rateLimit: [
          { tasks: 10, perSeconds: 1 },
          { tasks: 30, perSeconds: 60 },
        ],
      },
      1,
      0.25,
    ],
    ['its concurrency, where tasks take a second', { concurrency: 4 }, 1, 2],
  ])('at no more than half of what the group can work: of %s', async (_what, record, seconds, perSecond) => {
    const world = await stageOf(letters(120, { seconds }), record);
    const sent = watchSending(world);
    const beganMs = world.nowMs();
    await ask(world);
    await untilOver(world);
    expect(sent).toHaveLength(120);
    // Besides what may wait in the queue at once.
    for (const window of [30, 60, 120])
      expect(mostIn(sent, window)).toBeLessThanOrEqual(window * perSecond + 12);
    // And not much less.
    expect((world.nowMs() - beganMs) / 1000).toBeLessThan((1.5 * 120) / perSecond);
  });

  it('by what tasks have taken lately, where that is known', async () => {
    const world = await stageWith({
      ...QUICK,
      concurrency: 4,
      timeoutSeconds: 30,
      visibilityTimeoutSeconds: 180,
    });
    world.send('a', 40, { seconds: 8 });
    await world.pass(600);
    bury(world, letters(40, { seconds: 8 }));
    await world.pass(60);
    const sent = watchSending(world);
    await ask(world);
    await untilOver(world);
    expect(redriveOf(world).taskSeconds).toBeCloseTo(8, 0);
    expect(mostIn(sent, 120)).toBeLessThanOrEqual(120 * 0.25 + 12);
  });

  it('never into a queue in which more than three tasks of each slot wait', async () => {
    const world = await stageOf(letters(50), { concurrency: 4 });
    stopConsumers(world);
    await ask(world);
    await world.pass(3_600);
    expect(waiting(world)).toHaveLength(12);
    expect(dead(world)).toHaveLength(38);
    expect(await ask(world, { status: true })).toMatchObject({
      state: 'Running',
      waitsFor: 'liveWork',
      message: 'it waits: enough tasks wait in the queue',
    });
  });

  it('nothing while live work waits, and goes on once it is worked off', async () => {
    const world = await stageOf(letters(10), { concurrency: 2 });
    world.send('a', 200, { seconds: 2 });
    const sent = watchSending(world);
    await ask(world);
    await world.pass(120);
    expect(sent).toEqual([]);
    await untilOver(world);
    expect(sent).toHaveLength(10);
  });

  it('takes what waits out of sight for its turn for waiting, too, and what is to come later for none', async () => {
    const world = await stageOf(letters(20), { concurrency: 2 });
    world.send('a', 30, { delaySeconds: 900 });
    await ask(world);
    await untilOver(world, 120);
    expect(dead(world)).toEqual([]);
    bury(world, letters(20));
    // Received, and hidden for long: no slot runs them.
    stopConsumers(world);
    world.send('a', 20);
    for (const message of messagesOf(world, 'a')) if (message.receiveCount === 0) message.receiveCount = 1;
    for (const queue of world.queues.byName.values()) {
      if (queue.name.endsWith('-dlq')) continue;
      for (const message of queue.messages.all()) queue.messages.hide(message, world.nowMs() + 3_600_000);
    }
    const before = messagesOf(world, 'a').length;
    await ask(world);
    await world.pass(300);
    expect(messagesOf(world, 'a')).toHaveLength(before);
  });

  it('slowly where the group is slow: no more at once than it has made up for, and without a function that sleeps', async () => {
    const world = await stageOf(letters(12), { rateLimit: { tasks: 1, perSeconds: 60 } });
    const sent = watchSending(world);
    let longestMs = 0;
    const begun = new Map<number, number>();
    world.calls.observers.push(({ caller }) => {
      if (caller.functionName !== 'redrive') return;
      begun.set(caller.id, begun.get(caller.id) ?? world.nowMs());
      longestMs = Math.max(longestMs, world.nowMs() - (begun.get(caller.id) ?? 0));
    });
    await ask(world);
    await untilOver(world, 7_200);
    expect(sent).toHaveLength(12);
    expect(mostIn(sent, 600)).toBeLessThanOrEqual(600 / 120 + 3);
    expect(longestMs).toBeLessThan(5_000);
  });

  it('at the new pace where the record changes meanwhile', async () => {
    const world = await stageOf(letters(200), { concurrency: 2 });
    await ask(world);
    await world.pass(60);
    const before = redriveOf(world).sent;
    expect(before).toBeLessThan(80);
    world.configs.put('a', { ...QUICK, concurrency: 50 });
    await world.pass(90);
    expect(redriveOf(world).state).toBe('Done');
  });
});
