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
  /** Only of log streams whose names begin so. */
  readonly streamPrefix?: string;
}

/** A line as it was written. */
export interface WrittenLine {
  /** When it was, as CloudWatch Logs knows it, epoch milliseconds. */
  readonly atMs: number;
  readonly text: string;
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
  const lines = await readWrittenLines(client, query);
  return lines.map(({ text }) => jsonIn(text)).filter((line) => line !== undefined);
}

/** Reads lines in order of time; as many calls as pages. */
export async function readWrittenLines(
  client: CloudWatchLogsClient,
  query: LogQuery,
): Promise<WrittenLine[]> {
  const lines: WrittenLine[] = [];
  let from: Start | undefined = { startTime: query.fromMs };
  while (from !== undefined) {
    const { events, nextToken } = await readPage(client, query, from);
    const next: Start | undefined = nextToken ? { ...from, nextToken } : unsaid(events);
    for (const { message = '', timestamp = 0 } of events) {
      const isFirstSeen = nextToken || next === undefined || timestamp < next.startTime;
      if (isFirstSeen) lines.push({ atMs: timestamp, text: message });
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

function readPage(
  client: CloudWatchLogsClient,
  { logGroup, toMs, pattern, streamPrefix }: LogQuery,
  from: Start,
) {
  const span = {
    logGroupName: logGroup,
    endTime: toMs,
    filterPattern: pattern,
    logStreamNamePrefix: streamPrefix,
    limit: PAGE_LINES,
    ...from,
  };
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

/** What a line says in JSON, though it may hold Lambda's own words around or instead of it; undefined: nothing. */
export function jsonIn(text: string): LogLine | undefined {
  const start = text.indexOf('{');
  if (start < 0) return undefined;
  try {
    return JSON.parse(text.slice(start)) as LogLine;
  } catch {
    return undefined;
  }
}
