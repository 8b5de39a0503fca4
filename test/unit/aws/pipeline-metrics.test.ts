import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readPipelineMetrics } from '../../../aws/pipeline-metrics.ts';
import { type FakeAws, startFakeAws } from './fake-aws.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const grid = { fromMs: NOON, stepSeconds: 60, steps: 5 };

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws(2_000);
});
afterEach(() => aws.stop());

const result = (at: number, value: number) => ({
  Id: `m${at}`,
  StatusCode: 'Complete',
  Timestamps: [NOON / 1000 + 60],
  Values: [value],
});

describe('metrics of one pipeline', () => {
  it('are what Lambda and SQS tell by themselves: five for the whole span', async () => {
    await readPipelineMetrics(aws.clients.cloudWatch, 'dev', 'a', grid);
    const wanted = ['ConcurrentExecutions', 'Duration', 'Duration', 'ApproximateNumberOfMessagesVisible'];
    expect(aws.seen).toHaveLength(1);
    expect(aws.seen[0]?.body).toMatchObject({
      StartTime: NOON / 1000,
      EndTime: NOON / 1000 + 300,
      MetricDataQueries: [...wanted, 'NumberOfMessagesDeleted'].map((MetricName) => ({
        MetricStat: { Metric: { MetricName }, Period: 60 },
      })),
    });
  });

  it('are in seconds where Lambda has milliseconds', async () => {
    aws.replyWith({ body: { MetricDataResults: [result(0, 7), result(1, 250), result(2, 900)] } });
    expect(await readPipelineMetrics(aws.clients.cloudWatch, 'dev', 'a', grid)).toEqual([
      { name: 'running', atMs: NOON + 60_000, value: 7 },
      { name: 'p50Seconds', atMs: NOON + 60_000, value: 0.25 },
      { name: 'p95Seconds', atMs: NOON + 60_000, value: 0.9 },
    ]);
  });
});
