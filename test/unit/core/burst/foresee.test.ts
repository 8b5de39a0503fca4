import { describe, expect, it } from '@jest/globals';
import { type BurstOutlook, considerCount, foresee } from '../../../../core/burst/foresee.ts';

const outlook: BurstOutlook = {
  pipelineId: 'a',
  bounds: { concurrency: 4, rateLimits: [], backlog: 0 },
  measured: { meanSeconds: 2, p95Seconds: 2 },
  timeoutSeconds: 30,
  messageRetentionSeconds: 1_209_600,
  isPaused: false,
};
const predicted = (goal?: Parameters<typeof foresee>[2], change: Partial<BurstOutlook> = {}) => {
  const given = { ...outlook, ...change };
  return foresee(given, considerCount(40, given), goal);
};

describe('what would come of a burst', () => {
  it('is told by what its pipeline works and what its tasks took', () => {
    expect(predicted()).toMatchObject({
      kind: 'planned',
      plan: {
        boundBy: 'concurrency',
        estimate: { source: 'measured', meanSeconds: 2 },
        predicted: { peakConcurrency: 4, finishSeconds: 20 },
      },
    });
  });

  it('is told by the record’s own spread where the burst says none', () => {
    const spread = { minSeconds: 10, maxSeconds: 100 };
    expect(predicted(undefined, { spread }).plan.window).toEqual(spread);
    expect(predicted({ maxConcurrency: 1 }, { spread }).plan.predicted.peakConcurrency).toBe(1);
  });

  it('says in numbers what the pipeline can do where the goal is out of reach', () => {
    const planned = predicted({ finishWithinSeconds: 5 });
    expect(planned).toMatchObject({ kind: 'impossible', message: expect.stringContaining('20 s') });
  });

  it('says so where the queue would drop tasks before they come out', () => {
    expect(predicted({ maxConcurrency: 1 }, { messageRetentionSeconds: 120 })).toMatchObject({
      kind: 'impossible',
      message: expect.stringMatching(/must be 1\d\d or more, and is 120/),
    });
  });

  it('is a guess as long as nobody has measured the pipeline', () => {
    const { measured: _none, ...unmeasured } = outlook;
    expect(considerCount(3, unmeasured).estimate).toMatchObject({ source: 'default', meanSeconds: 1 });
  });

  it('is the same each time that it is asked', () => {
    const goal = { minSeconds: 0, maxSeconds: 50 };
    expect(predicted(goal)).toEqual(predicted(goal));
  });
});
