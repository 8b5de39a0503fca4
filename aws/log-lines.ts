import {
  CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Connection } from './clients.ts';
import { ask } from './errors.ts';

/** Most lines of one page: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
const PAGE_LINES = 10_000;

export type LogLine = Readonly<Record<string, unknown>>;

/** Which lines to read. */
export interface LogQuery {
  readonly logGroup: string;
  /** When they came to CloudWatch Logs, epoch milliseconds, both included. */
  readonly fromMs: number;
  readonly toMs?: number;
  /** CloudWatch's pattern; a single word is what every endpoint understands alike. */
  readonly pattern?: string;
}

/**
 * All JSON lines that functions of a log group have written since then.
 * IAM: logs:FilterLogEvents on the group.
 * @param sinceMs epoch milliseconds
 */
export async function readLogLines(
  { endpoint, region, accessKeyId, secretAccessKey }: Connection,
  logGroup: string,
  sinceMs: number,
): Promise<LogLine[]> {
  const credentials = { accessKeyId, secretAccessKey };
  const client = new CloudWatchLogsClient({ endpoint, region, credentials });
  try {
    return await readJsonLines(client, { logGroup, fromMs: sinceMs });
  } finally {
    client.destroy();
  }
}

/** Reads JSON lines in order of time; as many calls as pages. */
export async function readJsonLines(client: CloudWatchLogsClient, query: LogQuery): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let from: Start | undefined = { startTime: query.fromMs };
  while (from !== undefined) {
    const { events, nextToken } = await readPage(client, query, from);
    const next: Start | undefined = nextToken ? { ...from, nextToken } : unsaid(events);
    for (const { message = '', timestamp = 0 } of events) {
      if (nextToken || next === undefined || timestamp < next.startTime) lines.push(...jsonOf(message));
    }
    from = next;
  }
  return lines;
}

/** Where a page begins. */
interface Start {
  readonly startTime: number;
  readonly nextToken?: string;
}

function readPage(client: CloudWatchLogsClient, { logGroup, toMs, pattern }: LogQuery, from: Start) {
  const span = { logGroupName: logGroup, endTime: toMs, filterPattern: pattern, limit: PAGE_LINES, ...from };
  return ask(
    'logs:FilterLogEvents',
    client.send(new FilterLogEventsCommand(span)),
    ({ events = [], nextToken }) => ({ events, nextToken }),
  );
}

/**
 * CloudWatch gives a token while there is more. An emulator ends after a full page without one: the lines of its
 * last millisecond are then read again, with those that follow.
 */
function unsaid(events: readonly FilteredLogEvent[]): Start | undefined {
  if (events.length < PAGE_LINES) return undefined;
  const firstMs = events[0]?.timestamp ?? 0;
  const lastMs = events.at(-1)?.timestamp ?? 0;
  return { startTime: lastMs > firstMs ? lastMs : lastMs + 1 };
}

/** A line may hold Lambda's own words around or instead of JSON. */
function jsonOf(message: string): LogLine[] {
  const start = message.indexOf('{');
  if (start < 0) return [];
  try {
    return [JSON.parse(message.slice(start)) as LogLine];
  } catch {
    return [];
  }
}
