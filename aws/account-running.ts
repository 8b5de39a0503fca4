import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { latestMinutes, MINUTE_SECONDS, readMetrics } from './metric-data.ts';
import type { Clock } from './ports.ts';

/**
 * Calls of all functions of the account and region that ran at once, at most, in the latest minute that CloudWatch knows.
 * IAM: cloudwatch:GetMetricData on `*`. One metric: a thousandth of a cent.
 */
export async function readAccountRunning(
  client: CloudWatchClient,
  { nowMs }: Pick<Clock, 'nowMs'>,
): Promise<number | undefined> {
  const Metric = { Namespace: 'AWS/Lambda', MetricName: 'ConcurrentExecutions' };
  const query = { MetricStat: { Metric, Period: MINUTE_SECONDS, Stat: 'Maximum' } };
  const points = await readMetrics(client, [{ name: 'running', query }], latestMinutes(nowMs()));
  return points.at(-1)?.value;
}
