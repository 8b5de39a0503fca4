import { describe, expect, it } from '@jest/globals';
import { EXECUTION_NAME_CHARACTERS } from '../../../../core/aws-limits.ts';
import {
  busyUntilMs,
  claimed,
  firstDriver,
  handOver,
  isDrivenBy,
  released,
} from '../../../../core/burst/driver.ts';
import type { BurstRecord } from '../../../../core/burst/record.ts';

const NOW_MS = 1_800_000_000_000;

function burst(change: Partial<BurstRecord> = {}): BurstRecord {
  const driver = firstDriver('b', NOW_MS);
  return { burstId: 'b', state: 'Sending', createdAtMs: NOW_MS, driver, ...change } as BurstRecord;
}

describe('who sends a burst', () => {
  it('has a name that no other burst’s has, and that Step Functions takes, whatever the burst is called', () => {
    const ids = ['a b', 'a_b', 'a/b', 'x'.repeat(128), `${'x'.repeat(127)}y`];
    const names = ids.map((burstId) => firstDriver(burstId, NOW_MS).owner);
    expect(new Set(names).size).toBe(ids.length);
    for (const name of names) {
      expect(name).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(name.length).toBeLessThanOrEqual(EXECUTION_NAME_CHARACTERS);
    }
  });

  it('is another one after every hand-over, and the one before it no more', () => {
    const owners: string[] = [];
    let record = burst();
    for (let more = 0; more < 4; more += 1) {
      owners.push(record.driver?.owner ?? '');
      record = handOver(record, NOW_MS + more);
    }
    expect(new Set(owners).size).toBe(4);
    expect(owners.some((owner) => isDrivenBy(record, owner))).toBe(false);
    expect(record.driver).toMatchObject({ executions: 5, dueAtMs: NOW_MS + 3 });
  });

  it.each(['Paused', 'Sent', 'Ended'] as const)('is nobody once it is %s', (state) => {
    const record = burst({ state });
    expect(isDrivenBy(record, record.driver?.owner ?? '')).toBe(false);
  });

  it('plans what is late anew at the same pace, for it would come all at once', () => {
    const late = handOver(burst(), NOW_MS + 121_000);
    expect(late.replan).toEqual({ kind: 'samePace' });
    expect(handOver(burst(), NOW_MS + 119_000).replan).toBeUndefined();
    const wished = { kind: 'goal' as const };
    expect(handOver(burst({ replan: wished }), NOW_MS + 121_000).replan).toBe(wished);
  });

  it('keeps others away while it sends, and no longer', () => {
    const record = claimed(burst(), 'mine', NOW_MS + 300_000);
    expect([busyUntilMs(record, 'other'), busyUntilMs(record, 'mine')]).toEqual([NOW_MS + 300_000, 0]);
    expect(record.driver?.dueAtMs).toBe(NOW_MS + 300_000);
    const free = released(record, NOW_MS + 900_000);
    expect([busyUntilMs(free, 'other'), free.driver?.dueAtMs]).toEqual([0, NOW_MS + 900_000]);
  });
});
