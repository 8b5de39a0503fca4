import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PacePlan, planPace } from '../../../../core/flow/pace.ts';
import { type Enforced, paceChange } from '../../../../core/lifecycle/pace-change.ts';

const none: PacePlan = { kind: 'none' };
const slots = (holdMs: number): PacePlan => ({ kind: 'slots', holdMs });
const ledger = (spacingMs: number, toleranceMs: number): PacePlan => ({
  kind: 'ledger',
  spacingMs,
  toleranceMs,
});
const at = (concurrency: number, pace: PacePlan): Enforced => ({ concurrency, pace });

describe('how a consumer goes from one pace to another', () => {
  it.each<[string, Enforced, Enforced, ReturnType<typeof paceChange>]>([
    ['the same, none', at(2, none), at(2, none), { kind: 'free' }],
    ['the same, slots', at(2, slots(500)), at(2, slots(500)), { kind: 'free' }],
    ['the same, a ledger', at(2, ledger(100, 9)), at(2, ledger(100, 9)), { kind: 'free' }],
    ['no limit any more: slots', at(2, slots(500)), at(9, none), { kind: 'free' }],
    ['no limit any more: a ledger', at(2, ledger(100, 9)), at(9, none), { kind: 'free' }],
    ['a first limit: slots', at(2, none), at(2, slots(500)), { kind: 'settleLate' }],
    ['a first limit: a ledger', at(2, none), at(2, ledger(100, 9)), { kind: 'settleLate' }],
    ['a ledger raised', at(2, ledger(100, 9)), at(2, ledger(99, 9)), { kind: 'free' }],
    ['a ledger lowered', at(2, ledger(100, 9)), at(2, ledger(101, 9)), { kind: 'settleLate' }],
    [
      'a ledger raised that lets no start be as late',
      at(2, ledger(1004, 2000)),
      at(2, ledger(511, 18)),
      { kind: 'settleLate' },
    ],
    ['a ledger and other concurrency', at(2, ledger(100, 9)), at(9, ledger(100, 9)), { kind: 'free' }],
    ['slots with shorter holds', at(5, slots(500)), at(5, slots(400)), { kind: 'free' }],
    ['slots with longer holds', at(5, slots(500)), at(5, slots(600)), { kind: 'settleLate' }],
    ['more slots with the same hold', at(5, slots(500)), at(6, slots(500)), { kind: 'free' }],
    ['fewer slots with the same hold', at(5, slots(500)), at(4, slots(500)), { kind: 'settleLate' }],
    ['more slots with shorter holds', at(5, slots(500)), at(6, slots(400)), { kind: 'free' }],
    ['fewer slots with longer holds', at(5, slots(500)), at(4, slots(600)), { kind: 'settleLate' }],
    ['more slots with longer holds', at(5, slots(500)), at(10, slots(1000)), { kind: 'rest', quietMs: 2000 }],
    [
      'fewer slots with shorter holds',
      at(10, slots(1000)),
      at(5, slots(500)),
      { kind: 'rest', quietMs: 2000 },
    ],
    ['slots to a ledger', at(5, slots(500)), at(5, ledger(100, 9)), { kind: 'rest', quietMs: 1000 }],
    ['a ledger to slots', at(5, ledger(100, 9)), at(5, slots(500)), { kind: 'rest', quietMs: 1009 }],
  ])('%s', (_name, from, to, change) => {
    expect(paceChange([from], to)).toEqual(change);
  });

  it('is that of the hardest of all that may be in force', () => {
    const to = at(5, ledger(100, 9));
    const [free, late, rest, longer] = [
      at(5, ledger(100, 9)),
      at(5, none),
      at(5, slots(500)),
      at(5, slots(600)),
    ];
    expect(paceChange([], to)).toEqual({ kind: 'free' });
    expect(paceChange([late, free], to)).toEqual({ kind: 'settleLate' });
    expect(paceChange([free, late], to)).toEqual({ kind: 'settleLate' });
    expect(paceChange([free, rest, late], to)).toEqual({ kind: 'rest', quietMs: 1000 });
    expect(paceChange([longer, rest], to)).toEqual({ kind: 'rest', quietMs: 1200 });
    expect(paceChange([rest, longer], to)).toEqual({ kind: 'rest', quietMs: 1200 });
  });
});

describe('a rate limit that stays as it is', () => {
  const whole = (min: number, max: number) => fc.integer({ min, max });
  /** Concurrency that is given keeps it by slots where it can; concurrency that is not, by a ledger. */
  const enforced = (tasks: number, perSeconds: number, concurrency: number | undefined): Enforced => {
    const rateLimits = [{ tasks, perSeconds }];
    const paced = { rateLimits, concurrency: concurrency ?? 2, batchSize: 10, timeoutSeconds: 900 };
    const concurrencySource = concurrency === undefined ? ('rateLimit' as const) : ('record' as const);
    return at(paced.concurrency, planPace({ ...paced, concurrencySource }));
  };
  /** Divisors of a common rate, so that most are slots. */
  const concurrency = fc.option(fc.constantFrom(1, 2, 3, 4, 6, 8, 12, 24), { nil: undefined });

  /** As many starts from this moment on, and as early, as the pace allows. */
  function startsFrom({ pace, concurrency: slotCount }: Enforced, fromMs: number, untilMs: number): number[] {
    if (pace.kind === 'none') throw new Error('no pace');
    const apartMs = pace.kind === 'slots' ? pace.holdMs : pace.spacingMs;
    const each = Array.from({ length: Math.ceil((untilMs - fromMs) / apartMs) }, (_, i) => i * apartMs);
    const together = pace.kind === 'slots' ? slotCount : 1;
    return each.flatMap((ms) => Array.from({ length: together }, () => fromMs + ms));
  }

  /** As many and as late as possible before it, each of them over, its hold included. */
  function startsUntil(one: Enforced, untilMs: number, fromMs: number): number[] {
    const { pace } = one;
    const lastMs = pace.kind === 'slots' ? untilMs - pace.holdMs : untilMs;
    const mirrored = startsFrom(one, 0, lastMs - fromMs).map((ms) => lastMs - ms);
    if (pace.kind !== 'ledger') return mirrored;
    // Those that were reserved before come late, those after in time: the densest that a ledger can be.
    return mirrored.map((ms) => Math.min(lastMs, ms + pace.toleranceMs));
  }

  it('holds in every window while it is kept first one way and then, after the rest, another', () => {
    let rests = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(24, 48, 240),
        whole(1, 60),
        concurrency,
        concurrency,
        (tasks, perSeconds, was, is) => {
          const [from, to] = [enforced(tasks, perSeconds, was), enforced(tasks, perSeconds, is)];
          const change = paceChange([from], to);
          if (change.kind !== 'rest') return;
          rests += 1;
          const perMs = perSeconds * 1000;
          const before = startsUntil(from, 0, -2 * perMs);
          const after = startsFrom(to, change.quietMs, change.quietMs + 2 * perMs);
          const starts = [...before, ...after].sort((a, b) => a - b);
          for (const [index, ms] of starts.entries()) {
            // A billionth of a millisecond is rounding.
            const next = starts[index + tasks];
            if (next !== undefined) expect(next - ms).toBeGreaterThanOrEqual(perMs - 1e-6);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(rests).toBeGreaterThan(50);
  });
});
