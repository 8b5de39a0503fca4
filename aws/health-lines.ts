import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import { LAMBDA_TIMEOUT_MAX_SECONDS } from '../core/aws-limits.ts';
import { createDurations } from '../core/burst/durations.ts';
import { type HealthSample, NO_CALLS } from '../core/release/health.ts';
import { readDeadLetters, withNow } from './dead-letters.ts';
import { type LogLine, readJsonLines } from './log-lines.ts';
import type { Clock, HealthReports, TaskQueues } from './ports.ts';

export interface HealthLinesOptions {
  readonly logs: CloudWatchLogsClient;
  readonly queues: Pick<TaskQueues, 'find' | 'read'>;
  /** The one that all consumers share. */
  readonly logGroup: string;
  readonly stage: string;
  readonly clock: Pick<Clock, 'nowMs'>;
}

const SECOND_MS = 1_000;
/** A span that ended less than this ago ends now. */
const NOW_MS = 5_000;

/**
 * For emulators, which have no metrics of Lambda and SQS: adds up what the runtime logs of each task
 * (consumer/runtime.ts). Samples are seconds; a task counts whole in the second in which it started, each attempt
 * anew. Where the span ends now, a sample of no length at its end has the dead letters that are there.
 *
 * Otherwise than in the metrics,
 * - a task counts as one call, whatever its batch, and takes what it took without the runtime around it
 * - tasks given back, for want of time or because they asked for it, were neither received nor fail
 * - a call that failed before its tasks, as for want of a reference, is an error and no task
 * - nothing is ever throttled
 * - a task that ran out of time, or whose process ended, has left no line, nor has code that could not be loaded:
 *   they are seen once their messages are dead letters
 *
 * IAM: logs:FilterLogEvents on the group, sqs:GetQueueUrl and sqs:GetQueueAttributes on the queues.
 */
export function createHealthLines(options: HealthLinesOptions): HealthReports {
  const { clock, queues, stage } = options;
  return {
    async read(pipelineIds, fromMs, toMs) {
      if (pipelineIds.length === 0) return new Map();
      const endsNow = toMs > clock.nowMs() - NOW_MS;
      const [events, deadLetters] = await Promise.all([
        eventsIn(options, fromMs, toMs),
        endsNow ? readDeadLetters(queues, stage, pipelineIds, toMs) : new Map<string, HealthSample>(),
      ]);
      const samples = new Map([...secondsOf(events)].map(([id, ofOne]) => [id, inOrder(ofOne)]));
      return withNow(pipelineIds, samples, deadLetters);
    },
    async callTimes(pipelineId, fromMs, toMs) {
      const times = createDurations();
      for (const { pipelineId: whose, sluice, startedAtMs, endedAtMs } of await eventsIn(
        options,
        fromMs,
        toMs,
      )) {
        if (whose === pipelineId && sluice === 'task') times.add(endedAtMs - startedAtMs);
      }
      const calls = times.tasks();
      if (calls === 0) return undefined;
      return { calls, meanSeconds: times.meanMs() / 1000, p95Seconds: times.p95Ms() / 1000 };
    },
  };
}

/** What began within the span. */
async function eventsIn(
  { logs, logGroup }: HealthLinesOptions,
  fromMs: number,
  toMs: number,
): Promise<Event[]> {
  const lines = await readJsonLines(logs, {
    logGroup,
    fromMs,
    // A line comes when its call is over.
    toMs: toMs + LAMBDA_TIMEOUT_MAX_SECONDS * SECOND_MS,
    pattern: 'sluice',
  });
  return lines.flatMap(eventOf).filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs < toMs);
}

function inOrder(seconds: ReadonlyMap<number, HealthSample>): readonly HealthSample[] {
  return [...seconds.values()].sort((a, b) => a.atMs - b.atMs);
}

const started = { pipelineId: z.string(), startedAtMs: z.number(), endedAtMs: z.number() };
/** What the runtime writes of a task that ran, and of a call that ended in an error. */
const eventSchema = z.union([
  z.object({ sluice: z.literal('task'), fate: z.enum(['done', 'retry', 'deadLetter']), ...started }),
  z.object({ sluice: z.literal('call'), level: z.literal('error'), ...started }),
]);
type Event = z.output<typeof eventSchema>;

function eventOf(line: LogLine): Event[] {
  const parsed = eventSchema.safeParse(line);
  return parsed.success ? [parsed.data] : [];
}

function secondsOf(events: readonly Event[]): Map<string, Map<number, HealthSample>> {
  const byPipeline = new Map<string, Map<number, HealthSample>>();
  for (const event of events) {
    const seconds = byPipeline.get(event.pipelineId) ?? new Map<number, HealthSample>();
    byPipeline.set(event.pipelineId, seconds);
    const atMs = Math.floor(event.startedAtMs / SECOND_MS) * SECOND_MS;
    seconds.set(atMs, withEvent(seconds.get(atMs) ?? { atMs, spanMs: SECOND_MS, ...NO_CALLS }, event));
  }
  return byPipeline;
}

function withEvent(sample: HealthSample, event: Event): HealthSample {
  const isTask = event.sluice === 'task';
  return {
    ...sample,
    calls: sample.calls + 1,
    errors: sample.errors + (isTask ? 0 : 1),
    received: sample.received + (isTask ? 1 : 0),
    done: sample.done + (isTask && event.fate === 'done' ? 1 : 0),
    failed: (sample.failed ?? 0) + (isTask && event.fate !== 'done' ? 1 : 0),
    durationMs: sample.durationMs + event.endedAtMs - event.startedAtMs,
  };
}
