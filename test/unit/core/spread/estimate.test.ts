import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createEstimator, type MeasuredTasks, type Said, saidOf } from '../../../../core/spread/estimate.ts';

const measured: MeasuredTasks = { meanSeconds: 2, p95Seconds: 5, secondsPerByte: 0.001 };

function estimate(tasks: readonly Said[], known: MeasuredTasks | undefined = measured, timeoutSeconds = 60) {
  const estimator = createEstimator(known, timeoutSeconds);
  const seconds = tasks.map((said) => estimator.add(said));
  return { seconds, ...estimator.estimate() };
}

describe('the estimate of a burst', () => {
  it('goes by what every task says of itself', () => {
    const said = estimate([{ estimatedSeconds: 1 }, { estimatedSeconds: 3, sizeBytes: 9_999 }]);
    expect(said).toMatchObject({ source: 'tasks', meanSeconds: 2, longestSeconds: 3, seconds: [1, 3] });
    expect(said.p95Seconds).toBeLessThanOrEqual(3);
  });

  it('goes by their bytes where they do not say, at what a byte took on this pipeline', () => {
    expect(estimate([{ sizeBytes: 1_000 }, { sizeBytes: 3_000 }])).toMatchObject({
      source: 'bytes',
      seconds: [1, 3],
      longestSeconds: 3,
    });
  });

  it('takes no task for far from what tasks take, whatever its bytes', () => {
    expect(estimate([{ sizeBytes: 0 }, { sizeBytes: 1e12 }]).seconds).toEqual([0.2, 40]);
  });

  it('goes by what was measured where a task says nothing, or bytes say nothing yet', () => {
    expect(estimate([{}, {}])).toEqual({
      source: 'measured',
      meanSeconds: 2,
      p95Seconds: 5,
      seconds: [2, 2],
    });
    expect(estimate([{ sizeBytes: 7 }], { meanSeconds: 2, p95Seconds: 5 }).source).toBe('measured');
  });

  it('takes tasks that were too short to be measured for short ones, and for no longer', () => {
    for (const p95Seconds of [0, 0.001]) {
      const said = estimate([{}, {}], { meanSeconds: 0, p95Seconds });
      expect(said).toMatchObject({ source: 'measured', meanSeconds: 0.001, p95Seconds: 0.001 });
    }
  });

  it('goes by a second where nothing is known', () => {
    const estimator = createEstimator(undefined, 60);
    estimator.add({});
    expect(estimator.estimate()).toEqual({ source: 'default', meanSeconds: 1, p95Seconds: 3 });
  });

  it('names the worst that it had to use', () => {
    expect(estimate([{ estimatedSeconds: 4 }, { sizeBytes: 2_000 }])).toMatchObject({
      source: 'bytes',
      meanSeconds: 3,
    });
    const mixed = estimate([{ estimatedSeconds: 4 }, {}]);
    expect(mixed).toMatchObject({ source: 'measured', meanSeconds: 3 });
    expect(mixed).not.toHaveProperty('longestSeconds');
  });

  it('is no longer than the pipeline lets a task run', () => {
    expect(estimate([{ estimatedSeconds: 900 }], measured, 30)).toMatchObject({
      seconds: [30],
      p95Seconds: 30,
    });
    expect(estimate([], { meanSeconds: 50, p95Seconds: 80 }, 30)).toMatchObject({
      meanSeconds: 30,
      p95Seconds: 30,
    });
  });

  it('of no tasks is what was measured', () => {
    expect(estimate([])).toMatchObject({ source: 'measured', meanSeconds: 2 });
  });

  it('has a p95 between mean and longest, whatever tasks say', () => {
    const said = fc.record({ estimatedSeconds: fc.double({ min: 0, max: 50, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(said, { minLength: 1 }), (tasks) => {
        const { meanSeconds, p95Seconds, longestSeconds = 0 } = estimate(tasks);
        expect(p95Seconds).toBeGreaterThanOrEqual(meanSeconds * (1 - 1e-9));
        expect(p95Seconds).toBeLessThanOrEqual(longestSeconds);
      }),
    );
  });
});

describe('what a task says of itself', () => {
  it.each<[unknown, Said]>([
    [
      { estimatedSeconds: 2.5, sizeBytes: 10, other: 1 },
      { estimatedSeconds: 2.5, sizeBytes: 10 },
    ],
    [{ estimatedSeconds: '2', sizeBytes: -1 }, {}],
    [{ estimatedSeconds: Number.NaN, sizeBytes: null }, {}],
    [null, {}],
    ['text', {}],
    [[3], {}],
  ])('of %j', (task, said) => {
    expect(saidOf(task)).toEqual(said);
  });
});
