import { describe, expect, it } from '@jest/globals';
import { measuredAfter, measuredFact, pipelineMeasuredSchema } from '../../../../core/burst/measured.ts';
import { BEGIN_MS } from './bursts.ts';

const took = (tasks: number, meanSeconds: number, secondsPerByte?: number) => ({
  burstId: `b-${meanSeconds}`,
  took: {
    tasks,
    meanSeconds,
    p95Seconds: meanSeconds * 2,
    ...(secondsPerByte !== undefined && { secondsPerByte }),
  },
});

describe('what a pipeline has measured', () => {
  it('is what the first burst took, of ten tasks at least', () => {
    expect(measuredAfter(undefined, took(9, 2), BEGIN_MS)).toBeUndefined();
    expect(measuredAfter(undefined, { burstId: 'b' }, BEGIN_MS)).toBeUndefined();
    expect(measuredAfter(undefined, took(10, 2), BEGIN_MS)).toEqual({
      meanSeconds: 2,
      p95Seconds: 4,
      tasks: 10,
      at: new Date(BEGIN_MS).toISOString(),
      burstId: 'b-2',
    });
  });

  it('mixes by the number of tasks, and forgets: more than a thousand count as a thousand', () => {
    const first = measuredAfter(undefined, took(100, 2, 1e-6), BEGIN_MS);
    const second = measuredAfter(first, took(300, 4, 3e-6), BEGIN_MS);
    expect(second).toMatchObject({ meanSeconds: 3.5, p95Seconds: 7, secondsPerByte: 2.5e-6, tasks: 400 });
    const old = first && { ...first, tasks: 1e6 };
    expect(measuredAfter(old, took(1_000, 4), BEGIN_MS)).toMatchObject({
      meanSeconds: 3,
      secondsPerByte: 1e-6,
      tasks: 2_000,
    });
  });

  it('takes a burst once, however often it is told of', () => {
    const first = measuredAfter(undefined, took(100, 2), BEGIN_MS);
    expect(measuredAfter(first, took(100, 2), BEGIN_MS)).toBeUndefined();
  });

  it('is a fact that can be read again', () => {
    const first = measuredAfter(undefined, took(100, 2, 1e-6), BEGIN_MS);
    expect(pipelineMeasuredSchema.parse(JSON.parse(JSON.stringify(first)))).toEqual(first);
    expect(measuredFact('customer-a')).toBe('measured/customer-a');
  });
});
