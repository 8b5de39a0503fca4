import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHealthMetrics } from '../../../aws/health-metrics.ts';
import type { HealthReports, QueueState } from '../../../aws/ports.ts';
import { type FakeAws, jsonError, type Reply, startFakeAws } from './fake-aws.ts';

const NOON = Date.UTC(2026, 8, 1, 12);
const minute = (at: number) => NOON + at * 60_000;

let aws: FakeAws;
let client: CloudWatchClient;
let health: HealthReports;
let nowMs: number;
beforeEach(async () => {
  aws = await startFakeAws(2_000);
  const { endpoint, region, accessKeyId, secretAccessKey } = aws.connection;
  client = new CloudWatchClient({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });
  health = createHealthMetrics({
    client,
    stage: 'dev',
    queues: {
      find: async (name) => (name.endsWith('-dlq') ? `https://queues/${name}` : undefined),
      read: async () => ({ counts: { visible: 7, delayed: 0, inFlight: 0 } }) as QueueState,
    },
    clock: { nowMs: () => nowMs },
  });
  nowMs = minute(10_000);
});
afterEach(async () => {
  client.destroy();
  await aws.stop();
});

// The order in which a pipeline's metrics are asked for.
const FIELDS = [
  'calls',
  'errors',
  'throttled',
  'durationMs',
  'received',
  'done',
  'buried',
  'deadLetters',
] as const;
type Values = Readonly<Record<number, number>>;

/** One metric's answer: values by minute. */
function series(pipeline: number, field: (typeof FIELDS)[number], values: Values, status = 'Complete') {
  return {
    Id: `m${pipeline * FIELDS.length + FIELDS.indexOf(field)}`,
    StatusCode: status,
    Timestamps: Object.keys(values).map((at) => minute(Number(at)) / 1000),
    Values: Object.values(values),
  };
}

const page = (results: readonly object[], next?: string): Reply => ({
  body: { MetricDataResults: results, ...(next ? { NextToken: next } : {}) },
});

interface Asked {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly NextToken?: string;
  readonly MetricDataQueries: readonly { readonly Id: string; readonly MetricStat: object }[];
}
const asked = () => aws.seen.map(({ body }) => body as Asked);

describe('health from metrics', () => {
  it('asks for the metrics of the function, the queue and the dead-letter queue, by the minute', async () => {
    await health.read(['a'], minute(0), minute(5));
    expect(aws.seen.map(({ call }) => call)).toEqual(['GetMetricData']);
    const [{ MetricDataQueries = [], ...rest } = {}] = asked();
    expect(rest).toEqual({
      StartTime: minute(0) / 1000,
      EndTime: minute(5) / 1000,
      ScanBy: 'TimestampAscending',
    });
    const stat = (Namespace: string, Name: string, Value: string, MetricName: string, Stat: string) => ({
      Metric: { Namespace, MetricName, Dimensions: [{ Name, Value }] },
      Period: 60,
      Stat,
    });
    const lambda = (name: string) => stat('AWS/Lambda', 'FunctionName', 'sluice-pipe-dev-a', name, 'Sum');
    const sqs = (name: string) => stat('AWS/SQS', 'QueueName', 'sluice-pipe-dev-a', name, 'Sum');
    expect(MetricDataQueries.map(({ MetricStat }) => MetricStat)).toEqual([
      lambda('Invocations'),
      lambda('Errors'),
      lambda('Throttles'),
      lambda('Duration'),
      sqs('NumberOfMessagesReceived'),
      sqs('NumberOfMessagesDeleted'),
      stat('AWS/SQS', 'QueueName', 'sluice-pipe-dev-a-dlq', 'NumberOfMessagesSent', 'Sum'),
      stat('AWS/SQS', 'QueueName', 'sluice-pipe-dev-a-dlq', 'ApproximateNumberOfMessagesVisible', 'Maximum'),
    ]);
  });

  it('makes one sample of a minute, in order; what has no value is 0, and dead letters unknown', async () => {
    aws.replyWith(
      page([
        series(0, 'deadLetters', { 2: 4 }),
        series(0, 'calls', { 1: 3, 2: 1 }),
        series(0, 'errors', { 1: 1 }),
        series(0, 'throttled', { 0: 9 }),
        series(0, 'durationMs', { 1: 450.5 }),
        series(0, 'received', { 1: 30 }),
        series(0, 'done', { 1: 28 }),
      ]),
    );
    const nothing = {
      spanMs: 60_000,
      calls: 0,
      errors: 0,
      throttled: 0,
      received: 0,
      done: 0,
      durationMs: 0,
    };
    expect([...(await health.read(['a'], minute(0), minute(3)))]).toEqual([
      [
        'a',
        [
          { ...nothing, atMs: minute(0), throttled: 9 },
          { ...nothing, atMs: minute(1), calls: 3, errors: 1, durationMs: 450.5, received: 30, done: 28 },
          { ...nothing, atMs: minute(2), calls: 1, deadLetters: 4 },
        ],
      ],
    ]);
  });

  it('counts no dead letter as done, though its message is deleted', async () => {
    const [sent, deleted] = [
      { 0: 2, 1: 1 },
      { 0: 5, 2: 1 },
    ];
    for (const order of [
      [series(0, 'done', deleted), series(0, 'buried', sent)],
      [series(0, 'buried', sent), series(0, 'done', deleted)],
    ]) {
      aws.replyWith(page(order));
      const samples = (await health.read(['a'], minute(0), minute(3))).get('a') ?? [];
      expect(samples.reduce((sum, { done }) => sum + done, 0)).toBe(3);
      expect(samples[0]?.done).toBe(3);
    }
  });

  it('keeps pipelines apart and leaves out the one that nothing is known of', async () => {
    aws.replyWith(page([series(0, 'calls', { 0: 1 }), series(2, 'calls', { 0: 2 })]));
    const samples = await health.read(['a', 'b', 'c'], minute(0), minute(1));
    expect([...samples].map(([id, [first]]) => [id, first?.calls])).toEqual([
      ['a', 1],
      ['c', 2],
    ]);
  });

  it('goes on with the next page as long as there is one, asking the same', async () => {
    aws.replyWith(
      page([series(0, 'calls', { 0: 1 }, 'PartialData')], 'more'),
      page([series(0, 'calls', { 1: 2 }), series(0, 'done', { 0: 3 })]),
    );
    const samples = await health.read(['a'], minute(0), minute(2));
    expect(samples.get('a')).toMatchObject([
      { calls: 1, done: 3 },
      { calls: 2, done: 0 },
    ]);
    const [first, second] = asked();
    expect(second).toEqual({ ...first, NextToken: 'more' });
  });

  it('asks for at most 500 metrics a call, each of them once', async () => {
    const ids = Array.from({ length: 150 }, (_, at) => `p${at}`);
    await health.read(ids, minute(0), minute(1));
    const calls = asked().map(({ MetricDataQueries }) => MetricDataQueries);
    expect(calls.map(({ length }) => length).sort((a, b) => a - b)).toEqual([200, 500, 500]);
    expect(new Set(calls.flat().map(({ MetricStat }) => JSON.stringify(MetricStat))).size).toBe(1200);
    for (const queries of calls) {
      expect(new Set(queries.map(({ Id }) => Id)).size).toBe(queries.length);
      for (const { Id } of queries) expect(Id).toMatch(/^[a-z][a-zA-Z0-9_]*$/);
    }
  });

  it('takes only minutes that lie wholly in the span, and asks nothing where there is none', async () => {
    await health.read(['a'], minute(0) + 1, minute(3) - 1);
    expect(asked()).toMatchObject([{ StartTime: minute(1) / 1000, EndTime: minute(2) / 1000 }]);
    expect(await health.read(['a'], minute(4) + 1, minute(6) - 1)).toEqual(new Map());
    expect(await health.read([], minute(0), minute(9))).toEqual(new Map());
    expect(aws.seen).toHaveLength(1);
  });

  it('does not take a metric that could not be read for one without values', async () => {
    aws.replyWith(page([series(0, 'calls', { 0: 1 }), series(0, 'errors', {}, 'InternalError')]));
    await expect(health.read(['a'], minute(0), minute(1))).rejects.toMatchObject({
      code: 'InternalError',
      message: expect.stringContaining('Errors of sluice-pipe-dev-a cannot be read'),
      retryable: true,
    });
    aws.replyWith(page([series(0, 'done', {}, 'Forbidden')], 'more'), page([]));
    await expect(health.read(['a'], minute(0), minute(1))).rejects.toMatchObject({ retryable: false });
  });

  it('lets a further page bring what failed on the one before', async () => {
    aws.replyWith(
      page([series(0, 'calls', {}, 'InternalError')], 'again'),
      page([series(0, 'calls', { 0: 7 })]),
    );
    expect((await health.read(['a'], minute(0), minute(1))).get('a')).toMatchObject([{ calls: 7 }]);
  });

  it('says which call AWS refused', async () => {
    aws.replyWith(jsonError('ThrottlingException', 'Rate exceeded'));
    await expect(health.read(['a'], minute(0), minute(1))).rejects.toMatchObject({
      name: 'AwsError',
      operation: 'cloudwatch:GetMetricData',
      code: 'ThrottlingException',
      retryable: true,
    });
  });

  it('leaves out minutes of which some metrics may still be missing', async () => {
    nowMs = minute(5) + 30_000;
    await health.read(['a'], minute(0), minute(5));
    expect(asked()[0]?.EndTime).toBe(minute(3) / 1000);
  });

  it('counts the dead letters that are there now, which their metric may tell late', async () => {
    nowMs = minute(5) + 1_000;
    const samples = await health.read(['a'], minute(0), nowMs);
    expect(samples.get('a')).toEqual([
      expect.objectContaining({ atMs: nowMs, spanMs: 0, deadLetters: 7, received: 0 }),
    ]);
    expect((await health.read(['a'], minute(0), minute(4))).get('a')).toBeUndefined();
  });
});

describe('what calls took', () => {
  it('is asked for by the hour, three metrics in one call', async () => {
    await health.callTimes('a', minute(-130), minute(0));
    const [{ MetricDataQueries = [], StartTime, EndTime } = {}] = asked();
    expect({ StartTime, EndTime }).toEqual({ StartTime: minute(-180) / 1000, EndTime: minute(0) / 1000 });
    expect(MetricDataQueries).toEqual(
      ['SampleCount', 'Sum', 'p95'].map((Stat, at) => ({
        Id: `m${at}`,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/Lambda',
            MetricName: 'Duration',
            Dimensions: [{ Name: 'FunctionName', Value: 'sluice-pipe-dev-a' }],
          },
          Period: 3_600,
          Stat,
        },
      })),
    );
  });

  it('is the mean of all of them, and of their hours’ percentiles each for its calls', async () => {
    const hours = (Id: string, Values: number[]) => ({
      ...{ Id, StatusCode: 'Complete', Values },
      Timestamps: [minute(-120) / 1000, minute(-60) / 1000],
    });
    aws.replyWith(page([hours('m0', [30, 10]), hours('m1', [60_000, 60_000]), hours('m2', [4_000, 8_000])]));
    expect(await health.callTimes('a', minute(-130), minute(0))).toEqual({
      calls: 40,
      meanSeconds: 3,
      p95Seconds: 5,
    });
  });

  it('is nothing where there were none', async () => {
    aws.replyWith(page([]));
    expect(await health.callTimes('a', minute(-60), minute(0))).toBeUndefined();
  });
});
