import type { SQSRecord } from 'aws-lambda';
import { CONSUMER_ENVIRONMENT, DUE_ATTRIBUTE } from '../core/consumer-code.ts';
import type { Effects } from './effects.ts';
import { CALLED, type Fate, type TaskOutcome } from './fate.ts';
import { messageOf, textAttribute } from './message.ts';
import type { TaskRun } from './task.ts';

/** What the tasks of one call came to, for CloudWatch: one line in its embedded metric format. */
export interface CallMetrics {
  add(record: SQSRecord, run: TaskRun, fate: Fate): void;
  write(): void;
}

const COUNTS = ['Started', 'Done', 'Failed', 'DeadLettered', 'Throttled', 'Held', 'Waited'] as const;
const TIMES = ['Latency', 'Wait'] as const;

/**
 * CloudWatch takes so many values of a metric from one line:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
const VALUES_OF_A_LINE = 100;

const WAITED: ReadonlySet<TaskOutcome['kind']> = new Set(['held', 'early', 'busy', 'unready', 'notStarted']);

/**
 * Latency is measured from the moment that a task was first due until it is over, whatever kept it: failures, time-outs,
 * holds and waits in the queue included.
 */
export function createCallMetrics(effects: Effects): CallMetrics {
  const counts: Partial<Record<(typeof COUNTS)[number], number>> = {};
  const times: Record<(typeof TIMES)[number], number[]> = { Latency: [], Wait: [] };
  const count = (name: (typeof COUNTS)[number], times = 1) => {
    if (times > 0) counts[name] = (counts[name] ?? 0) + times;
  };

  return {
    add(record, { outcome, attempt, refusedAtMs = [], startedAtMs, endedAtMs }, fate) {
      const dueMs = dueMsOf(record) ?? startedAtMs;
      count('Started', refusedAtMs.length + (CALLED.has(outcome.kind) ? 1 : 0));
      count('Throttled', refusedAtMs.length + (outcome.kind === 'throttled' ? 1 : 0));
      if (outcome.kind === 'threw') count('Failed');
      if (outcome.kind === 'held') count('Held');
      if (WAITED.has(outcome.kind)) count('Waited');
      if (CALLED.has(outcome.kind) && attempt?.number === 1)
        times.Wait.push(Math.max(0, (refusedAtMs[0] ?? startedAtMs) - dueMs));
      // The task that a duplicate repeats has been counted.
      if (outcome.kind === 'duplicate' || (fate.kind !== 'done' && fate.kind !== 'deadLetter')) return;
      count(fate.kind === 'done' ? 'Done' : 'DeadLettered');
      times.Latency.push(Math.max(0, endedAtMs - dueMs));
    },
    write() {
      const stage = effects.environment[CONSUMER_ENVIRONMENT.stage];
      if (stage === undefined) return;
      const pipelineId = effects.environment[CONSUMER_ENVIRONMENT.pipelineId];
      const dimensions = { service: 'consumer', stage };
      for (let from = 0; ; from += VALUES_OF_A_LINE) {
        const values = {
          ...(from === 0 && counts),
          ...valuesOf('Latency', times.Latency, from),
          ...valuesOf('Wait', times.Wait, from),
        };
        if (Object.keys(values).length === 0) return;
        effects.write(JSON.stringify(embedded(values, dimensions, { pipelineId }, effects.nowMs())));
      }
    },
  };
}

function valuesOf(name: string, times: readonly number[], from: number): Record<string, number[]> {
  const part = times.slice(from, from + VALUES_OF_A_LINE);
  return part.length === 0 ? {} : { [name]: part };
}

function embedded(
  values: Readonly<Record<string, number | readonly number[]>>,
  dimensions: Readonly<Record<string, string>>,
  properties: Readonly<Record<string, unknown>>,
  nowMs: number,
) {
  const Metrics = Object.entries(values).map(([Name, value]) => ({
    Name,
    Unit: Array.isArray(value) ? 'Milliseconds' : 'Count',
  }));
  return {
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [{ Namespace: 'Sluice', Dimensions: [Object.keys(dimensions)], Metrics }],
    },
    sluice: 'metrics',
    ...dimensions,
    ...properties,
    ...values,
  };
}

/**
 * When a task was first due, epoch milliseconds: what sends with a delay says so, as SQS does not. A dead letter that
 * was sent again is due then.
 */
function dueMsOf(record: SQSRecord): number | undefined {
  const { firstSentAtMs } = messageOf(record);
  const said = Number(textAttribute(record, DUE_ATTRIBUTE));
  return said > 0 ? Math.max(said, firstSentAtMs ?? 0) : firstSentAtMs;
}
