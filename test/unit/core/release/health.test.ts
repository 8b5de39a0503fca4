import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addTasks,
  type HealthSample,
  judge,
  type Moved,
  tasksAround,
} from '../../../../core/release/health.ts';
import { NO_TASKS, type Tasks } from '../../../../core/release/record.ts';
import { ROLLOUT_SETTINGS } from '../../../../core/release/rollout-settings.ts';
import { anySettings, anyTasks } from './arbitraries.ts';

const MINUTE_MS = 60_000;
const MOVED_MS = 100 * MINUTE_MS;

const moved: Moved = {
  pipelineId: 'a',
  movedAtMs: MOVED_MS,
  deadLettersBefore: undefined,
  concurrency: 2,
  batchSize: 1,
};

/** A minute that began so many minutes after the move. */
function minute(after: number, seen: Partial<HealthSample> = {}): HealthSample {
  const nothing = { calls: 0, errors: 0, throttled: 0, received: 0, done: 0, durationMs: 0 };
  return { atMs: MOVED_MS + after * MINUTE_MS, spanMs: MINUTE_MS, ...nothing, ...seen };
}

const tasks = (of: Partial<Tasks> = {}): Tasks => ({ ...NO_TASKS, ...of });

const anySample = fc.record({
  after: fc.integer({ min: -5, max: 5 }),
  calls: fc.nat(50),
  errors: fc.nat(50),
  throttled: fc.nat(50),
  received: fc.nat(500),
  done: fc.nat(500),
  durationMs: fc.nat(100_000),
});

describe('what happened around a move', () => {
  it('is told apart by the move: the minute in which it was belongs to neither', () => {
    const one = { calls: 1, received: 1, done: 1, durationMs: 7 };
    const halfAMinuteOff = { ...moved, movedAtMs: MOVED_MS + MINUTE_MS / 2 };
    const samples = [minute(-1, one), minute(0, one), minute(1, one), minute(2, one)];
    const { before, after } = tasksAround(samples, halfAMinuteOff);
    expect([before.calls, after.calls]).toEqual([1, 2]);
    // A move on the minute parts the one that ended then from the one that began.
    expect(tasksAround(samples, moved)).toMatchObject({ before: { calls: 1 }, after: { calls: 3 } });
  });

  it('counts nothing twice, also what took no time', () => {
    const instant = { ...minute(0, { calls: 1 }), spanMs: 0 };
    const { before, after } = tasksAround([instant], moved);
    expect(before.calls + after.calls).toBe(1);
  });

  it('adds up to the same however finely it was sampled', () => {
    fc.assert(
      fc.property(fc.array(anySample), fc.double({ min: 0, max: 1, noNaN: true }), (seen, share) => {
        const whole = seen.map(({ after, ...counts }) => minute(after, counts));
        const split = whole.flatMap((sample) => {
          const part = Object.fromEntries(
            (['calls', 'errors', 'throttled', 'received', 'done', 'durationMs'] as const).map((key) => [
              key,
              Math.floor(sample[key] * share),
            ]),
          ) as Pick<HealthSample, 'calls' | 'errors' | 'throttled' | 'received' | 'done' | 'durationMs'>;
          const rest = Object.fromEntries(
            Object.entries(part).map(([key, value]) => [key, sample[key as keyof typeof part] - value]),
          );
          const spanMs = MINUTE_MS / 2;
          return [
            { ...sample, ...part, spanMs },
            { ...sample, ...rest, atMs: sample.atMs + spanMs, spanMs },
          ];
        });
        expect(tasksAround(split, moved)).toEqual(tasksAround(whole, moved));
        expect(tasksAround(whole.toReversed(), moved)).toEqual(tasksAround(whole, moved));
      }),
    );
  });

  it('counts no task as failed that may still run at the end, nor one whose call was throttled', () => {
    const limits = fc.record({
      concurrency: fc.integer({ min: 1, max: 1000 }),
      batchSize: fc.integer({ min: 1, max: 100 }),
      throttled: fc.nat(100),
    });
    fc.assert(
      fc.property(limits, fc.nat(10_000), fc.nat(500), (of, done, beyond) => {
        const { throttled, ...size } = of;
        const unseen = (size.concurrency + throttled) * size.batchSize;
        const failuresOf = (received: number) =>
          tasksAround([minute(0, { received, done, throttled })], { ...moved, ...size }).after;
        expect(failuresOf(done + unseen).failures).toBe(0);
        expect(failuresOf(done + unseen + beyond)).toMatchObject({
          failures: beyond,
          tasks: done + beyond,
          throttled,
        });
        // More done than received: they were received before.
        expect(failuresOf(0)).toMatchObject({ failures: 0, tasks: done });
      }),
    );
  });

  it.each([
    { why: 'from what there was at the move', before: [], known: 3, after: [3, 5], rise: [0, 2] },
    { why: 'whatever was seen before the move', before: [9], known: 3, after: [5], rise: [0, 2] },
    {
      why: 'else from the last look before it',
      before: [1, 4],
      known: undefined,
      after: [4, 6],
      rise: [3, 2],
    },
    { why: 'else from the first look after it', before: [], known: undefined, after: [4, 6], rise: [0, 2] },
    { why: 'to the highest seen', before: [], known: 0, after: [2, 7, 1], rise: [0, 7] },
    { why: 'never less than nothing after a redrive', before: [8, 0], known: 8, after: [0, 1], rise: [0, 0] },
    { why: 'by nothing where nobody looked', before: [], known: undefined, after: [], rise: [0, 0] },
    { why: 'by nothing where nobody looked again', before: [], known: 4, after: [], rise: [0, 0] },
    {
      why: 'past looks that were left out',
      before: [1, undefined],
      known: undefined,
      after: [undefined, 3],
      rise: [0, 2],
    },
  ])('has dead letters rise $why', ({ before, known, after, rise }) => {
    const samples = [
      ...before.map((deadLetters, index) => looked(index - before.length, deadLetters)),
      ...after.map((deadLetters, index) => looked(index, deadLetters)),
    ];
    const around = tasksAround(samples, { ...moved, deadLettersBefore: known });
    expect([around.before.deadLetters, around.after.deadLetters]).toEqual(rise);
  });

  function looked(after: number, deadLetters: number | undefined): HealthSample {
    return minute(after, deadLetters === undefined ? {} : { deadLetters });
  }
});

describe('sums of tasks', () => {
  it('are the same in any order, and nothing adds nothing', () => {
    fc.assert(
      fc.property(anyTasks, anyTasks, anyTasks, (a, b, c) => {
        expect(addTasks(a, b)).toEqual(addTasks(b, a));
        expect(addTasks(addTasks(a, b), c)).toEqual(addTasks(a, addTasks(b, c)));
        expect(addTasks(a, NO_TASKS)).toEqual(a);
      }),
    );
  });
});

describe('a verdict on health', () => {
  it('is never unhealthy where all is as before, however bad that was', () => {
    fc.assert(
      fc.property(anyTasks, anySettings, (as, settings) => {
        expect(judge(as, as, settings).kind).not.toBe('unhealthy');
        expect(judge(as, as, settings).kind).toBe(as.tasks >= settings.minTasks ? 'healthy' : 'unknown');
      }),
    );
  });

  it('is unhealthy from the first dead letter, also with too few tasks to tell anything else', () => {
    fc.assert(
      fc.property(
        anyTasks,
        anyTasks,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (before, after, allowed, pipelines) => {
          const settings = { ...ROLLOUT_SETTINGS, deadLetters: allowed };
          const most = before.deadLetters + allowed * pipelines;
          const whats = (deadLetters: number) => {
            const health = judge(before, { ...after, deadLetters }, settings, undefined, pipelines);
            return health.kind === 'unhealthy' ? health.evidence.map(({ what }) => what) : [];
          };
          expect(whats(most)).not.toContain('deadLetters');
          expect(whats(most + 1)).toContain('deadLetters');
        },
      ),
    );
    expect(judge(tasks(), tasks({ deadLetters: 1 }), ROLLOUT_SETTINGS, 'a')).toEqual({
      kind: 'unhealthy',
      evidence: [{ pipelineId: 'a', what: 'deadLetters', message: '1 new dead letters, 0 allowed' }],
    });
  });

  it('is never better for more that went wrong', () => {
    const rank = { healthy: 0, unknown: 0, unhealthy: 1 };
    const worse = fc.record({
      failures: fc.nat(20),
      errors: fc.nat(20),
      throttled: fc.nat(20),
      deadLetters: fc.nat(5),
    });
    fc.assert(
      fc.property(anyTasks, anyTasks, anySettings, worse, (before, after, settings, more) => {
        const then = { ...addTasks(after, { ...NO_TASKS, ...more }), tasks: after.tasks };
        fc.pre(then.failures <= then.tasks && then.errors <= then.calls);
        const ranks = [after, then].map((of) => rank[judge(before, of, settings).kind]);
        expect(ranks[1]).toBeGreaterThanOrEqual(ranks[0] as number);
      }),
    );
  });

  const BUSY = { tasks: 100, calls: 100, durationMs: 10_000 };
  it.each([
    { what: 'nothing', before: BUSY, after: BUSY, message: undefined },
    {
      what: 'failures',
      before: { ...BUSY, failures: 2 },
      after: { ...BUSY, failures: 8 },
      message: '8 of 100 tasks failed (8 %), 2 % before, 5 % more allowed',
    },
    {
      what: 'failures',
      before: { ...BUSY, failures: 2 },
      after: { ...BUSY, failures: 7 },
      message: undefined,
    },
    {
      what: 'failures',
      before: {},
      after: { ...BUSY, failures: 6 },
      message: '6 of 100 tasks failed (6 %), 0 % before, 5 % more allowed',
    },
    { what: 'failures', before: {}, after: { tasks: 19, failures: 19 }, message: undefined },
    {
      what: 'errors',
      before: BUSY,
      after: { calls: 30, errors: 3, durationMs: 3000 },
      message: '3 of 30 calls ended in an error (10 %), 0 % before, 5 % more allowed',
    },
    {
      what: 'throttles',
      before: BUSY,
      after: { ...BUSY, throttled: 50 },
      message: '50 of 150 calls were throttled (33.3 %), 0 % before, 20 % more allowed',
    },
    {
      what: 'throttles',
      before: { ...BUSY, throttled: 50 },
      after: { ...BUSY, throttled: 60 },
      message: undefined,
    },
    {
      what: 'duration',
      before: BUSY,
      after: { ...BUSY, durationMs: 20_001 },
      message: 'a call takes 200 ms, 100 ms before, 2 times as long allowed',
    },
    { what: 'duration', before: BUSY, after: { ...BUSY, durationMs: 20_000 }, message: undefined },
    {
      what: 'duration',
      before: { calls: 19, durationMs: 19 },
      after: { ...BUSY, durationMs: 90_000 },
      message: undefined,
    },
  ])('holds $what after the move against before and against what is allowed: $message', (one) => {
    const health = judge(tasks(one.before), tasks(one.after), ROLLOUT_SETTINGS);
    const evidence = health.kind === 'unhealthy' ? health.evidence : [];
    expect(evidence).toEqual(one.message === undefined ? [] : [{ what: one.what, message: one.message }]);
  });

  it.each([
    { after: {}, clean: true },
    { after: { tasks: 19 }, clean: true },
    { after: { tasks: 19, throttled: 3 }, clean: true },
    { after: { tasks: 19, failures: 1 }, clean: false },
    { after: { tasks: 19, errors: 1 }, clean: false },
  ])('of too few tasks is unknown, and clean only where nothing failed: $after', ({ after, clean }) => {
    expect(judge(tasks(), tasks(after), ROLLOUT_SETTINGS)).toEqual({ kind: 'unknown', clean });
  });

  it('of too few tasks is not clean with a dead letter that is allowed', () => {
    const health = judge(tasks(), tasks({ deadLetters: 1 }), { ...ROLLOUT_SETTINGS, deadLetters: 1 });
    expect(health).toEqual({ kind: 'unknown', clean: false });
  });
});
