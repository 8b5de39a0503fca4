import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type LedgerState, type Reservation, reserve } from '../../core/pacing.ts';
import { freshId, type GetWorld } from './world.ts';

const NOW_MS = 1_800_000_000_000;
const request = (change: Partial<Reservation> = {}): Reservation => ({
  nowMs: NOW_MS,
  spacingMs: 100,
  count: 1,
  horizonMs: 3_000,
  ...change,
});

export function describeLedgers(world: GetWorld): void {
  const ledgers = () => world().ports.ledgers;

  describe('ledgers', () => {
    it('starts an idle ledger now', async () => {
      const id = freshId();
      expect(await ledgers().reserve(id, request())).toEqual({ kind: 'granted', startMs: NOW_MS });
      const later = NOW_MS + 60_000;
      expect(await ledgers().reserve(id, request({ nowMs: later }))).toEqual({
        kind: 'granted',
        startMs: later,
      });
    });

    it('hands out starts one after another, and a whole row at once', async () => {
      const id = freshId();
      await ledgers().reserve(id, request({ count: 10 }));
      expect(await ledgers().reserve(id, request())).toEqual({ kind: 'granted', startMs: NOW_MS + 1_000 });
      expect(await ledgers().reserve(id, request())).toEqual({ kind: 'granted', startMs: NOW_MS + 1_100 });
    });

    it('reserves nothing beyond the horizon and says when the next start is free', async () => {
      const id = freshId();
      await ledgers().reserve(id, request({ count: 31 }));
      const full = { kind: 'full', nextFreeMs: NOW_MS + 3_100 };
      expect(await ledgers().reserve(id, request())).toEqual(full);
      expect(await ledgers().reserve(id, request())).toEqual(full);
      expect(await ledgers().reserve(id, request({ horizonMs: 3_100 }))).toEqual({
        kind: 'granted',
        startMs: NOW_MS + 3_100,
      });
    });

    it('answers as reserve of core/pacing does, whatever came before', async () => {
      const requests = fc.array(
        fc.record({
          nowMs: fc.integer({ min: NOW_MS, max: NOW_MS + 5_000 }),
          spacingMs: fc.constantFrom(105, 1050 / 9, 1030 / 7),
          count: fc.integer({ min: 1, max: 10 }),
          horizonMs: fc.constantFrom(0, 500, 3_000),
        }),
        { maxLength: 12 },
      );
      await fc.assert(
        fc.asyncProperty(requests, async (sequence) => {
          const id = freshId();
          let state: LedgerState | undefined;
          for (const each of sequence) {
            const expected = reserve(state, each);
            state = expected.state;
            const answer = await ledgers().reserve(id, each);
            expect(answer.kind).toBe(expected.result.kind);
            expect(timeOf(answer)).toBeCloseTo(timeOf(expected.result), 3);
          }
        }),
        { numRuns: 20 },
      );
    });

    it('gives every one of many callers a start of its own', async () => {
      const id = freshId();
      const answers = await Promise.all(Array.from({ length: 25 }, () => ledgers().reserve(id, request())));
      const starts = answers.map(timeOf).sort((a, b) => a - b);
      expect(answers.every((answer) => answer.kind === 'granted')).toBe(true);
      expect(starts).toEqual(Array.from({ length: 25 }, (_, index) => NOW_MS + index * 100));
    });

    it('grants no start twice to callers whose clocks differ', async () => {
      const id = freshId();
      const clocks = Array.from({ length: 25 }, (_, index) => NOW_MS + (index % 5) * 30);
      const answers = await Promise.all(clocks.map((nowMs) => ledgers().reserve(id, request({ nowMs }))));
      const starts = answers.map(timeOf).sort((a, b) => a - b);
      const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
    });
  });

  describe('shared facts', () => {
    it('keeps a value of any shape with a revision', async () => {
      const id = freshId();
      const value = { text: 'x', number: 1.5, list: [1, { a: null }], yes: true };
      expect(await ledgers().read(id)).toBeUndefined();
      expect(await ledgers().write(id, value, 0)).toBe('written');
      expect(await ledgers().read(id)).toEqual({ value, revision: 1 });
      expect(await ledgers().write(id, 'other', 1)).toBe('written');
      expect(await ledgers().read(id)).toEqual({ value: 'other', revision: 2 });
    });

    it.each([0, 2])(
      'refuses a write that expects revision %i of a fact with revision 1',
      async (revision) => {
        const id = freshId();
        await ledgers().write(id, 'first', 0);
        expect(await ledgers().write(id, 'second', revision)).toBe('conflict');
        expect(await ledgers().read(id)).toEqual({ value: 'first', revision: 1 });
      },
    );

    it('lets one of many writers win', async () => {
      const id = freshId();
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => ledgers().write(id, index, 0)),
      );
      const winner = answers.indexOf('written');
      expect(answers.filter((answer) => answer === 'written')).toHaveLength(1);
      expect(await ledgers().read(id)).toEqual({ value: winner, revision: 1 });
    });
  });
}

function timeOf(answer: { kind: 'granted'; startMs: number } | { kind: 'full'; nextFreeMs: number }): number {
  return answer.kind === 'granted' ? answer.startMs : answer.nextFreeMs;
}
