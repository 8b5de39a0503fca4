import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Counts,
  NO_COUNTS,
  NO_TASKS,
  newWalk,
  type Tasks,
  type Walk,
} from '../../../../core/release/record.ts';
import { ROLLOUT_SETTINGS, type RolloutSettings } from '../../../../core/release/rollout-settings.ts';
import { judgeWave } from '../../../../core/release/watch.ts';
import { NOW_MS } from '../lifecycle/records.ts';
import { anySettings, anyTasks } from './arbitraries.ts';

const settings: RolloutSettings = { ...ROLLOUT_SETTINGS, bakeSeconds: 300, unknownSeconds: 900 };

/** A walk over the whole of a wave that ended just now. */
function walked(counts: Partial<Counts>, seen: Partial<Omit<Walk, 'counts'>> = {}): Walk {
  return { ...newWalk(NOW_MS), counts: { ...NO_COUNTS, ...counts }, ...seen };
}

const sums = (of: Partial<Tasks>): Tasks => ({ ...NO_TASKS, ...of });
const ENOUGH = sums({ tasks: 100, calls: 100, durationMs: 1000 });

/** The verdict so many seconds after all had been told. */
const verdictAfter = (seconds: number, walk: Walk, by: RolloutSettings = settings) =>
  judgeWave(walk, by, NOW_MS, NOW_MS + seconds * 1000);

const anyWalk: fc.Arbitrary<Walk> = fc
  .record({
    moved: fc.nat(40),
    moving: fc.oneof(fc.constant(0), fc.nat(3)),
    due: fc.oneof(fc.constant(0), fc.nat(3)),
    failing: fc.oneof(fc.constant(0), fc.nat(3)),
    failed: fc.oneof(fc.constant(0), fc.nat(3)),
    unhealthy: fc.oneof(fc.constant(0), fc.nat(3)),
    before: anyTasks,
    after: anyTasks,
  })
  .map(({ unhealthy, before, after, ...counts }) =>
    walked(counts, { before, after, unhealthy: Math.min(unhealthy, counts.moved), judged: counts.moved }),
  );

const seconds = fc.oneof(fc.nat(2000), fc.nat(200_000));

describe('the verdict on a wave', () => {
  it('is never healthy before everybody is moved and the bake is over', () => {
    fc.assert(
      fc.property(anyWalk, anySettings, seconds, (walk, by, at) => {
        const { moving, due, failing } = walk.counts;
        if (verdictAfter(at, walk, by).kind !== 'healthy') return;
        expect(moving + due + failing).toBe(0);
        expect(at).toBeGreaterThanOrEqual(by.bakeSeconds);
      }),
      { numRuns: 500 },
    );
  });

  it('is never healthy with more in trouble than is tolerated, nor unhealthy with less and nothing else amiss', () => {
    fc.assert(
      fc.property(anyWalk, anySettings, seconds, (walk, by, at) => {
        const { moved, moving, due, failing, failed } = walk.counts;
        const all = moved + moving + due + failing + failed;
        const most = (of: number) => of * by.toleratedShare + 1e-9;
        const verdict = verdictAfter(at, walk, by);
        if (failed > most(all) || walk.unhealthy > most(moved)) expect(verdict.kind).toBe('unhealthy');
        const quiet = { ...walk, before: ENOUGH, after: ENOUGH };
        if (failed <= most(all) && walk.unhealthy <= most(moved)) {
          expect(verdictAfter(at, quiet, by).kind).not.toBe('unhealthy');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is the same at once and later where the news is bad', () => {
    fc.assert(
      fc.property(anyWalk, anySettings, seconds, (walk, by, at) => {
        const early = verdictAfter(0, walk, { ...by, bakeSeconds: 86_400 });
        if (early.kind === 'unhealthy') expect(verdictAfter(at, walk, by)).toEqual(early);
      }),
      { numRuns: 500 },
    );
  });

  it('comes in the end: a wave that has moved is looked at few times, and not past its bake and the longest wait', () => {
    fc.assert(
      fc.property(anyWalk, anySettings, (walk, by) => {
        const { moved, failed } = walk.counts;
        const all = { ...walk, counts: { ...NO_COUNTS, moved, failed } };
        let at = 0;
        let looks = 1;
        let verdict = verdictAfter(0, all, by);
        while (verdict.kind === 'wait' && verdict.state === 'Baking' && verdict.forMs > 0) {
          at += verdict.forMs / 1000;
          looks += 1;
          verdict = verdictAfter(at, all, by);
        }
        expect(verdict.kind).not.toBe('wait');
        expect(at).toBeLessThanOrEqual(by.bakeSeconds + by.unknownSeconds + 1e-6);
        expect(looks).toBeLessThanOrEqual(6 + by.unknownSeconds / 15 + 2);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    { counts: { moved: 9, moving: 1 } },
    { counts: { moved: 9, due: 1 } },
    { counts: { moved: 9, failing: 1 } },
    { counts: { due: 10 } },
  ])('waits for all to have moved, however long that takes: $counts', ({ counts }) => {
    for (const at of [0, 299, 300, 1200, 86_400]) {
      expect(verdictAfter(at, walked(counts, { after: ENOUGH }))).toEqual({
        kind: 'wait',
        forMs: 5000,
        state: 'Moving',
      });
    }
  });

  it('waits for no one that is pinned, blocked or not reached', () => {
    const walk = walked({ moved: 1, pinned: 5, blocked: 5, waiting: 5 }, { after: ENOUGH });
    expect(verdictAfter(300, walk)).toEqual({ kind: 'healthy' });
  });

  it.each([
    { at: 0, forMs: 60_000 },
    { at: 270, forMs: 30_000 },
    { at: 299.5, forMs: 500 },
  ])('bakes to its end, looked at five times, at $at s for another $forMs ms', ({ at, forMs }) => {
    expect(verdictAfter(at, walked({ moved: 10 }, { after: ENOUGH }))).toEqual({
      kind: 'wait',
      forMs,
      state: 'Baking',
    });
  });

  it.each([
    { at: 300, of: {}, verdict: { kind: 'wait', forMs: 60_000, state: 'Baking' } },
    { at: 1190, of: {}, verdict: { kind: 'wait', forMs: 10_000, state: 'Baking' } },
    { at: 1200, of: {}, verdict: { kind: 'healthy' } },
    { at: 1200, of: { tasks: 19, calls: 19, throttled: 1 }, verdict: { kind: 'healthy' } },
    { at: 1199, of: { tasks: 3, failures: 1 }, verdict: { kind: 'wait', forMs: 1000, state: 'Baking' } },
    {
      at: 1200,
      of: { tasks: 3, failures: 1 },
      verdict: {
        kind: 'unhealthy',
        reason: 'only 3 tasks in 1200 s, and not all went well',
        evidence: [{ what: 'failures', message: 'only 3 tasks in 1200 s, and not all went well' }],
      },
    },
  ])('of too few tasks waits up to the limit, then is healthy only if clean: $of at $at s', (one) => {
    expect(verdictAfter(one.at, walked({ moved: 10 }, { after: sums(one.of) }))).toEqual(one.verdict);
  });

  it('is healthy after the bake where nobody was there to move', () => {
    expect(verdictAfter(299, walked({}))).toMatchObject({ kind: 'wait', state: 'Baking' });
    expect(verdictAfter(300, walked({}))).toEqual({ kind: 'healthy' });
    expect(verdictAfter(300, walked({ blocked: 3 }))).toEqual({ kind: 'healthy' });
  });

  it('is unhealthy at once where the pipelines are so only together', () => {
    const walk = walked({ moved: 10, due: 90 }, { after: sums({ tasks: 40, failures: 20 }) });
    expect(verdictAfter(0, walk)).toEqual({
      kind: 'unhealthy',
      reason: 'the wave as a whole is unhealthy',
      evidence: [{ what: 'failures', message: '20 of 40 tasks failed (50 %), 0 % before, 5 % more allowed' }],
    });
  });

  it('allows together the dead letters that each is allowed', () => {
    const by = { ...settings, deadLetters: 2 };
    const of = (deadLetters: number) => walked({ moved: 10 }, { after: { ...ENOUGH, deadLetters } });
    expect(verdictAfter(300, of(20), by)).toEqual({ kind: 'healthy' });
    expect(verdictAfter(300, of(21), by).kind).toBe('unhealthy');
  });

  it('does not count a tolerated pipeline’s trouble once more among all of them', () => {
    const bad = { after: sums({ tasks: 100, failures: 90 }), unhealthy: 1 };
    expect(verdictAfter(300, walked({ moved: 20 }, bad))).toEqual({ kind: 'healthy' });
    expect(verdictAfter(300, walked({ moved: 19 }, bad))).toMatchObject({
      kind: 'unhealthy',
      reason: '1 of 19 pipelines unhealthy, 0 tolerated',
    });
    const few = { after: sums({ tasks: 3, failures: 3, deadLetters: 1 }), unhealthy: 1 };
    expect(verdictAfter(1200, walked({ moved: 20 }, few))).toEqual({ kind: 'healthy' });
  });

  it('tells how many could not be changed', () => {
    const message = 'the code of 2 of 21 pipelines could not be changed, 1 tolerated';
    expect(verdictAfter(0, walked({ moved: 19, failed: 2 }))).toEqual({
      kind: 'unhealthy',
      reason: message,
      evidence: [{ what: 'codeSync', message }],
    });
    expect(verdictAfter(300, walked({ moved: 19, failed: 1 }, { after: ENOUGH }))).toEqual({
      kind: 'healthy',
    });
  });

  it('tolerates a share to the last pipeline: 0.29 of 100 are 29', () => {
    const by = { ...settings, toleratedShare: 0.29 };
    expect(verdictAfter(300, walked({ moved: 71, failed: 29 }, { after: ENOUGH }), by)).toEqual({
      kind: 'healthy',
    });
    expect(verdictAfter(300, walked({ moved: 70, failed: 30 }, { after: ENOUGH }), by).kind).toBe(
      'unhealthy',
    );
  });
});
