import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import pLimit from 'p-limit';
import { chunks } from '../core/chunks.ts';
import { AwsError, ask } from './errors.ts';

/** MetricDataQueries of one call: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html */
const QUERIES_PER_CALL = 500;
/** An account has 50 calls and 180,000 values a second: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const CALLS_AT_ONCE = 4;
const OPERATION = 'cloudwatch:GetMetricData';

/** A metric to read, and what the reader knows it by. */
export interface Wanted<Name> {
  readonly name: Name;
  readonly query: Omit<MetricDataQuery, 'Id'>;
}

/** A metric's value for the period that begins then. */
export interface Point<Name> {
  readonly name: Name;
  readonly atMs: number;
  readonly value: number;
}

/** Whole periods; the end is not included. */
export interface Span {
  readonly StartTime: Date;
  readonly EndTime: Date;
}

const MINUTE_MS = 60_000;
/** CloudWatch is told of a minute some minutes late. */
const LATE_MINUTES = 5;

/** A metric by the minute, ... */
export const MINUTE_SECONDS = MINUTE_MS / 1000;

/** ... and the minutes of which the latest is known by now. */
export function latestMinutes(nowMs: number): Span {
  return { StartTime: new Date(nowMs - LATE_MINUTES * MINUTE_MS), EndTime: new Date(nowMs) };
}

/**
 * Reads any number of metrics: 500 a call, some calls at once, each as many times as it has pages (a page holds
 * at most 100,800 values).
 * @throws {AwsError} also where CloudWatch answers but for one metric with an error: what could not be read must
 *   not look like what did not happen
 */
export async function readMetrics<Name>(
  client: CloudWatchClient,
  wanted: readonly Wanted<Name>[],
  span: Span,
): Promise<Point<Name>[]> {
  const limit = pLimit(CALLS_AT_ONCE);
  const points = await Promise.all(
    chunks(wanted, QUERIES_PER_CALL).map((some) => limit(() => readSome(client, some, span))),
  );
  return points.flat();
}

async function readSome<Name>(
  client: CloudWatchClient,
  wanted: readonly Wanted<Name>[],
  span: Span,
): Promise<Point<Name>[]> {
  const byId = new Map(wanted.map((one, at) => [`m${at}`, one])); // an id begins with a small letter
  const MetricDataQueries = [...byId].map(([Id, { query }]) => ({ Id, ...query }));
  const points: Point<Name>[] = [];
  const failed = new Map<string, MetricDataResult>();
  let NextToken: string | undefined;
  do {
    const input = { ...span, MetricDataQueries, ScanBy: 'TimestampAscending' as const, NextToken };
    const page = await ask(OPERATION, client.send(new GetMetricDataCommand(input)), (output) => output);
    for (const result of page.MetricDataResults ?? []) {
      const { Id = '', Timestamps = [], Values = [], StatusCode } = result;
      const one = byId.get(Id);
      if (one === undefined) continue;
      // A later page may still bring what this one could not.
      if (StatusCode === 'InternalError' || StatusCode === 'Forbidden') failed.set(Id, result);
      else failed.delete(Id);
      for (const [at, value] of Values.entries()) {
        points.push({ name: one.name, atMs: Number(Timestamps[at]), value });
      }
    }
    NextToken = page.NextToken;
  } while (NextToken);
  for (const result of failed.values()) throw unreadable(result, byId.get(result.Id ?? '')?.query);
  return points;
}

function unreadable({ StatusCode, Messages = [] }: MetricDataResult, query?: Omit<MetricDataQuery, 'Id'>) {
  const { MetricName, Dimensions = [] } = query?.MetricStat?.Metric ?? {};
  const metric = [MetricName, ...Dimensions.map(({ Value }) => Value)].join(' of ');
  return new AwsError({
    code: StatusCode ?? 'Unknown',
    message: [`${metric} cannot be read`, ...Messages.map(({ Value }) => Value)].join(': '),
    operation: OPERATION,
    requestId: undefined,
    retryable: StatusCode === 'InternalError',
    cause: undefined,
  });
}
