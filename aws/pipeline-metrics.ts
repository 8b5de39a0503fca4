import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { MeasuredPoint } from '../core/curves/from-points.ts';
import type { Grid } from '../core/curves/grid.ts';
import { pipelineNames } from '../core/names.ts';
import { readMetrics, type Wanted } from './metric-data.ts';

/** What Lambda and SQS tell of one pipeline. */
export const PIPELINE_METRICS = ['running', 'waiting', 'p50Seconds', 'p95Seconds', 'done'] as const;

export type PipelineMetric = (typeof PIPELINE_METRICS)[number];

/**
 * Curves of one pipeline from what its function and queue tell CloudWatch by themselves: five metrics, so $0.00005 a
 * time (https://aws.amazon.com/cloudwatch/pricing/). They come a minute or two late.
 * IAM: cloudwatch:GetMetricData, which knows no resources, on `*`.
 * @param grid with steps of whole minutes
 */
export async function readPipelineMetrics(
  client: CloudWatchClient,
  stage: string,
  pipelineId: string,
  { fromMs, stepSeconds, steps }: Grid,
): Promise<MeasuredPoint<PipelineMetric>[]> {
  const names = pipelineNames(stage, pipelineId);
  const metric = (Namespace: string, dimension: string, value: string) => {
    const Dimensions = [{ Name: dimension, Value: value }];
    return (name: PipelineMetric, MetricName: string, Stat: string): Wanted<PipelineMetric> => ({
      name,
      query: { MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: stepSeconds, Stat } },
    });
  };
  const ofFunction = metric('AWS/Lambda', 'FunctionName', names.function);
  const ofQueue = metric('AWS/SQS', 'QueueName', names.queue);
  const wanted = [
    ofFunction('running', 'ConcurrentExecutions', 'Maximum'),
    ofFunction('p50Seconds', 'Duration', 'p50'),
    ofFunction('p95Seconds', 'Duration', 'p95'),
    ofQueue('waiting', 'ApproximateNumberOfMessagesVisible', 'Maximum'),
    ofQueue('done', 'NumberOfMessagesDeleted', 'Sum'),
  ];
  const span = { StartTime: new Date(fromMs), EndTime: new Date(fromMs + steps * stepSeconds * 1000) };
  const points = await readMetrics(client, wanted, span);
  return points.map((point) =>
    point.name.endsWith('Seconds') ? { ...point, value: point.value / 1000 } : point,
  );
}
