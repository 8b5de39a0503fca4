import { describe, expect, it } from '@jest/globals';
import { dueBy, lastDueMs, plannedFinish, plannedPeak } from '../../../../core/burst/due.ts';
import type { StartRule } from '../../../../core/spread/plan.ts';
import { BEGIN_MS, burst, segment } from './bursts.ts';

const RULES: readonly (readonly [string, StartRule, number, number])[] = [
  ['at once', { kind: 'atOnce', firstMs: 500 }, 100, 500],
  ['even', { kind: 'even', firstMs: 500, spacingMs: 500 }, 20, 50_000],
  ['even, but all at once', { kind: 'even', firstMs: 500, spacingMs: 0 }, 100, 500],
  // The last one starts as long before the finish as a task takes.
  ['slots', { kind: 'slots', firstMs: 500, slots: 3, staggerMs: 100, restMs: 0 }, 10, 98_000],
];

describe('a hundred tasks', () => {
  it.each(RULES)('of the rule %s are due from the first to the last', (_what, starts, afterTen, lastMs) => {
    const all = burst({ segments: [segment(starts, 100)] });
    expect(dueBy(all, BEGIN_MS + 499)).toBe(0);
    expect(dueBy(all, BEGIN_MS + 10_000)).toBe(afterTen);
    expect(dueBy(all, BEGIN_MS + lastMs)).toBe(100);
    expect(dueBy(all, BEGIN_MS + 1e9)).toBe(100);
    expect(lastDueMs(all)).toBe(BEGIN_MS + lastMs);
  });

  it('that were planned anew halfway are due by both plans, each as far as it goes', () => {
    const even = { kind: 'even', firstMs: 0, spacingMs: 1_000 } as const;
    const segments = [
      segment(even, 100, { finishSeconds: 102 }),
      segment({ ...even, spacingMs: 2_000 }, 60, {
        fromIndex: 40,
        startMs: BEGIN_MS + 30_000,
        finishSeconds: 122,
        peakConcurrency: 1,
      }),
    ];
    const all = burst({ segments });
    expect(dueBy(all, BEGIN_MS + 30_000)).toBe(31 + 1);
    expect(dueBy(all, BEGIN_MS + 60_000)).toBe(40 + 16);
    expect(dueBy(all, BEGIN_MS + 1e9)).toBe(100);
    expect(plannedFinish(all)).toEqual({
      atMs: BEGIN_MS + 152_000,
      fromMs: BEGIN_MS + 139_800,
      toMs: BEGIN_MS + 176_400,
    });
    expect(plannedPeak(all)).toBe(3);
  });
});
