import { describe, expect, it } from '@jest/globals';
import { createProgressReader } from '../../../aws/burst-progress.ts';
import { partsIdOf, shardCount } from '../../../core/burst/place.ts';
import type { BurstRecord } from '../../../core/burst/record.ts';
import { SimulatedBursts } from '../../../lab/simulator/world/bursts.ts';
import { BEGIN_MS, burst } from '../core/burst/bursts.ts';

/** A reader of the burst `b`, and which shards it asks for. */
function watch(change: Partial<BurstRecord> = {}) {
  const table = new SimulatedBursts();
  if (change.burstId !== 'none') table.write(burst({ revision: 0, ...change }));
  const asked: number[][] = [];
  let nowMs = BEGIN_MS + 10_000;
  const reader = createProgressReader(
    {
      bursts: {
        read: async (id) => table.read(id),
        readSent: async (id) => table.readSent(id),
        readShards: async (id, shards) => {
          asked.push([...shards]);
          return table.readShards(id, shards);
        },
      },
      clock: { nowMs: () => nowMs },
    },
    'b',
  );
  const total = change.total ?? 100;
  const done = (indexes: readonly number[]) => {
    for (const index of indexes) {
      const place = { partsId: partsIdOf(burst()), index, total };
      table.end(place, undefined, { kind: 'done' }, { startedAtMs: nowMs - 2_000, endedAtMs: nowMs });
    }
  };
  const pass = (seconds: number) => {
    nowMs += seconds * 1000;
  };
  return { reader, table, asked, done, pass };
}

function span(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}

describe('the reader of a burst', () => {
  it('finds nothing where there is no burst', async () => {
    const { reader } = watch({ burstId: 'none' });
    expect(await reader.read()).toBeUndefined();
    expect(reader.curve(10)).toEqual([]);
  });

  it('says how it is, each time anew', async () => {
    const { reader, done, pass } = watch();
    done(span(0, 10));
    expect(await reader.read()).toMatchObject({ totals: { done: 10, total: 100 }, isWhole: true });
    pass(5);
    done(span(10, 40));
    expect(await reader.read()).toMatchObject({ totals: { done: 40 }, peakConcurrency: 30, taskSeconds: 2 });
    expect(reader.curve(100).map(({ running }) => running)).toContain(30);
  });

  it('reads no shard again that is over', async () => {
    const { reader, asked, done } = watch();
    done(span(0, 70));
    await reader.read();
    await reader.read();
    expect(asked).toEqual([
      [0, 1, 2, 3],
      [2, 3],
    ]);
    expect((await reader.read())?.totals.done).toBe(70);
  });

  it('reads no shard of tasks that are not sent', async () => {
    const { reader, table, asked } = watch({ total: 100_000, state: 'Sending' });
    table.noteRound(partsIdOf(burst()), 0, { fromIndex: 3_200, fromByte: 0, accepted: 3_200, refused: 0 });
    await reader.read();
    // And those of the round under way.
    expect(asked.flat()).toEqual(span(0, shardCount(8_200)));
  });

  it('reads a thousand shards at a time, in turn, and says so', async () => {
    const { reader, asked, done } = watch({ total: 48_000 });
    done(span(0, 320));
    done(span(47_000, 47_100));
    expect(await reader.read()).toMatchObject({ isWhole: false, totals: { done: 320 } });
    expect(await reader.read()).toMatchObject({ isWhole: false, totals: { done: 420 } });
    expect(asked.map((shards) => [shards[0], shards.length, shards.at(-1)])).toEqual([
      [0, 1_000, 999],
      [1_000, 1_000, 509],
    ]);
  });

  it('counts anew what was cancelled', async () => {
    const { reader, table, done } = watch();
    done(span(0, 32));
    await reader.read();
    table.write({ ...burst(), total: 40, isCancelled: true });
    expect(await reader.read()).toMatchObject({ totals: { total: 40, done: 32 }, isCancelled: true });
  });

  it('reads no shard of a burst that nobody counts', async () => {
    const { reader, asked } = watch({ isCounted: false });
    expect(await reader.read()).toMatchObject({ eta: { kind: 'unknown', why: 'uncounted' } });
    expect(asked).toEqual([]);
  });
});
