import { describe, expect, it } from '@jest/globals';
import { createTally } from '../../../../core/burst/tally.ts';
import { BEGIN_MS, shard } from './bursts.ts';

const ran = (fromSeconds: number, toSeconds: number) => ({
  startedAtMs: BEGIN_MS + fromSeconds * 1000,
  endedAtMs: BEGIN_MS + toSeconds * 1000,
});
const all = Array.from({ length: 32 }, (_, at) => at);

describe('a tally', () => {
  it('has of each shard what it says last', () => {
    const tally = createTally(64, BEGIN_MS);
    tally.see(0, shard({ done: [0] }), BEGIN_MS);
    tally.see(1, shard({ done: [0, 1], failed: [2] }), BEGIN_MS);
    tally.see(0, shard({ done: [0, 1, 2] }), BEGIN_MS);
    tally.see(1, undefined, BEGIN_MS);
    expect(tally.counts()).toMatchObject({ done: 5, failed: 1 });
  });

  it('knows which shards need not be read again, and minds them no more', () => {
    const tally = createTally(64, BEGIN_MS);
    tally.see(0, shard({ done: all }), BEGIN_MS);
    tally.see(1, shard({ done: all.slice(1), dead: [0] }), BEGIN_MS);
    expect([tally.isSettled(0), tally.isSettled(1)]).toEqual([true, false]);
    tally.see(0, shard(), BEGIN_MS);
    expect(tally.counts()).toMatchObject({ done: 63, dead: 1 });
    tally.see(1, shard({ done: all, dead: [0] }), BEGIN_MS);
    expect(tally.counts()).toMatchObject({ done: 64, dead: 0 });
    expect(tally.isSettled(1)).toBe(true);
  });

  it('has each task that is over on its timeline once, and none that comes back', () => {
    const tally = createTally(32, BEGIN_MS);
    const state = shard(
      { done: [0], dead: [1], failed: [1, 2] },
      {
        ran: [
          [0, ran(0, 10)],
          [1, ran(0, 10)],
          [2, ran(0, 10)],
        ],
      },
    );
    tally.see(0, state, BEGIN_MS);
    tally.see(0, state, BEGIN_MS + 1);
    expect(tally.timeline.peak()).toBe(2);
    expect(tally.durations.tasks()).toBe(1);
    expect(tally.endedSince(BEGIN_MS)).toBe(2);
  });

  it('knows how many tasks ended of late', () => {
    const tally = createTally(32, BEGIN_MS);
    const stamps = all.map((at) => [at, ran(at, at + 1)] as const);
    tally.see(0, shard({ done: all }, { ran: stamps }), BEGIN_MS);
    expect(tally.endedSince(BEGIN_MS + 23_000)).toBe(10);
    expect(tally.endedSince(BEGIN_MS)).toBe(32);
  });

  it('forgets what ended long ago', () => {
    const tally = createTally(64, BEGIN_MS);
    tally.see(0, shard({ done: [0] }, { ran: [[0, ran(0, 1)]] }), BEGIN_MS);
    tally.see(1, shard({ done: [0] }, { ran: [[0, ran(0, 2_000)]] }), BEGIN_MS + 2_000_000);
    expect(tally.endedSince(0)).toBe(1);
  });

  it('does not let a clock that is years ahead stretch its timeline', () => {
    const tally = createTally(32, BEGIN_MS);
    const years = ran(1e8, 1e8 + 1);
    const ranAt = [
      [0, years],
      [1, ran(0, 1)],
      [2, ran(1, 2)],
    ] as const;
    tally.see(0, shard({ done: [0, 1, 2] }, { ran: ranAt }), BEGIN_MS + 2_000);
    expect(tally.timeline.lastEndMs()).toBe(BEGIN_MS + 62_000);
    expect(tally.timeline.peak()).toBe(1);
  });
});
