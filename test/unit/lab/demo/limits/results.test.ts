import { describe, expect, it } from '@jest/globals';
import type { Request } from '../../../../../lab/demo/limits/api/server.ts';
import type { Group } from '../../../../../lab/demo/limits/groups.ts';
import { type GroupRun, resultOf, windowOf } from '../../../../../lab/demo/limits/results.ts';

const GROUP: Group = {
  name: 'a',
  tasks: 400,
  rates: [{ tasks: 10, perSeconds: 1 }],
  answerMs: 100,
  outage: { status: 503, says: true },
  enoughPerSecond: 20,
  lessPerSecond: 5,
  record: {},
};
const BEGAN_MS = 1_000_000;

const request = (task: number, atMs: number, more: Partial<Request> = {}): Request => ({
  task,
  startedAtMs: BEGAN_MS + atMs - 2,
  status: 200,
  cause: 'served',
  arrivedAtMs: BEGAN_MS + atMs,
  answeredAtMs: BEGAN_MS + atMs + 100,
  ...more,
});
/** Requests so far apart, tasks numbered from `first`. */
const every = (ms: number, count: number, fromMs: number, first: number) =>
  Array.from({ length: count }, (_, at) => request(first + at, fromMs + at * ms));
const refusal = (task: number, atMs: number) =>
  request(task, atMs, { status: 429, cause: 'throttled', answeredAtMs: BEGAN_MS + atMs + 1 });

const run = (requests: readonly Request[], more: Partial<GroupRun> = {}): GroupRun => ({
  group: GROUP,
  concurrency: 2,
  log: { beganAtMs: BEGAN_MS, requests },
  deadLetters: 0,
  left: 0,
  changes: [],
  ...more,
});

describe('starts in windows', () => {
  it('are counted in every window, the end not included', () => {
    const rate = { tasks: 2, perSeconds: 1 };
    expect(windowOf([0, 500, 1_000, 1_500], rate)).toEqual({ ...rate, most: 2, over: 0 });
    expect(windowOf([0, 500, 999, 1_500], rate)).toEqual({ ...rate, most: 3, over: 1 });
    expect(windowOf([999, 0, 500, 500], rate)).toEqual({ ...rate, most: 4, over: 2 });
    expect(windowOf([], rate)).toEqual({ ...rate, most: 0, over: 0 });
  });
});

describe('a group’s result', () => {
  it('counts tasks done, done twice, and as many at once as by their own stamps', () => {
    const result = resultOf(run([request(1, 0), request(2, 50), request(2, 60), request(3, 500)]));
    expect(result).toMatchObject({ done: 3, twice: 1, starts: 4, peak: 3, overConcurrency: 1, seconds: 0.6 });
  });

  it('has the limit of its strictest rate, or as much as its slots can do', () => {
    const requests = every(100, 20, 0, 1);
    expect(resultOf(run(requests)).limitPerSecond).toBe(10);
    const atOnce = resultOf(run([...requests, refusal(99, 0)], { group: { ...GROUP, rates: [] } }));
    expect(atOnce.limitPerSecond).toBeCloseTo(2 / 0.102);
  });

  it('says how the breaker changed', () => {
    const changes = [
      { kind: 'hold', sinceMs: BEGAN_MS, cause: 'breaker' },
      { kind: 'breaker', sinceMs: BEGAN_MS + 2_000, state: 'open', evidence: { tasks: 4, failed: 3 } },
    ] as const;
    expect(resultOf(run([request(1, 0)], { changes })).breaker).toEqual([
      { atSeconds: 2, state: 'open', evidence: { tasks: 4, failed: 3 } },
    ]);
  });
});

describe('a phase', () => {
  /** Warm-up 5 s, enough 27 s, less 25 s, outage 20 s: to 77 s. It is back after 3 s. */
  const story = [
    ...every(100, 320, 0, 1),
    ...Array.from({ length: 25 }, (_, at) => request(400 + at, 32_000 + at * 1_000)),
    ...Array.from({ length: 49 }, (_, at) => refusal(500, 32_500 + at * 500)),
    refusal(500, 58_000),
    request(500, 79_900, { status: 500, cause: 'chance' }),
    ...every(100, 100, 80_000, 501),
  ];
  const changes = [33_000, 57_100, 58_010].map(
    (atMs) => ({ kind: 'hold', sinceMs: BEGAN_MS + atMs, cause: 'throttled' }) as const,
  );
  const result = resultOf(run(story, { changes }));
  const phase = (name: string) => result.phases.find((one) => one.name === name);

  it('is measured against the lower of limit and API, with the second’s worth that the API had left', () => {
    expect(phase('enough')).toMatchObject({ seconds: 27, requests: 270, served: 270, attainable: 270 });
    expect(phase('less')).toMatchObject({ seconds: 25, requests: 74, served: 25, attainable: 130 });
    expect(phase('outage')).toMatchObject({ letThrough: 0, attainable: 0 });
  });

  it('has the holds that refusals of it asked for, also those that come just after it', () => {
    expect(phase('less')).toMatchObject({ refused: 49, holds: 2 });
    expect(phase('outage')).toMatchObject({ refused: 1, holds: 1 });
  });

  it('is measured from its first answer of 200 where there was an outage, and says how long that took', () => {
    const again = phase('enough again');
    expect(again?.backAfterSeconds).toBeCloseTo(3.1);
    expect(again).toMatchObject({ served: 86, letThrough: 86 });
  });

  it('ends where hardly any work waits', () => {
    const { seconds = 0, attainable = 0 } = phase('enough again') ?? {};
    // 432 of 445 tasks, 87 of which came from 80 s on, ten a second.
    expect(seconds).toBeCloseTo(88.7 - 80.1);
    expect(attainable).toBeCloseTo(10 * seconds);
  });

  it('is left out if there was no work in it', () => {
    expect(resultOf(run(every(100, 20, 0, 1))).phases.map(({ name }) => name)).toEqual(['warm-up']);
  });
});
