import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type HeldTurns, pullTurns, pushTurns } from '../../../../core/flow/held-turns.ts';
import { takeTurn } from '../../../../core/flow/turns.ts';

const NOW_MS = 1_800_000_000_000;
const LAST_MS = NOW_MS + 4_000;
const ENDED_MS = NOW_MS + 600_000;
const held = pushTurns({ nextMs: LAST_MS }, ENDED_MS);

describe('a hold', () => {
  it('pushes the next start to its end, and says where it was', () => {
    expect(held).toEqual({ nextMs: ENDED_MS, heldFromMs: LAST_MS, heldUntilMs: ENDED_MS });
    expect(pushTurns({}, ENDED_MS)).toEqual({ nextMs: ENDED_MS, heldFromMs: 0, heldUntilMs: ENDED_MS });
  });

  it('never pushes it back', () => {
    for (const untilMs of [ENDED_MS, ENDED_MS - 1]) expect(pushTurns(held, untilMs)).toBe(held);
  });

  it('that prolongs one leaves where the next start was', () => {
    expect(pushTurns(held, ENDED_MS + 5)).toEqual({
      nextMs: ENDED_MS + 5,
      heldFromMs: LAST_MS,
      heldUntilMs: ENDED_MS + 5,
    });
  });

  it('that comes after starts behind another begins anew', () => {
    const after = { ...held, nextMs: ENDED_MS + 100 };
    expect(pushTurns(after, ENDED_MS + 900)).toEqual({
      nextMs: ENDED_MS + 900,
      heldFromMs: ENDED_MS + 100,
      heldUntilMs: ENDED_MS + 900,
    });
  });
});

describe('a hold that somebody has ended', () => {
  const tickets = { ticketMs: ENDED_MS + 7_000, placeMs: ENDED_MS };

  it('gives back the next start, and tickets begin anew', () => {
    expect(pullTurns({ ...held, ...tickets }, ENDED_MS, 0)).toEqual({ nextMs: LAST_MS });
  });

  it('and not wholly, gives it back as far as it is ended, and may be ended wholly later', () => {
    const shorter = pullTurns({ ...held, ...tickets }, ENDED_MS, ENDED_MS - 1_000);
    expect(shorter).toEqual({
      nextMs: ENDED_MS - 1_000,
      heldFromMs: LAST_MS,
      heldUntilMs: ENDED_MS - 1_000,
    });
    expect(pullTurns(shorter, ENDED_MS - 1_000, 0)).toEqual({ nextMs: LAST_MS });
  });

  it('gives nothing back where a start was reserved behind it: that would be one too many', () => {
    const after: HeldTurns = { ...held, nextMs: ENDED_MS + 100 };
    expect(pullTurns(after, ENDED_MS, 0)).toBe(after);
  });

  it.each([
    ['it goes on, or another does, as long or longer', held, ENDED_MS, ENDED_MS],
    ['another one has pushed the next start further', held, ENDED_MS - 1, 0],
    ['it never pushed it', { nextMs: LAST_MS, ticketMs: ENDED_MS - 1 }, ENDED_MS, 0],
    ['nothing was ever reserved', {}, ENDED_MS, 0],
  ])('gives nothing back where %s', (_what, state: HeldTurns, endedMs, untilMs) => {
    expect(pullTurns(state, endedMs, untilMs)).toBe(state);
  });

  it('lets tickets begin anew where they go beyond it, though it has pushed nothing, as that of a breaker', () => {
    expect(pullTurns({ nextMs: LAST_MS, ...tickets }, ENDED_MS, 0)).toEqual({ nextMs: LAST_MS });
  });

  it('never lets two starts come closer than they may, whatever is held and ended', () => {
    const steps = fc.array(
      fc.record({
        kind: fc.constantFrom('take', 'push', 'pull'),
        passMs: fc.nat(300),
        aheadMs: fc.integer({ min: -500, max: 5_000 }),
        back: fc.nat(3),
      }),
      { maxLength: 80 },
    );
    const run = (sequence: typeof steps extends fc.Arbitrary<infer S> ? S : never) => {
      let [state, nowMs]: [HeldTurns, number] = [{}, NOW_MS];
      const holds = [NOW_MS];
      const starts: number[] = [];
      for (const { kind, passMs, aheadMs, back } of sequence) {
        nowMs += passMs;
        if (kind === 'push') {
          holds.unshift(nowMs + aheadMs);
          state = pushTurns(state, nowMs + aheadMs);
        } else if (kind === 'pull') {
          state = pullTurns(state, holds[back] ?? NOW_MS, Math.max(0, nowMs + aheadMs - 1_000));
        } else {
          const request = { earliestMs: nowMs, spacingMs: 100, horizonMs: 3_000, isFresh: false };
          const taken = takeTurn(state, request);
          state = taken.state;
          if (taken.answer.kind === 'granted') starts.push(taken.answer.startMs);
        }
      }
      return starts;
    };
    fc.assert(
      fc.property(steps, (sequence) => {
        const starts = run(sequence);
        const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
        expect(Math.min(100, ...gaps)).toBe(100);
      }),
      { numRuns: 2_000 },
    );
  });
});
