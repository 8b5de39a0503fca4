import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import pLimit from 'p-limit';
import { readTold, type Told } from '../core/events/event-line.ts';
import { AwsError } from './errors.ts';
import { jsonIn, readWrittenLines } from './log-lines.ts';

/** A line of one of the stage's own functions. */
export interface FunctionLine extends Told {
  readonly isTrouble: boolean;
}

/** FilterLogEvents has a quota of some calls a second: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const GROUPS_AT_ONCE = 2;

/** Which the functions' JSON lines all have: aws/telemetry.ts writes it as their service. */
const ANY_LINE = 'sluice';

/**
 * What functions have written since then, in no order. One that has written nothing yet has no log group.
 * IAM: logs:FilterLogEvents on the functions' log groups.
 * @param pattern CloudWatch's, of the lines that are wanted; by default all
 */
export async function readFunctionLines(
  logs: CloudWatchLogsClient,
  functionNames: readonly string[],
  sinceMs: number,
  pattern = ANY_LINE,
): Promise<FunctionLine[]> {
  const limit = pLimit(GROUPS_AT_ONCE);
  const all = await Promise.all(
    functionNames.map((name) => limit(() => linesOf(logs, name, sinceMs, pattern))),
  );
  return all.flat();
}

async function linesOf(
  logs: CloudWatchLogsClient,
  functionName: string,
  sinceMs: number,
  pattern: string,
): Promise<FunctionLine[]> {
  const query = { logGroup: `/aws/lambda/${functionName}`, fromMs: sinceMs, pattern };
  try {
    const lines = await readWrittenLines(logs, query);
    return lines.flatMap(({ text, atMs }) => {
      const line = jsonIn(text);
      const told = line && readTold(line, atMs);
      return told === undefined ? [] : [{ ...told, isTrouble: line?.level !== 'INFO' }];
    });
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return [];
    throw error;
  }
}
