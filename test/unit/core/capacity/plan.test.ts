import { describe, expect, it } from '@jest/globals';
import { type Planned, planCapacity } from '../../../../core/capacity/plan.ts';
import { lookingUsd, POLLING_USD, taskPrice } from '../../../../core/capacity/price.ts';
import { wantedOf } from '../lifecycle/records.ts';

const one = (fields: object, more: Partial<Planned> = {}): Planned => ({
  wanted: wantedOf({ ...fields }),
  ...more,
});
const account = {
  concurrency: 100,
  unreservedConcurrency: 130,
  codeBytesUsed: 4e9,
  codeBytesAllowed: 80e9,
};

describe('a plan', () => {
  it('adds up what may run at once, of pipelines that are not paused', () => {
    const all = [one({ concurrency: 70 }), one({ concurrency: 50 }), one({ concurrency: 9, paused: true })];
    const plan = planCapacity(all, account);
    expect(plan).toMatchObject({ pipelines: 3, paused: 1, atOnce: { wanted: 120, allowed: 100, over: 20 } });
    expect(planCapacity(all, undefined).atOnce).toEqual({ wanted: 120 });
  });

  it('says how pipelines of one task at a time are kept, and how many more may be', () => {
    const all = [one({ concurrency: 1 }), one({ concurrency: 1 }, { lease: true }), one({ concurrency: 2 })];
    expect(planCapacity(all, account).oneAtATime).toEqual({ reserved: 1, leased: 1, unitsLeft: 30 });
    const full = { ...account, unreservedConcurrency: 100 };
    expect(planCapacity(all, full).oneAtATime.unitsLeft).toBe(0);
  });

  it('says for how many more pipelines there is room for code', () => {
    const all = [one({}, { codeBytes: 1e6 }), one({}, { codeBytes: 3e6 }), one({})];
    expect(planCapacity(all, account).code).toMatchObject({ pipelineBytes: 4e6, roomFor: 38_000 });
    expect(planCapacity([one({})], account).code).not.toHaveProperty('roomFor');
  });

  it('prices idle queues that somebody asks: not of those that are paused, or rest when idle', () => {
    const all = [one({}), one({ paused: true }), one({ restWhenIdleSeconds: 600 })];
    expect(planCapacity(all, account).idle).toMatchObject({
      pollingUsd: 0.26,
      lookingUsd: 0.1,
      totalUsd: 12.61,
    });
  });

  it('prices a load spread evenly, by what it is for', () => {
    const all = [one({ memoryMb: 1024 }, { taskSeconds: 2 }), one({ memoryMb: 1024, progress: false })];
    const { load } = planCapacity(all, account, 1_000_000);
    // Half a million tasks of 2 s and as many of 1 s, of 1 GB: 1.5 million GB-seconds.
    expect(load?.usd).toEqual({ consumer: 20.2, queue: 0.84, limits: 0, progress: 0.63 });
    expect(load?.totalUsd).toBe(21.67);
    expect(planCapacity([one({ paused: true })], account, 5)).not.toHaveProperty('load');
  });

  it('names pipelines that cannot do their share in a month', () => {
    const all = [
      one({ pipelineId: 'slow', rateLimit: { tasks: 1, perSeconds: 60 } }),
      one({ pipelineId: 'quick' }),
    ];
    // 43,200 minutes a month.
    expect(planCapacity(all, account, 2 * 43_200).load?.tooSlow).toEqual([]);
    expect(planCapacity(all, account, 2 * 43_201).load?.tooSlow).toEqual(['slow']);
  });

  it('says when all queues are empty: slots and rates, the last one decides', () => {
    const all = [
      one({ pipelineId: 'slots', concurrency: 4 }, { taskSeconds: 2, tasks: 100 }),
      one({ pipelineId: 'rate', concurrency: 4, rateLimit: { tasks: 1, perSeconds: 1 } }, { tasks: 60 }),
      one({ pipelineId: 'paused', paused: true }, { tasks: 9_999 }),
    ];
    expect(planCapacity(all, account).drain).toEqual({ tasks: 160, seconds: 60, last: 'rate' });
    expect(planCapacity([], account).drain).toEqual({ tasks: 0, seconds: 0 });
  });
});

describe('prices', () => {
  it('are those that docs/operating.md tells', () => {
    expect(lookingUsd(100)).toBeCloseTo(3.46, 2);
    expect(lookingUsd(1_000)).toBeCloseTo(27.65, 2);
    expect(lookingUsd(5_000)).toBeCloseTo(27.65, 2);
    expect(POLLING_USD).toBeCloseTo(0.26, 2);
  });

  it('share requests and calls among the tasks of a batch', () => {
    const single = taskPrice(wantedOf(), undefined, 1);
    const batch = taskPrice(wantedOf({ batchSize: 10 }), undefined, 1);
    expect(single.queue).toBeCloseTo(0.84e-6, 10);
    expect(batch.queue).toBeCloseTo(0.12e-6, 10);
    expect(batch.consumer).toBeLessThan(single.consumer);
  });
});
