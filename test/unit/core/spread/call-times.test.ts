import { describe, expect, it } from '@jest/globals';
import { bestMeasured, callsTellTasks } from '../../../../core/spread/call-times.ts';
import { wantedOf } from '../lifecycle/records.ts';

const noted = { meanSeconds: 2, p95Seconds: 4, secondsPerByte: 0.5 };

describe('what tasks took of late', () => {
  it('is what the pipeline’s calls took, and for bytes what its bursts have noted', () => {
    const calls = { calls: 100, meanSeconds: 3, p95Seconds: 9 };
    expect(bestMeasured(calls, noted)).toEqual({ meanSeconds: 3, p95Seconds: 9, secondsPerByte: 0.5 });
    expect(bestMeasured(calls, undefined)).toEqual({ meanSeconds: 3, p95Seconds: 9 });
  });

  it('is what its bursts have noted where there were too few calls, or none', () => {
    expect(bestMeasured({ calls: 9, meanSeconds: 3, p95Seconds: 9 }, noted)).toBe(noted);
    expect(bestMeasured(undefined, noted)).toBe(noted);
    expect(bestMeasured(undefined, undefined)).toBeUndefined();
  });

  it('has a p95 that is not below its mean, which hours of different load may make it', () => {
    expect(bestMeasured({ calls: 99, meanSeconds: 3, p95Seconds: 2 }, undefined)?.p95Seconds).toBe(3);
  });

  it.each([
    [{ concurrency: 5 }, true],
    [{ concurrency: 5, batchSize: 10 }, false],
    [{ concurrency: 1 }, false],
    [{ concurrency: 5, rateLimit: { tasks: 5, perSeconds: 1 } }, false],
    [{ rateLimit: { tasks: 7, perSeconds: 10 } }, false],
  ])('of a pipeline of %j can be told from its calls: %s', (fields, does) => {
    expect(callsTellTasks(wantedOf(fields))).toBe(does);
  });
});
