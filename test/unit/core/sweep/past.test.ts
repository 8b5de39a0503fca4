import { describe, expect, it } from '@jest/globals';
import { AGES_A_TICK, agesToAsk } from '../../../../core/sweep/ages.ts';
import {
  keepPasts,
  lettersPerMinute,
  PASTS_KEPT,
  type Past,
  pastAfter,
} from '../../../../core/sweep/past.ts';

const NOW = Date.UTC(2026, 10, 21);
const minutes = (count: number) => NOW + count * 60_000;
const seen = (visible: number, inFlight = 0, letters = 0) => ({
  counts: { visible, inFlight, delayed: 0 },
  letters,
});

describe('what the sweep remembers of a pipeline', () => {
  it('is nothing while its queues are empty, delayed tasks aside', () => {
    expect(pastAfter({ atMs: NOW, busySinceMs: NOW }, seen(0), minutes(1))).toBeUndefined();
    const delayed = { counts: { visible: 0, inFlight: 0, delayed: 9 }, letters: 0 };
    expect(pastAfter(undefined, delayed, NOW)).toBeUndefined();
  });

  it('is since when each look has found tasks, and since when none of them ran', () => {
    const first = pastAfter(undefined, seen(3), NOW);
    expect(first).toEqual({ atMs: NOW, busySinceMs: NOW, standsSinceMs: NOW });
    const runs = pastAfter(first, seen(3, 1), minutes(1));
    expect(runs).toEqual({ atMs: minutes(1), busySinceMs: NOW });
    expect(pastAfter(runs, seen(2), minutes(2))).toEqual({
      atMs: minutes(2),
      busySinceMs: NOW,
      standsSinceMs: minutes(2),
    });
  });

  it('is the age of its oldest message until it has no tasks any more', () => {
    const aged = { seconds: 4_000, atMs: NOW };
    const before: Past = { atMs: NOW, busySinceMs: NOW, aged };
    expect(pastAfter(before, seen(1), minutes(1))).toMatchObject({ aged });
    expect(pastAfter(before, seen(0, 0, 2), minutes(1))).toEqual({ atMs: minutes(1), letters: 2 });
  });

  it('tells how many dead letters have come a minute, once there were some before', () => {
    expect(lettersPerMinute(undefined, 50, NOW)).toBe(0);
    expect(lettersPerMinute({ atMs: NOW, letters: 10 }, 50, minutes(10))).toBe(4);
    expect(lettersPerMinute({ atMs: NOW, letters: 10 }, 2, minutes(1))).toBe(0);
    expect(lettersPerMinute({ atMs: NOW, letters: 1 }, 2, NOW)).toBe(0);
  });

  it('is forgotten of pipelines that are gone, and of too many those that came last', () => {
    const pasts = Object.fromEntries(
      Array.from({ length: PASTS_KEPT + 2 }, (_, at) => [
        `p${at}`,
        { atMs: minutes(60), busySinceMs: minutes(at / 100) },
      ]),
    );
    const kept = keepPasts({ ...pasts, gone: { atMs: minutes(59), busySinceMs: NOW } }, minutes(60));
    expect(Object.keys(kept)).toEqual(Object.keys(pasts).slice(0, PASTS_KEPT));
  });

  it('fits an item of DynamoDB, however many pipelines there are and whatever they are called', () => {
    const past: Past = {
      atMs: minutes(60),
      busySinceMs: NOW,
      standsSinceMs: NOW,
      letters: 100_000,
      aged: { seconds: 1_209_600, atMs: minutes(60) },
    };
    const id = (at: number) => String(at).padStart(40, 'x');
    const kept = keepPasts(Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [id(at), past])), 0);
    expect(Object.keys(kept)).toHaveLength(PASTS_KEPT);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(250_000);
  });
});

describe('the ages that are asked for', () => {
  const busy = (sinceMinutes: number, askedMinutes?: number): Past => ({
    atMs: NOW,
    busySinceMs: minutes(-sinceMinutes),
    ...(askedMinutes !== undefined && { aged: { seconds: 1, atMs: minutes(-askedMinutes) } }),
  });

  it('are those of pipelines that have been busy for longer than a message may be old', () => {
    const pasts = [
      ['new', busy(59)],
      ['long', busy(61)],
      ['letters only', { atMs: NOW, letters: 3 }],
    ] as const;
    expect(agesToAsk(pasts, 3_600, NOW)).toEqual(['long']);
  });

  it('are not asked for again within four minutes', () => {
    const pasts = [
      ['fresh', busy(100, 3)],
      ['old', busy(100, 4)],
    ] as const;
    expect(agesToAsk(pasts, 3_600, NOW)).toEqual(['old']);
  });

  it('are so many a tick and no more, and each has its turn', () => {
    let pasts = Array.from({ length: 50 }, (_, at) => [`p${at}`, busy(100)] as const);
    const asked = new Set<string>();
    for (const tick of [0, 1, 2]) {
      const some = agesToAsk(pasts, 3_600, minutes(tick));
      expect(some.length).toBeLessThanOrEqual(AGES_A_TICK);
      for (const id of some) asked.add(id);
      pasts = pasts.map(([id, past]) => [
        id,
        some.includes(id) ? { ...past, aged: { seconds: 1, atMs: minutes(tick) } } : past,
      ]);
    }
    expect(asked.size).toBe(50);
  });
});
