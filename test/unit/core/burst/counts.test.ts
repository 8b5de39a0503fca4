import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countShard, exchange, isSettled, NOTHING_COUNTED } from '../../../../core/burst/counts.ts';
import { BEGIN_MS, shard } from './bursts.ts';

const numbers = fc.uniqueArray(fc.nat(31));

describe('countShard', () => {
  it('counts a task that is done and dead as done, and one that is dead and refused as dead', () => {
    const state = shard({ done: [0, 1], dead: [1, 2], refused: [1, 2, 3], failed: [0, 2, 4] });
    expect(countShard(state, BEGIN_MS)).toMatchObject({ done: 2, dead: 1, refused: 1, failed: 1 });
  });

  it('counts none as running whose time is over, or which is over itself', () => {
    const running = [
      [0, BEGIN_MS],
      [1, BEGIN_MS + 1],
      [2, BEGIN_MS + 1],
      [3, BEGIN_MS + 1],
    ] as const;
    expect(countShard(shard({ done: [2], dead: [3] }, { running }), BEGIN_MS)).toMatchObject({
      running: 1,
      started: 4,
    });
  });

  it('puts each task in one of done, dead, refused and the others', () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, numbers, (done, dead, refused, failed) => {
        const counts = countShard(shard({ done, dead, refused, failed }), BEGIN_MS);
        const over = new Set([...done, ...dead, ...refused]);
        expect(counts.done + counts.dead + counts.refused).toBe(over.size);
        expect(counts.failed).toBe(failed.filter((one) => !over.has(one)).length);
      }),
    );
  });
});

it('a shard is settled once each of its tasks is done or refused, not while one is a dead letter', () => {
  const all = Array.from({ length: 31 }, (_, at) => at);
  expect(isSettled(shard({ done: all }), 0, 100)).toBe(false);
  expect(isSettled(shard({ done: all, refused: [31] }), 0, 100)).toBe(true);
  expect(isSettled(shard({ done: all, dead: [31] }), 0, 100)).toBe(false);
  expect(isSettled(shard({ done: [...all, 31], dead: [31] }), 0, 100)).toBe(true);
  expect(isSettled(shard({ done: [0, 1, 2, 3] }), 3, 100)).toBe(true);
});

it('a sum in which a part is exchanged is the sum of the other parts and the new one', () => {
  const one = { ...NOTHING_COUNTED, done: 3, ranMs: 10 };
  const other = { ...NOTHING_COUNTED, done: 5, dead: 1 };
  const both = exchange(exchange(NOTHING_COUNTED, NOTHING_COUNTED, one), NOTHING_COUNTED, other);
  expect(both).toMatchObject({ done: 8, dead: 1, ranMs: 10 });
  expect(exchange(both, one, { ...one, done: 4 })).toMatchObject({ done: 9, dead: 1, ranMs: 10 });
});
