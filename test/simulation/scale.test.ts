import { describe, expect, it } from '@jest/globals';
import { loadInBulk } from '../../lab/bench/bulk-load.ts';
import { mostCallsOfATick } from '../../lab/simulator/promises/constant-work.ts';

const BUDGET_PER_SECOND = 10;
const PAUSES = 3;
const RECONCILE_SLICE = 400;

describe.each([1_000, 5_000])('a bulk load of %i records', (records) => {
  const load = loadInBulk(records, { pauses: PAUSES });

  it('makes every one of them Active', async () => {
    await expect(load).resolves.toMatchObject({ records });
  }, 300_000);

  it('is never over the budget in any second, and AWS throttles none of its calls', async () => {
    expect((await load).peakPerSecond).toBeLessThanOrEqual(BUDGET_PER_SECOND);
    expect((await load).throttled).toEqual([]);
  }, 300_000);

  it('uses at least nine tenths of the budget until the last call of the load', async () => {
    expect((await load).budgetShare).toBeGreaterThanOrEqual(0.9);
  }, 300_000);

  it('has all of them Active in little more than the time that its calls need', async () => {
    const { leastSeconds, activeSeconds } = await load;
    expect(leastSeconds / activeSeconds).toBeGreaterThanOrEqual(0.9);
  }, 300_000);

  it('lets a pause in the middle of it take force within 10 s', async () => {
    const { pauseSeconds } = await load;
    expect(pauseSeconds).toHaveLength(PAUSES);
    expect(Math.max(...pauseSeconds)).toBeLessThanOrEqual(10);
  }, 300_000);

  it('makes no tick of the reconciler do more than its slice and a page of each kind take', async () => {
    expect((await load).busiestTick).toBeLessThanOrEqual(mostCallsOfATick(RECONCILE_SLICE));
  }, 300_000);

  it('makes a pipeline with two changes in Lambda’s bucket, and looks at each mapping at most twice', async () => {
    const { callsByOperation } = await load;
    expect(callsByOperation['functions.create']).toBe(records);
    expect(callsByOperation['mappings.create']).toBe(records);
    expect(callsByOperation['mappings.read']).toBeLessThanOrEqual(2 * (records + PAUSES));
  }, 300_000);
});
