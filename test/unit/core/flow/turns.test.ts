import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clockSkewMs, planPace } from '../../../../core/flow/pace.ts';
import {
  askAgainMs,
  askAgainSeconds,
  drawTickets,
  hideSeconds,
  latestTicketMs,
  placeRequest,
  type TurnRequest,
  type TurnsState,
  takeTurn,
  ticketSpacingMs,
} from '../../../../core/flow/turns.ts';
import { judgeStart } from '../../../../core/pacing.ts';

const NOW_MS = 1_800_000_000_000;
const request: TurnRequest = { earliestMs: NOW_MS, spacingMs: 100, horizonMs: 3_000, isFresh: true };

/** Floating point may make a distance a millionth of a millisecond short; epoch times, a few thousandths. */
const ROUNDING_MS = 1e-2;

describe('taking a turn', () => {
  it('starts at once where nobody has started yet, or not for long, and saves nothing up', () => {
    for (const state of [{}, { nextMs: NOW_MS - 86_400_000, ticketMs: NOW_MS - 1 }]) {
      expect(takeTurn(state, request)).toEqual({
        state: { ...state, nextMs: NOW_MS + 100 },
        answer: { kind: 'granted', startMs: NOW_MS },
      });
    }
  });

  it.each([0, 1, 3_000])('reserves the next start where it is near: %i ms ahead', (aheadMs) => {
    const nextMs = NOW_MS + aheadMs;
    expect(takeTurn({ nextMs }, request)).toEqual({
      state: { nextMs: nextMs + 100 },
      answer: { kind: 'granted', startMs: nextMs },
    });
  });

  it('reserves nothing further ahead than the horizon, and says how the ledger stands', () => {
    const state: TurnsState = { nextMs: NOW_MS + 3_001, ticketMs: NOW_MS + 9_000 };
    expect(takeTurn(state, request)).toEqual({ state, answer: { kind: 'ahead', ...state } });
    expect(takeTurn({ nextMs: NOW_MS + 3_001 }, request).answer).toEqual({
      kind: 'ahead',
      nextMs: NOW_MS + 3_001,
      ticketMs: 0,
    });
  });

  it('lets those with tickets go first', () => {
    const state: TurnsState = { nextMs: NOW_MS + 200, ticketMs: NOW_MS + 201 };
    expect(takeTurn(state, request)).toEqual({ state, answer: { kind: 'ahead', ...state } });
    expect(takeTurn(state, { ...request, isFresh: false })).toEqual({
      state: { nextMs: NOW_MS + 300, ticketMs: NOW_MS + 201 },
      answer: { kind: 'granted', startMs: NOW_MS + 200 },
    });
  });

  it('lets a fresh task go where the last ticket’s start is before its own', () => {
    const state: TurnsState = { nextMs: NOW_MS + 200, ticketMs: NOW_MS + 200 };
    expect(takeTurn(state, request).answer).toEqual({ kind: 'granted', startMs: NOW_MS + 200 });
  });

  it('lets a fresh task have a start that would pass unused, whoever has tickets', () => {
    const now = { kind: 'granted', startMs: NOW_MS };
    expect(takeTurn({ ticketMs: NOW_MS + 1 }, request).answer).toEqual(now);
    expect(takeTurn({ nextMs: NOW_MS - 1, ticketMs: NOW_MS + 1 }, request).answer).toEqual(now);
    expect(takeTurn({ nextMs: NOW_MS, ticketMs: NOW_MS + 1 }, request).answer.kind).toBe('ahead');
  });

  it('never lets more than N tasks start in any window [t, t + T), whoever asks when, however late it starts and however wrong its clock is', () => {
    const calls = fc.array(
      fc.record({
        afterMs: fc.oneof(fc.constant(0), fc.nat(2_000)),
        isFresh: fc.boolean(),
        /** Of the tolerance, and of the most that a clock may be wrong. */
        late: fc.double({ min: 0, max: 1, noNaN: true }),
        skew: fc.double({ min: -1, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 150, size: 'max' },
    );
    const limits = fc.record({
      tasks: fc.integer({ min: 1, max: 50 }),
      perSeconds: fc.integer({ min: 1, max: 120 }),
    });
    fc.assert(
      fc.property(limits, calls, (limit, sequence) => {
        const plan = planPace({
          rateLimits: [limit],
          concurrency: 2,
          concurrencySource: 'rateLimit',
          batchSize: 1,
          timeoutSeconds: 30,
        });
        if (plan.kind !== 'ledger') throw new Error('expected the ledger');
        const perMs = limit.perSeconds * 1000;
        const starts: number[] = [];
        let state: TurnsState = {};
        let nowMs = NOW_MS;
        for (const { afterMs, isFresh, late, skew } of sequence) {
          nowMs += afterMs;
          const skewMs = skew * clockSkewMs(perMs);
          const turn = takeTurn(state, {
            earliestMs: nowMs + skewMs,
            spacingMs: plan.spacingMs,
            horizonMs: 1e9,
            isFresh,
          });
          state = turn.state;
          if (turn.answer.kind !== 'granted') throw new Error('the horizon is far, and there are no tickets');
          const ownClockMs = turn.answer.startMs + late * plan.toleranceMs;
          expect(judgeStart(turn.answer.startMs, ownClockMs, plan.toleranceMs).kind).toBe('go');
          starts.push(ownClockMs - skewMs);
        }
        const sorted = starts.toSorted((a, b) => a - b);
        for (const [at, startMs] of sorted.entries()) {
          const after = sorted[at + limit.tasks];
          if (after !== undefined) expect(after - startMs).toBeGreaterThanOrEqual(perMs - ROUNDING_MS);
        }
      }),
      { numRuns: 300 },
    );
  });
});

const ONE = { line: 'ticketMs', floorMs: NOW_MS, mostMs: NOW_MS + 60_000, count: 1, apartMs: 1_000 } as const;

describe('tickets', () => {
  it('are not drawn for a time till which SQS could not hide a task', () => {
    expect(drawTickets({ ticketMs: NOW_MS + 60_000 }, ONE).firstMs).toBe(NOW_MS + 60_000);
    const full = { ticketMs: NOW_MS + 60_001 };
    expect(drawTickets(full, ONE)).toEqual({ state: full, firstMs: undefined });
    expect(drawTickets({}, { ...ONE, floorMs: NOW_MS + 60_001 }).firstMs).toBeUndefined();
    expect(latestTicketMs(NOW_MS)).toBe(NOW_MS + 39_600_000);
  });

  it('that are not to be had yet are asked for again while others are still out', () => {
    expect(askAgainSeconds(() => 0)).toBe(37_620);
    expect(askAgainSeconds(() => 1)).toBe(27_720);
  });

  it('begin with the first start that is free, or behind those that are out', () => {
    expect(drawTickets({}, ONE).firstMs).toBe(NOW_MS);
    expect(drawTickets({ ticketMs: NOW_MS - 1 }, ONE).firstMs).toBe(NOW_MS);
    expect(drawTickets({ ticketMs: NOW_MS + 5 }, ONE).firstMs).toBe(NOW_MS + 5);
  });

  it('are a little further apart than starts', () => {
    expect(ticketSpacingMs(1_000)).toBeCloseTo(1_003, 9);
  });

  it('are as far apart as was said, and reserve no start', () => {
    expect(drawTickets({ nextMs: 7, ticketMs: NOW_MS }, { ...ONE, floorMs: 0, count: 3 })).toEqual({
      state: { nextMs: 7, ticketMs: NOW_MS + 3_000 },
      firstMs: NOW_MS,
    });
  });
});

describe('places near the next start', () => {
  const near = { nextMs: NOW_MS + 900, nowMs: NOW_MS, spacingMs: 1_000, horizonMs: 400 };

  it('are a line of their own, and reserve nothing', () => {
    expect(
      drawTickets({ nextMs: 7, ticketMs: NOW_MS + 9, placeMs: NOW_MS + 5 }, { ...ONE, line: 'placeMs' }),
    ).toEqual({
      state: { nextMs: 7, ticketMs: NOW_MS + 9, placeMs: NOW_MS + 1_005 },
      firstMs: NOW_MS + 5,
    });
  });

  it.each([
    ['a start that is passing', { nextMs: NOW_MS - 1 }, { floorMs: NOW_MS }],
    ['starts further apart than a second', { spacingMs: 60_000 }, {}],
    ['starts close together', { spacingMs: 30 }, { mostMs: NOW_MS + 1_430, apartMs: 10 }],
    ['long calls', { horizonMs: 3_000 }, { mostMs: NOW_MS + 3_000 }],
    ['calls of no time', { horizonMs: 0 }, { mostMs: NOW_MS + 2_200 }],
  ])(
    'are three for each, and for no more of them than who comes back in time can be early: %s',
    (_, given, wanted) => {
      const { apartMs, ...request } = placeRequest({ ...near, ...given });
      const { apartMs: wantedMs = 1_000 / 3, ...others } = { apartMs: 1_000 / 3, ...wanted };
      const usual = { line: 'placeMs', floorMs: NOW_MS + 900, mostMs: NOW_MS + 2_400, count: 1 };
      expect(request).toEqual({ ...usual, ...others });
      expect(apartMs).toBeCloseTo(wantedMs, 9);
    },
  );

  it.each([
    ['half of what a call may wait before its start', 900, {}, 670],
    ['as much before its own place', 1_000, {}, 770],
    ['just before the next start, wherever its place is', 5_000, {}, 870],
    ['not at once', 900, { nextMs: NOW_MS + 40, horizonMs: 0 }, 20],
  ])('make a task ask again %s', (_, aheadMs, given, wantedMs) => {
    expect(askAgainMs(NOW_MS + aheadMs, { ...near, ...given })).toBe(NOW_MS + wantedMs);
  });
});

describe('a task with a ticket', () => {
  it.each([
    [10_000, 3_000, 8],
    [10_500, 3_000, 9],
    [11_499, 3_000, 9],
    [11_500, 3_000, 10],
    [11_500, 30_000, 10],
    [10_500, 1_000, 10],
    [1_499, 3_000, 0],
    [-60_000, 3_000, 0],
  ])(
    'due in %i ms, with a horizon of %i ms, is hidden for %i whole seconds, to be back in time',
    (dueMs, horizonMs, seconds) => {
      expect(hideSeconds(NOW_MS + dueMs, NOW_MS, horizonMs)).toBe(seconds);
    },
  );
});
