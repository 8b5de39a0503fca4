import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { pipelineNames } from '../core/names.ts';
import { latestMinutes, MINUTE_SECONDS, readMetrics } from './metric-data.ts';
import type { Clock, QueueAges } from './ports.ts';

/**
 * What SQS tells CloudWatch of each queue, which costs nothing; reading does: $0.01 per 1,000 metrics asked for
 * (https://aws.amazon.com/cloudwatch/pricing/). A message that was received three times and not deleted is left out:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 *
 * IAM: cloudwatch:GetMetricData, which knows no resources, on `*`.
 */
export function createQueueAges(
  client: CloudWatchClient,
  stage: string,
  clock: Pick<Clock, 'nowMs'>,
): QueueAges {
  return {
    async oldest(pipelineIds) {
      if (pipelineIds.length === 0) return new Map();
      const points = await readMetrics(
        client,
        pipelineIds.map((pipelineId) => ({ name: pipelineId, query: ageOf(stage, pipelineId) })),
        latestMinutes(clock.nowMs()),
      );
      // In order of time: the latest stays.
      return new Map(points.map(({ name, value }) => [name, value]));
    },
  };
}

function ageOf(stage: string, pipelineId: string) {
  const Metric = {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: [{ Name: 'QueueName', Value: pipelineNames(stage, pipelineId).queue }],
  };
  return { MetricStat: { Metric, Period: MINUTE_SECONDS, Stat: 'Maximum' } };
}

/** For emulators, which have no metrics of SQS: nothing is known. */
export const NO_QUEUE_AGES: QueueAges = { oldest: async () => new Map() };
