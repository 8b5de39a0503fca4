import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addTasks, judge } from '../../../../core/release/health.ts';
import { NO_TASKS, type Tasks } from '../../../../core/release/record.ts';
import { ROLLOUT_SETTINGS } from '../../../../core/release/rollout-settings.ts';
import { anySettings, anyTasks } from './arbitraries.ts';

const tasks = (of: Partial<Tasks> = {}): Tasks => ({ ...NO_TASKS, ...of });

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
