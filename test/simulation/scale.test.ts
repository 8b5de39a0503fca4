import { describe, expect, it } from '@jest/globals';
import { bulkLoad } from '../../lab/simulator/bulk-load.ts';

const BUDGET_PER_SECOND = 10;

describe.each([1_000, 5_000])('a bulk load of %i records', (records) => {
  const load = bulkLoad({ records, seed: 1 });

  it('makes every one of them Active', async () => {
    expect((await load).active).toBe(records);
  }, 300_000);

  it('is never over the budget in any second, and AWS throttles none of its calls', async () => {
    expect((await load).mostInASecond).toBeLessThanOrEqual(BUDGET_PER_SECOND);
    expect((await load).throttled).toEqual([]);
  }, 300_000);

  it('uses at least nine tenths of the budget until the last call of the load', async () => {
    const { calls, seconds } = await load;
    expect(calls / seconds).toBeGreaterThanOrEqual(0.9 * BUDGET_PER_SECOND);
  }, 300_000);

  it('lets a pause in the middle of it take force within 10 s', async () => {
    expect((await load).pausedAfterSeconds).toBeLessThanOrEqual(10);
  }, 300_000);

  it('makes a pipeline with two changes in Lambda’s bucket, and looks at each mapping at most twice', async () => {
    const { callsByOperation } = await load;
    expect(callsByOperation['functions.create']).toBe(records);
    expect(callsByOperation['mappings.create']).toBe(records);
    expect(callsByOperation['mappings.read']).toBeLessThanOrEqual(2 * records);
  }, 300_000);
});
