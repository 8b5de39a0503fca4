import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NOTHING_COUNTED } from '../../../../core/burst/counts.ts';
import { type Eta, etaOf, type Pace } from '../../../../core/burst/eta.ts';
import { type BurstRecord, NOTHING_SENT } from '../../../../core/burst/record.ts';
import { totalsOf } from '../../../../core/burst/totals.ts';
import { BEGIN_MS, burst, segment } from './bursts.ts';

const even = segment({ kind: 'even', firstMs: 0, spacingMs: 1_000 }, 100, { finishSeconds: 101 });
const atOnce = segment({ kind: 'atOnce', firstMs: 0 }, 100, { finishSeconds: 50 });

function eta(
  change: Partial<BurstRecord>,
  counted: Partial<typeof NOTHING_COUNTED>,
  pace: Partial<Pace>,
  atSeconds: number,
): Eta {
  const record = burst({ segments: [even], ...change });
  const totals = totalsOf(record, NOTHING_SENT, { ...NOTHING_COUNTED, ...counted });
  return etaOf(
    record,
    totals,
    { perSecond: 0, taskSeconds: undefined, ...pace },
    BEGIN_MS + atSeconds * 1000,
  );
}

const by = (basis: 'plan' | 'rate', seconds: number): Eta => ({
  kind: 'expected',
  atMs: BEGIN_MS + seconds * 1000,
  basis,
});

describe('when a burst will be over', () => {
  it('is as planned while its tasks go as they are due', () => {
    expect(eta({}, {}, {}, 0)).toEqual(by('plan', 101));
    expect(eta({}, { done: 48, running: 2 }, { perSecond: 1, taskSeconds: 2 }, 50)).toEqual(by('plan', 101));
  });

  it('goes with what tasks really take', () => {
    expect(eta({}, { done: 40, running: 10 }, { perSecond: 1, taskSeconds: 10 }, 50)).toEqual(
      by('plan', 109),
    );
  });

  it('is by the rate of late where more tasks are due than run', () => {
    expect(eta({}, { done: 20, running: 2 }, { perSecond: 0.5, taskSeconds: 4 }, 50)).toEqual(
      by('rate', 210),
    );
    expect(
      eta({ segments: [atOnce] }, { done: 20, running: 2 }, { perSecond: 4, taskSeconds: 4 }, 30),
    ).toEqual(by('plan', 50));
    expect(
      eta({ segments: [atOnce] }, { done: 20, running: 2 }, { perSecond: 2, taskSeconds: 4 }, 30),
    ).toEqual(by('rate', 70));
  });

  it('is now at the soonest, while long tasks still run', () => {
    expect(eta({}, { done: 98, running: 2 }, {}, 300)).toEqual(by('plan', 300));
  });

  it('is not known of one that is paused, stands still, or is counted by nobody', () => {
    expect(eta({ state: 'Paused' }, { done: 10 }, { perSecond: 1 }, 50)).toEqual({
      kind: 'unknown',
      why: 'paused',
    });
    expect(eta({}, { done: 10 }, {}, 300)).toEqual({ kind: 'unknown', why: 'stalled' });
    // However few are left.
    expect(eta({}, { done: 99 }, {}, 300)).toEqual({ kind: 'unknown', why: 'stalled' });
    expect(eta({ isCounted: false }, {}, {}, 300)).toEqual({ kind: 'unknown', why: 'uncounted' });
  });

  it('is past once all are over', () => {
    expect(eta({}, { done: 99, dead: 1 }, {}, 90)).toEqual({ kind: 'over', atMs: BEGIN_MS + 90_000 });
    expect(eta({ state: 'Ended', endedAtMs: BEGIN_MS + 80_000 }, { done: 50 }, {}, 90)).toEqual({
      kind: 'over',
      atMs: BEGIN_MS + 80_000,
    });
  });

  it('is never before now, nor later for tasks that are over or a faster pace', () => {
    const atMsOf = (one: Eta) => (one.kind === 'unknown' ? Number.POSITIVE_INFINITY : one.atMs);
    const state = fc.record({
      done: fc.nat(99),
      running: fc.nat(20),
      // Where none has ended of late, there is nothing to go by but the plan.
      perSecond: fc.double({ min: 0.01, max: 20, noNaN: true }),
      atSeconds: fc.nat(500),
      plan: fc.constantFrom(even, atOnce),
    });
    fc.assert(
      fc.property(state, fc.nat(99), fc.double({ min: 0, max: 5, noNaN: true }), (one, more, faster) => {
        const at = (done: number, perSecond: number) =>
          atMsOf(
            eta(
              { segments: [one.plan] },
              { done, running: one.running },
              { perSecond, taskSeconds: 2 },
              one.atSeconds,
            ),
          );
        const before = at(one.done, one.perSecond);
        expect(before).toBeGreaterThanOrEqual(BEGIN_MS + one.atSeconds * 1000);
        expect(at(Math.min(99, one.done + more), one.perSecond)).toBeLessThanOrEqual(before);
        expect(at(one.done, one.perSecond + faster)).toBeLessThanOrEqual(before);
      }),
    );
  });
});
