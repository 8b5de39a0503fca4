import { describe, expect, it } from '@jest/globals';
import { admit, type BreakerSettings, partMs, partNames, tripped } from '../../../../core/flow/breaker.ts';
import { closed, half, halfOpen, NOW_MS, open, probe, settings } from './breakers.ts';

describe('a closed breaker', () => {
  it.each([
    ['half of 20 tasks, as the settings say', 20, 10, true],
    ['more than half', 21, 11, true],
    ['all', 20, 20, true],
    ['fewer than half', 21, 10, false],
    ['too few tasks, though all failed', 19, 19, false],
    ['none', 20, 0, false],
  ])('opens for a window in which this failed: %s', (_, tasks, failed, opens) => {
    for (const before of [undefined, closed()]) {
      const next = tripped(before, { tasks, failed }, settings, NOW_MS, half);
      expect(next?.state).toBe(opens ? 'open' : undefined);
    }
  });

  it('opens for its time and up to a tenth more by chance, with the evidence', () => {
    const evidence = { tasks: 40, failed: 30 };
    for (const [chance, ms] of [
      [0, 30_000],
      [0.5, 31_500],
      [1, 33_000],
    ] as const) {
      expect(tripped(undefined, evidence, settings, NOW_MS, () => chance)).toEqual({
        state: 'open',
        sinceMs: NOW_MS,
        untilMs: NOW_MS + ms,
        opened: 1,
        evidence,
      });
    }
  });

  it('lets every task start', () => {
    for (const breaker of [undefined, closed()]) {
      expect(admit(breaker, settings, probe('a'), NOW_MS)).toEqual({ kind: 'go' });
    }
  });

  it('opens for longer where it was closed for no longer than a window, up to ten times as long', () => {
    const openMs = (opened: number, closedMs: number) => {
      const next = tripped(
        closed(opened, NOW_MS - closedMs),
        { tasks: 20, failed: 20 },
        settings,
        NOW_MS,
        () => 0,
      );
      return next?.state === 'open' ? [next.opened, next.untilMs - NOW_MS] : undefined;
    };
    expect(openMs(0, 60_000)).toEqual([1, 30_000]);
    expect(openMs(1, 60_000)).toEqual([2, 60_000]);
    expect(openMs(3, 60_000)).toEqual([4, 240_000]);
    expect(openMs(4, 60_000)).toEqual([5, 300_000]);
    expect(openMs(90, 1)).toEqual([91, 300_000]);
    expect(openMs(4, 60_001)).toEqual([1, 30_000]);
  });
});

describe('an open breaker', () => {
  it('lets no task start until its time', () => {
    const untilMs = NOW_MS + 1;
    expect(admit(open(untilMs), settings, probe('a'), NOW_MS)).toEqual({ kind: 'wait', untilMs });
  });

  it('lets the first task that comes then start as a probe', () => {
    expect(admit(open(NOW_MS, 4), settings, probe('a'), NOW_MS)).toEqual({
      kind: 'probe',
      next: { state: 'halfOpen', sinceMs: NOW_MS, opened: 4, probes: [probe('a')], succeeded: 0 },
    });
  });

  it('stays as it is, however many of those that were under way fail', () => {
    for (const before of [open(NOW_MS + 1), open(NOW_MS), halfOpen([])]) {
      expect(tripped(before, { tasks: 100, failed: 100 }, settings, NOW_MS, half)).toBeUndefined();
    }
  });
});

describe('a breaker that is forced closed', () => {
  const forced: BreakerSettings = { ...settings, force: 'closed' };

  it('lets every task start, and never opens', () => {
    for (const breaker of [undefined, closed(), open(NOW_MS + 9_000), halfOpen([probe('a')], 2)]) {
      expect(admit(breaker, forced, probe('b'), NOW_MS)).toEqual({ kind: 'go' });
      expect(tripped(breaker, { tasks: 100, failed: 100 }, forced, NOW_MS, half)).toBeUndefined();
    }
  });
});

describe('a breaker that is forced open', () => {
  it('lets no task start, whatever it would say itself; they look again in a minute', () => {
    const forced: BreakerSettings = { ...settings, force: 'open' };
    for (const breaker of [undefined, closed(), open(NOW_MS - 1), halfOpen([])]) {
      expect(admit(breaker, forced, probe('a'), NOW_MS)).toEqual({ kind: 'wait', untilMs: NOW_MS + 60_000 });
    }
  });
});

describe('the parts of a window', () => {
  it('are a sixth of it', () => {
    expect(partMs({ windowSeconds: 60 })).toBe(10_000);
  });

  it('are six, the newest first, each with a number of its own', () => {
    expect(partNames(undefined, settings, 1_234_567)).toEqual([
      '0-123',
      '0-122',
      '0-121',
      '0-120',
      '0-119',
      '0-118',
    ]);
  });

  it('begin anew as the breaker changes, with the part in which it did', () => {
    const since = (sinceMs: number) => partNames(closed(1, sinceMs), settings, 1_234_567);
    expect(since(1_234_000)).toEqual(['1234000-123']);
    expect(since(1_229_999)).toEqual(['1229999-123', '1229999-122']);
    expect(since(1_180_000)).toHaveLength(6);
    expect(since(1_190_000)).toHaveLength(5);
    expect(since(1_000)).toHaveLength(6);
  });

  it('have a newest one even where a clock is behind the one that closed the breaker', () => {
    expect(partNames(closed(1, 1_299_000), settings, 1_234_567)).toEqual(['1299000-123']);
  });
});
