import { describe, expect, it } from '@jest/globals';
import { firstDriver } from '../../../../core/burst/driver.ts';
import { decideOrder } from '../../../../core/burst/orders.ts';
import type { BurstRecord } from '../../../../core/burst/record.ts';

const NOW_MS = 1_800_000_000_000;

function burst(change: Partial<BurstRecord> = {}): BurstRecord {
  const record = {
    burstId: 'b',
    pipelineId: 'a',
    state: 'Sending',
    isCancelled: false,
    source: { kind: 'numbered' },
    createdAtMs: NOW_MS,
    driver: firstDriver('b', NOW_MS),
  };
  return { ...record, ...change } as BurstRecord;
}

type Wish = Parameters<typeof decideOrder>[1];
const CANCEL: Wish = { burstId: 'b', kind: 'cancel' };
const PAUSE: Wish = { burstId: 'b', kind: 'pause' };
const RESUME: Wish = { burstId: 'b', kind: 'resume' };
const REPLAN: Wish = { burstId: 'b', kind: 'replan', goal: { maxConcurrency: 3 } };

const decide = (record: BurstRecord, wish: Wish) => decideOrder(record, wish, NOW_MS + 1_000);
const nextOf = (record: BurstRecord, wish: Wish) => {
  const order = decide(record, wish);
  if (order.kind !== 'write') throw new Error(`${order.kind}: ${order.message}`);
  return order.next;
};

describe('a wish for a burst', () => {
  it.each([
    ['to cancel it', burst(), CANCEL],
    ['to cancel a paused one', burst({ state: 'Paused' }), CANCEL],
    ['to resume it', burst({ state: 'Paused' }), RESUME],
    ['to replan it', burst(), REPLAN],
  ])('%s starts another execution, as one that waits cannot be told', (_what, record, wish) => {
    const next = nextOf(record, wish);
    expect(next).toMatchObject({ state: 'Sending', driver: { executions: 2, dueAtMs: NOW_MS + 1_000 } });
  });

  it('to pause it, or to replan a paused one, starts none', () => {
    expect(nextOf(burst(), PAUSE)).toMatchObject({ state: 'Paused', driver: { executions: 1 } });
    expect(nextOf(burst({ state: 'Paused' }), REPLAN)).toMatchObject({
      state: 'Paused',
      driver: { executions: 1 },
      replan: { kind: 'goal', goal: { maxConcurrency: 3 } },
    });
  });

  it('to pause it says since when, which no other plan renews, and resuming or cancelling it ends', () => {
    const paused = nextOf(burst({ stuckSinceMs: 1 }), PAUSE);
    expect(paused).toMatchObject({ because: 'paused by hand', pausedAtMs: NOW_MS + 1_000 });
    expect(paused.stuckSinceMs).toBeUndefined();
    expect(nextOf(paused, REPLAN).pausedAtMs).toBe(NOW_MS + 1_000);
    for (const wish of [RESUME, CANCEL]) {
      expect(nextOf(paused, wish)).not.toHaveProperty('pausedAtMs');
      expect(nextOf(paused, wish)).not.toHaveProperty('because');
    }
  });

  it('to resume it keeps its pace, unless somebody has wished for another plan meanwhile', () => {
    const paused = burst({ state: 'Paused', because: 'paused by hand' });
    expect(nextOf(paused, RESUME)).toMatchObject({ replan: { kind: 'samePace' } });
    expect(nextOf(paused, RESUME).because).toBeUndefined();
    const replanned = nextOf(paused, REPLAN);
    expect(nextOf(replanned, RESUME).replan).toEqual(replanned.replan);
  });

  it('that has come true is no mistake', () => {
    expect(decide(burst({ state: 'Paused' }), PAUSE).kind).toBe('asItIs');
    expect(decide(burst(), RESUME).kind).toBe('asItIs');
    expect(decide(burst({ state: 'Sent', isCancelled: true }), CANCEL).kind).toBe('asItIs');
  });

  it.each(['Sent', 'Ended'] as const)('comes too late for one that is %s', (state) => {
    for (const wish of [CANCEL, PAUSE, RESUME, REPLAN]) {
      expect(decide(burst({ state }), wish)).toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('pause the pipeline a'),
      });
    }
  });

  it('for one whose tasks only its caller has is to cancel it, or nothing', () => {
    const inline = burst({ source: { kind: 'inline' } });
    expect(decide(inline, CANCEL).kind).toBe('write');
    for (const wish of [PAUSE, REPLAN]) {
      expect(decide(inline, wish)).toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('same burstId'),
      });
    }
  });
});
