import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  GENERATION_CHARACTERS,
  type PartsId,
  shardKey,
  TASKS_PER_SHARD,
  tasksInShard,
} from '../../../../core/burst/place.ts';
import {
  isShardOver,
  overInShard,
  readStamp,
  runningAttribute,
  SHARD_SETS,
  SHARD_SUMS,
  stampAttribute,
  stampOf,
} from '../../../../core/burst/shard.ts';

const NOW_MS = 1_800_000_000_000;

describe('the stamps of an attempt', () => {
  it('are read as they were written, to the millisecond', () => {
    fc.assert(
      fc.property(fc.nat(4_000_000_000_000), fc.nat(900_000), (startedAtMs, tookMs) => {
        const stamp = { startedAtMs, endedAtMs: startedAtMs + tookMs };
        expect(readStamp(stampOf(stamp))).toEqual(stamp);
      }),
    );
  });

  it('of a clock that was set back meanwhile are of an attempt that took no time', () => {
    expect(readStamp(stampOf({ startedAtMs: NOW_MS, endedAtMs: NOW_MS - 5 }))).toEqual({
      startedAtMs: NOW_MS,
      endedAtMs: NOW_MS,
    });
  });

  it.each([undefined, null, 7, '', '+', 'abc', 'a+b+c', 'A+B', 'a+', '+b', '1'.repeat(20)])(
    'are not read from %j',
    (text) => expect(readStamp(text)).toBeUndefined(),
  );
});

describe('a shard', () => {
  const state = (done: number[], dead: number[], refused: number[]) => ({
    done: new Set(done),
    dead: new Set(dead),
    refused: new Set(refused),
  });

  it('counts a dead letter that is done since once', () => {
    expect(overInShard(state([1, 2], [2, 3], [4]))).toBe(4);
  });

  it('is over when as many are as it has, the last one’s fewer', () => {
    const all = Array.from({ length: TASKS_PER_SHARD }, (_, number) => number);
    expect(isShardOver(state(all.slice(1), [], []), 0, 40)).toBe(false);
    expect(isShardOver(state(all.slice(1), [0], []), 0, 40)).toBe(true);
    expect(tasksInShard(1, 40)).toBe(8);
    expect(isShardOver(state([0, 1, 2, 3], [4, 5], [6]), 1, 40)).toBe(false);
    expect(isShardOver(state([0, 1, 2, 3], [4, 5], [6, 7]), 1, 40)).toBe(true);
  });

  it('fits into one write unit, however its tasks stand', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 32, maxLength: 32 }), (runs) => {
        const id: PartsId = `${'i'.repeat(128)}#${'g'.repeat(GENERATION_CHARACTERS - 1)}`;
        const all = Array.from({ length: TASKS_PER_SHARD }, (_, number) => number);
        const tasks = all.map((number) =>
          runs[number]
            ? bytesOf(runningAttribute(number), numberBytes(String(NOW_MS + 900_000.999)))
            : bytesOf(
                stampAttribute(number),
                stampOf({ startedAtMs: NOW_MS, endedAtMs: NOW_MS + 900_000 }).length,
              ),
        );
        const sets = [SHARD_SETS.done, SHARD_SETS.failed, SHARD_SETS.dead].map((name) =>
          bytesOf(name, 3 + TASKS_PER_SHARD * numberBytes('31')),
        );
        const sums = Object.values(SHARD_SUMS).map((name) => bytesOf(name, numberBytes('1'.repeat(12))));
        const others = [
          bytesOf('burstKey', shardKey(id, 300_000).length),
          bytesOf('expiresAt', numberBytes('1800000000')),
        ];
        const bytes = [...tasks, ...sets, ...sums, ...others].reduce((sum, one) => sum + one, 0);
        expect(bytes).toBeLessThanOrEqual(1_024);
      }),
    );
  });
});

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function bytesOf(name: string, valueBytes: number): number {
  return name.length + valueBytes;
}

/** A byte for two digits, and one more. */
function numberBytes(digits: string): number {
  return Math.ceil(digits.replace('.', '').length / 2) + 1;
}
