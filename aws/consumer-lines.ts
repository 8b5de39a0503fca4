import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import { pipelineNames } from '../core/names.ts';
import { jsonIn, type LogLine, readWrittenLines, type WrittenLine } from './log-lines.ts';

export interface ConsumerLinesOptions {
  readonly logs: CloudWatchLogsClient;
  readonly stage: string;
  /** The one that all consumers share. */
  readonly logGroup: string;
  /** An emulator does not name log streams by their function: lines are then known by the `pipelineId` they hold. */
  readonly isLocal: boolean;
}

/** What Lambda itself writes of each call. */
const PLATFORM = /^(START|END|REPORT|INIT_START|RESTORE_START|EXTENSION)\b/;
const DAY_MS = 86_400_000;

/**
 * What the consumers of one pipeline have written, the oldest first, each line with `atMs`, when that was. What is no JSON
 * has the line as its `message`.
 *
 * Streams of a log group that functions share are named `YYYY/MM/DD/<function>[<version>]<environment>`, by the day on which
 * the environment began (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html), so a
 * pipeline's lines are found without reading those of all others: a call for each day, and one for the day before.
 * IAM: logs:FilterLogEvents on the group.
 * @param pattern only lines in which this word is
 */
export async function readConsumerLines(
  { logs, stage, logGroup, isLocal }: ConsumerLinesOptions,
  pipelineId: string,
  fromMs: number,
  toMs: number,
  pattern?: string,
): Promise<LogLine[]> {
  const span = { logGroup, fromMs, toMs, ...(pattern !== undefined && { pattern }) };
  if (isLocal) {
    const lines = await readWrittenLines(logs, { pattern: 'sluice', ...span });
    return lines.map(lineOf).filter((line) => line.pipelineId === pipelineId);
  }
  const name = pipelineNames(stage, pipelineId).function;
  const days = daysOf(fromMs - DAY_MS, toMs).map((day) => `${day}/${name}[`);
  const all = await Promise.all(
    days.map((streamPrefix) => readWrittenLines(logs, { ...span, streamPrefix })),
  );
  return all
    .flat()
    .filter(({ text }) => !PLATFORM.test(text))
    .sort((a, b) => a.atMs - b.atMs)
    .map(lineOf);
}

/**
 * The last call since then that failed of this error before any task began, as the runtime writes it down; undefined: none.
 * @param errorName a single word, which is what is looked for
 */
export async function readLastFailure(
  options: ConsumerLinesOptions,
  pipelineId: string,
  errorName: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<{ readonly atMs: number; readonly message: string } | undefined> {
  const lines = await readConsumerLines(options, pipelineId, fromMs, toMs, errorName);
  const failures = lines.flatMap((line) => {
    const parsed = failureSchema.safeParse(line);
    return parsed.success && parsed.data.error.name === errorName ? [parsed.data] : [];
  });
  const last = failures.at(-1);
  return last && { atMs: last.atMs, message: last.error.message };
}

const failureSchema = z.object({
  sluice: z.literal('call'),
  atMs: z.number(),
  error: z.object({ name: z.string(), message: z.string() }),
});

function lineOf({ atMs, text }: WrittenLine): LogLine {
  return { ...(jsonIn(text) ?? { message: text.trimEnd() }), atMs };
}

/** The days of a span, UTC, as log streams are named by them. */
function daysOf(fromMs: number, toMs: number): string[] {
  const [first, last] = [Math.floor(fromMs / DAY_MS), Math.floor(toMs / DAY_MS)];
  return Array.from({ length: last - first + 1 }, (_, at) =>
    new Date((first + at) * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '/'),
  );
}
