import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { QueueAges } from '../../../aws/ports.ts';
import { createQueueAges, NO_QUEUE_AGES } from '../../../aws/queue-ages.ts';
import { type FakeAws, startFakeAws } from './fake-aws.ts';

const NOON = Date.UTC(2026, 8, 1, 12);

let aws: FakeAws;
let client: CloudWatchClient;
let ages: QueueAges;
beforeEach(async () => {
  aws = await startFakeAws(2_000);
  const { endpoint, region, accessKeyId, secretAccessKey } = aws.connection;
  const credentials = { accessKeyId, secretAccessKey };
  client = new CloudWatchClient({ endpoint, region, credentials, maxAttempts: 1 });
  ages = createQueueAges(client, 'dev', { nowMs: () => NOON });
});
afterEach(async () => {
  client.destroy();
  await aws.stop();
});

describe('ages of messages', () => {
  it('are asked for in one call, a metric for each queue, of the last five minutes', async () => {
    aws.replyWith({ body: { MetricDataResults: [] } });
    await ages.oldest(['a', 'b']);
    expect(aws.seen.map(({ call }) => call)).toEqual(['GetMetricData']);
    const query = (name: string) => ({
      MetricStat: {
        Metric: {
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateAgeOfOldestMessage',
          Dimensions: [{ Name: 'QueueName', Value: name }],
        },
        Period: 60,
        Stat: 'Maximum',
      },
    });
    expect(aws.seen[0]?.body).toMatchObject({
      StartTime: NOON / 1000 - 300,
      EndTime: NOON / 1000,
      MetricDataQueries: [query('sluice-pipe-dev-a'), query('sluice-pipe-dev-b')],
    });
  });

  it('are the latest that is known; of what has none nothing is said', async () => {
    const at = (minute: number) => NOON / 1000 - 60 * minute;
    const results = [
      { Id: 'm0', StatusCode: 'Complete', Timestamps: [at(3), at(2)], Values: [900, 30] },
      { Id: 'm1', StatusCode: 'Complete', Timestamps: [], Values: [] },
    ];
    aws.replyWith({ body: { MetricDataResults: results } });
    expect(await ages.oldest(['a', 'b'])).toEqual(new Map([['a', 30]]));
  });

  it('cost no call where nobody asks, and are unknown where there are no metrics', async () => {
    expect(await ages.oldest([])).toEqual(new Map());
    expect(aws.seen).toEqual([]);
    expect(await NO_QUEUE_AGES.oldest(['a'])).toEqual(new Map());
  });
});
