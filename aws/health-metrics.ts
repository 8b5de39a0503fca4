import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { pipelineNames } from '../core/names.ts';
import { type HealthSample, NO_CALLS } from '../core/release/health.ts';
import type { CallTimes } from '../core/spread/call-times.ts';
import { readDeadLetters, withNow } from './dead-letters.ts';
import { type Point, readMetrics, type Wanted } from './metric-data.ts';
import type { Clock, HealthReports, TaskQueues } from './ports.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Of a younger minute one metric may be there and another not yet: tasks received would look failed. */
const SETTLED_AFTER_MS = 120_000;
/** A span that ended less than this ago ends now. */
const NOW_MS = 5_000;

export interface HealthMetricsOptions {
  readonly client: CloudWatchClient;
  readonly queues: Pick<TaskQueues, 'find' | 'read'>;
  readonly stage: string;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/**
 * What Lambda and SQS themselves tell CloudWatch of each pipeline's function and queues, which costs nothing;
 * reading does: $0.01 per 1,000 metrics asked for (https://aws.amazon.com/cloudwatch/pricing/), so 8 cents per
 * 1,000 pipelines, however long the span. A sample is a minute that lies wholly within the span and ended two
 * minutes ago or more. Where the span ends now, a sample of no length at its end has the dead letters that are there.
 * Minutes are kept for 15 days.
 *
 * Metrics come late:
 * - Lambda's within a minute or so of the end of a call, but stamped with its beginning: a minute is complete
 *   once the function's timeout has passed (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html)
 * - SQS's every minute, but up to 15 minutes late for a queue that was empty and untouched for 6 hours, as a
 *   dead-letter queue mostly is
 *   (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-monitoring-using-cloudwatch.html)
 *
 * Lambda's Errors are calls that threw or timed out: an answer that names failed tasks is none. Those are what
 * was received and not deleted, and what the runtime has sent to the dead-letter queue, which it deletes. (What SQS
 * moves there itself counts as not sent:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html)
 *
 * IAM: cloudwatch:GetMetricData, which knows no resources, on `*`; sqs:GetQueueUrl and sqs:GetQueueAttributes on the
 * queues.
 */
export function createHealthMetrics({ client, queues, stage, clock }: HealthMetricsOptions): HealthReports {
  const minutes = async (pipelineIds: readonly string[], fromMs: number, toMs: number) => {
    const StartTime = new Date(Math.ceil(fromMs / MINUTE_MS) * MINUTE_MS);
    const EndTime = new Date(Math.floor(toMs / MINUTE_MS) * MINUTE_MS);
    if (StartTime >= EndTime) return new Map<string, HealthSample[]>();
    const wanted = pipelineIds.flatMap((pipelineId) => metricsOf(stage, pipelineId));
    return samplesOf(await readMetrics(client, wanted, { StartTime, EndTime }));
  };
  return {
    async read(pipelineIds, fromMs, toMs) {
      const nowMs = clock.nowMs();
      const [samples, now] = await Promise.all([
        minutes(pipelineIds, fromMs, Math.min(toMs, nowMs - SETTLED_AFTER_MS)),
        toMs > nowMs - NOW_MS
          ? readDeadLetters(queues, stage, pipelineIds, toMs)
          : new Map<string, HealthSample>(),
      ]);
      return withNow(pipelineIds, samples, now);
    },
    async callTimes(pipelineId, fromMs, toMs) {
      const StartTime = new Date(Math.floor(fromMs / HOUR_MS) * HOUR_MS);
      const EndTime = new Date(Math.ceil(toMs / MINUTE_MS) * MINUTE_MS);
      return timesOf(await readMetrics(client, durationsOf(stage, pipelineId), { StartTime, EndTime }));
    },
  };
}

/** Three metrics, so $0.00003 a time. */
function durationsOf(stage: string, pipelineId: string): Wanted<'SampleCount' | 'Sum' | 'p95'>[] {
  const Dimensions = [{ Name: 'FunctionName', Value: pipelineNames(stage, pipelineId).function }];
  const Metric = { Namespace: 'AWS/Lambda', MetricName: 'Duration', Dimensions };
  return (['SampleCount', 'Sum', 'p95'] as const).map((Stat) => ({
    name: Stat,
    query: { MetricStat: { Metric, Period: HOUR_MS / 1000, Stat } },
  }));
}

/** The hours' percentiles, each for as much as it had calls: a percentile of all of them is not to be had. */
function timesOf(points: readonly Point<'SampleCount' | 'Sum' | 'p95'>[]): CallTimes | undefined {
  const callsAt = new Map<number, number>();
  for (const { name, atMs, value } of points) if (name === 'SampleCount') callsAt.set(atMs, value);
  const calls = [...callsAt.values()].reduce((sum, value) => sum + value, 0);
  if (calls === 0) return undefined;
  const total = (name: 'Sum' | 'p95', weightOf: (atMs: number) => number) =>
    points
      .filter((point) => point.name === name)
      .reduce((sum, { atMs, value }) => sum + value * weightOf(atMs), 0);
  return {
    calls,
    meanSeconds: total('Sum', () => 1) / calls / 1000,
    p95Seconds: total('p95', (atMs) => callsAt.get(atMs) ?? 0) / calls / 1000,
  };
}

/** Which number of whose sample a metric is. */
interface Name {
  readonly pipelineId: string;
  readonly field: Exclude<keyof HealthSample, 'atMs' | 'spanMs' | 'failed'> | 'buried';
}

function metricsOf(stage: string, pipelineId: string): Wanted<Name>[] {
  const names = pipelineNames(stage, pipelineId);
  const from = (Namespace: string, dimension: string, resource: string, Stat: string) => {
    const Dimensions = [{ Name: dimension, Value: resource }];
    return (field: Name['field'], MetricName: string): Wanted<Name> => {
      const Metric = { Namespace, MetricName, Dimensions };
      return { name: { pipelineId, field }, query: { MetricStat: { Metric, Period: 60, Stat } } };
    };
  };
  const ofFunction = from('AWS/Lambda', 'FunctionName', names.function, 'Sum');
  const ofQueue = from('AWS/SQS', 'QueueName', names.queue, 'Sum');
  const ofDeadLetters = (stat: string) => from('AWS/SQS', 'QueueName', names.deadLetterQueue, stat);
  return [
    ofFunction('calls', 'Invocations'),
    ofFunction('errors', 'Errors'),
    ofFunction('throttled', 'Throttles'),
    ofFunction('durationMs', 'Duration'),
    ofQueue('received', 'NumberOfMessagesReceived'),
    ofQueue('done', 'NumberOfMessagesDeleted'),
    ofDeadLetters('Sum')('buried', 'NumberOfMessagesSent'),
    ofDeadLetters('Maximum')('deadLetters', 'ApproximateNumberOfMessagesVisible'),
  ];
}

/** One sample of each minute in which a pipeline has any value; what has none is 0, dead letters are unknown. */
function samplesOf(points: readonly Point<Name>[]): Map<string, HealthSample[]> {
  const byPipeline = new Map<string, Map<number, HealthSample>>();
  for (const { name, atMs, value } of points) {
    const minutes = byPipeline.get(name.pipelineId) ?? new Map<number, HealthSample>();
    byPipeline.set(name.pipelineId, minutes);
    const sample = minutes.get(atMs) ?? { atMs, spanMs: MINUTE_MS, ...NO_CALLS };
    minutes.set(atMs, withValue(sample, name.field, value));
  }
  return new Map(
    [...byPipeline].map(([id, minutes]) => [id, [...minutes.values()].sort((a, b) => a.atMs - b.atMs)]),
  );
}

/** Sent in one minute and deleted in the next, a dead letter makes the first one's `done` too low: sums are right. */
function withValue(sample: HealthSample, field: Name['field'], value: number): HealthSample {
  if (field === 'buried') return { ...sample, done: sample.done - value };
  return field === 'done' ? { ...sample, done: sample.done + value } : { ...sample, [field]: value };
}
