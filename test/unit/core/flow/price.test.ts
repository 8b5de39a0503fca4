import { describe, expect, it } from '@jest/globals';
import type { PacePlan } from '../../../../core/flow/pace.ts';
import { PRICES, type Priced, priceLimits, priceSleeping } from '../../../../core/flow/price.ts';
import { PRESET } from './breaker-settings.ts';

const none: PacePlan = { kind: 'none' };
const slots = (holdMs: number): PacePlan => ({ kind: 'slots', holdMs });
const ledger = (spacingMs: number): PacePlan => ({ kind: 'ledger', spacingMs, toleranceMs: 0 });
const breaker = PRESET;

function priced(limits: Partial<Priced['limits']>, others: Partial<Priced> = {}) {
  return priceLimits({
    limits: { pace: none, lease: false, ...limits },
    concurrency: 2,
    memoryMb: 1024,
    taskSeconds: 1,
    architecture: 'arm64',
    ...others,
  });
}

/** A second of a million consumers of 1 GB. */
const SECOND = PRICES.gbSecond.arm64 * 1e6;
const WRITE = PRICES.write * 1e6;
const READ = PRICES.read * 1e6;

describe('what keeping limits costs for a million tasks', () => {
  it.each([
    ['no limits', {}, {}, 'none', 0],
    ['slots whose hold outlasts the task', { pace: slots(1400) }, {}, 'slots', 0.4 * SECOND],
    ['slots whose hold does not', { pace: slots(900) }, {}, 'slots', 0],
    ['a ledger whose slots all run', { pace: ledger(500) }, {}, 'ledger', WRITE + READ],
    ['a ledger whose slots run seldom', { pace: ledger(1500) }, {}, 'ledger', WRITE + 2 * READ + 2 * SECOND],
    [
      'a ledger of many slots, of which most wait',
      { pace: ledger(100) },
      { concurrency: 20 },
      'ledger',
      WRITE + 2 * READ + SECOND,
    ],
    ['the last that is slept for', { pace: ledger(2000) }, {}, 'ledger', WRITE + 2 * READ + 3 * SECOND],
    [
      'the first that waits in the queue',
      { pace: ledger(2001) },
      {},
      'metered',
      4 * WRITE + 3 * READ + 0.8 + 0.2 + 2.1 * SECOND,
    ],
    [
      'one that waits for hours: no more',
      { pace: ledger(7_200_000) },
      {},
      'metered',
      4 * WRITE + 3 * READ + 0.8 + 0.2 + 2.1 * SECOND,
    ],
    ['keys', { idempotency: { key: '$', seconds: 86_400 } }, {}, 'none', 2 * WRITE],
    ['one at a time by lease', { lease: true }, { concurrency: 1 }, 'none', 3 * WRITE + SECOND],
    ['a breaker', { breaker }, {}, 'none', 0.1 * WRITE + READ],
    ['a breaker of short tasks', { breaker }, { taskSeconds: 0.1 }, 'none', 0.01 * WRITE + 0.1 * READ],
    ['a breaker of long tasks', { breaker }, { taskSeconds: 100 }, 'none', WRITE + READ],
    ['a breaker, where a ledger looks', { breaker, pace: ledger(500) }, {}, 'ledger', 1.1 * WRITE + READ],
    [
      'a breaker, where a ledger looks and tasks wait in the queue',
      { breaker, pace: ledger(2001) },
      {},
      'metered',
      4.31 * WRITE + 3 * READ + 0.8 + 0.2 + 2.1 * SECOND,
    ],
  ] as const)('%s', (_name, limits, others, method, usdPerMillion) => {
    const price = priced(limits, others);
    expect(price.method).toBe(method);
    // To the cent.
    expect(Math.abs(price.usdPerMillion - usdPerMillion)).toBeLessThanOrEqual(0.005 + 1e-9);
  });

  it('is in proportion to the memory, and more on x86_64', () => {
    const at = (others: Partial<Priced>) => priced({ pace: slots(2000) }, others).usdPerMillion;
    expect(at({ memoryMb: 512 })).toBeCloseTo(at({ memoryMb: 1024 }) / 2, 1);
    expect(at({ architecture: 'x86_64' })).toBeCloseTo(at({ architecture: 'arm64' }) * 1.25, 1);
  });

  it('is a small part of sleeping till the next start', () => {
    const consumer = { memoryMb: 256, architecture: 'arm64' } as const;
    const sleeping = (spacingMs: number) => priceSleeping(spacingMs, consumer);
    const metered = (spacingMs: number) => priced({ pace: ledger(spacingMs) }, consumer).usdPerMillion;
    expect([sleeping(60_000), sleeping(720_000)]).toEqual([200, 2400.01]);
    expect(metered(60_000)).toBeLessThan(sleeping(60_000) / 15);
    expect(metered(720_000)).toBe(metered(60_000));
  });
});
