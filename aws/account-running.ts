import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { readMetrics } from './metric-data.ts';
import type { Clock } from './ports.ts';

const MINUTE_MS = 60_000;
/** A minute is told of some minutes late. */
const LOOK_BACK_MS = 5 * MINUTE_MS;

/**
 * Calls of all functions of the account and region that ran at once, at most, in the latest minute that CloudWatch knows.
 * IAM: cloudwatch:GetMetricData on `*`. One metric: a thousandth of a cent.
 */
export async function readAccountRunning(
  client: CloudWatchClient,
  { nowMs }: Pick<Clock, 'nowMs'>,
): Promise<number | undefined> {
  const endMs = nowMs();
  const Metric = { Namespace: 'AWS/Lambda', MetricName: 'ConcurrentExecutions' };
  const query = { MetricStat: { Metric, Period: MINUTE_MS / 1000, Stat: 'Maximum' } };
  const span = { StartTime: new Date(endMs - LOOK_BACK_MS), EndTime: new Date(endMs) };
  const points = await readMetrics(client, [{ name: 'running', query }], span);
  return points.at(-1)?.value;
}
