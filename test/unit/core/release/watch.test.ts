import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_COUNTS, type Walk } from '../../../../core/release/record.ts';
import { NOW_MS } from '../lifecycle/records.ts';
import { anySettings } from './arbitraries.ts';
import { anyWalk, ENOUGH, seconds, settings, sums, verdictAfter, walked } from './waves.ts';

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
      // The longer it takes, the less often anybody looks.
      const forMs = Math.min(60_000, Math.max(5_000, at * 100));
      expect(verdictAfter(at, walked(counts, { after: ENOUGH }))).toEqual({
        kind: 'wait',
        forMs,
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
    // Those who have moved are of the waves before.
    expect(verdictAfter(300, walked({ moved: 9 }, { watched: 0 }))).toEqual({ kind: 'healthy' });
  });

  it('watches for most of a bake also whoever was moved late', () => {
    const late = walked({ moved: 10 }, { after: ENOUGH, lastMovedMs: NOW_MS + 120_000 });
    expect(verdictAfter(300, late)).toEqual({ kind: 'wait', forMs: 60_000, state: 'Baking' });
    expect(verdictAfter(359, late)).toEqual({ kind: 'wait', forMs: 1_000, state: 'Baking' });
    expect(verdictAfter(360, late)).toEqual({ kind: 'healthy' });
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
    const of = (deadLetters: number, seen: Partial<Walk> = {}) =>
      walked({ moved: 20 }, { watched: 10, after: { ...ENOUGH, deadLetters }, ...seen });
    expect(verdictAfter(300, of(20), by)).toEqual({ kind: 'healthy' });
    expect(verdictAfter(300, of(21), by).kind).toBe('unhealthy');
    // One whose trouble is tolerated is not among those that the sums are of.
    const tolerant = { ...by, toleratedShare: 0.1 };
    expect(verdictAfter(300, of(18, { unhealthy: 1 }), tolerant)).toEqual({ kind: 'healthy' });
    expect(verdictAfter(300, of(19, { unhealthy: 1 }), tolerant).kind).toBe('unhealthy');
  });
});
