import { describe, expect, it } from '@jest/globals';
import { type LedgerState, reserve } from '../../../../core/pacing.ts';
import { newRound } from '../../../../core/sweep/round.ts';
import { NEW_SWEEP, type Sweep } from '../../../../core/sweep/sweep.ts';
import { readMapping, readPasts } from '../../../../operator/desk/read-facts.ts';
import { settledStatus } from '../../core/lifecycle/records.ts';

const pastsOf = (value?: Sweep) =>
  readPasts({
    ledgers: {
      read: async () => (value === undefined ? undefined : { value, revision: 1 }),
      write: () => Promise.reject(new Error('nobody writes')),
      reserve: () => Promise.reject(new Error('nobody reserves')),
    },
  });

describe('what the reconciler remembers', () => {
  const past = { atMs: 9_000, letters: 3 };

  it('is told of those that had something in their queues', async () => {
    expect((await pastsOf({ ...NEW_SWEEP, pasts: { a: past } }))('a')).toEqual(past);
  });

  it('of others says that they had nothing, once a whole round has looked at all', async () => {
    const sweep = { ...NEW_SWEEP, pasts: { a: past }, whole: newRound(5_000) };
    expect((await pastsOf(sweep))('b')).toEqual({ atMs: 5_000, letters: 0 });
    expect((await pastsOf({ ...NEW_SWEEP, pasts: { a: past } }))('b')).toBeUndefined();
    expect((await pastsOf())('b')).toBeUndefined();
  });

  it('says nothing of others where it remembers as many as it can', async () => {
    const pasts = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`p${at}`, past]));
    expect((await pastsOf({ ...NEW_SWEEP, pasts, whole: newRound(5_000) }))('b')).toBeUndefined();
  });
});

it('a mapping is looked at in the lane of those who can wait, and not at all where the budget is busy', async () => {
  const lanes: string[] = [];
  let ledger: LedgerState | undefined;
  const ports = {
    clock: { nowMs: () => 1_000, sleep: () => Promise.reject(new Error('nobody waits')) },
    ledgers: {
      read: async () => undefined,
      write: async () => 'conflict' as const,
      reserve: async (_: string, request: Parameters<typeof reserve>[1]) => {
        const { state, result } = reserve(ledger, request);
        ledger = state;
        return result;
      },
    },
    mappings: {
      read: async (_: string, { lane }: { readonly lane: string }) => {
        lanes.push(lane);
        return { enabled: false };
      },
    },
  } as unknown as Parameters<typeof readMapping>[0];
  expect(await readMapping(ports, settledStatus())).toBe('off');
  expect(await readMapping(ports, settledStatus())).toBeUndefined();
  expect(lanes).toEqual(['bulk']);
});
