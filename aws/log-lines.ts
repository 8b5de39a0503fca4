import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { Connection } from './clients.ts';

/**
 * All JSON lines that functions of a log group, or of groups with this prefix, have written since then.
 * IAM: logs:FilterLogEvents on the groups, logs:DescribeLogGroups.
 * @param sinceMs epoch milliseconds
 */
export async function readLogLines(
  connection: Connection,
  logGroup: string,
  sinceMs: number,
): Promise<Readonly<Record<string, unknown>>[]> {
  const { endpoint, region, accessKeyId, secretAccessKey } = connection;
  const client = new CloudWatchLogsClient({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
  });
  const lines: Record<string, unknown>[] = [];
  const pages = paginateFilterLogEvents({ client }, { logGroupName: logGroup, startTime: sinceMs });
  for await (const { events = [] } of pages) {
    for (const { message = '' } of events) lines.push(...jsonOf(message));
  }
  client.destroy();
  return lines;
}

/** A line may hold Lambda's own words around or instead of JSON. */
function jsonOf(message: string): Record<string, unknown>[] {
  const start = message.indexOf('{');
  if (start < 0) return [];
  try {
    return [JSON.parse(message.slice(start)) as Record<string, unknown>];
  } catch {
    return [];
  }
}
