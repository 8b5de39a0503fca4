import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { CONSUMER_ENVIRONMENT } from '../core/consumer-code.ts';
import { beginCall, type Call, type Invocation, withSignal } from './call.ts';
import type { Effects } from './effects.ts';
import { resolveEnvironment } from './environment.ts';
import { NotTasksError } from './errors.ts';
import { type Fate, fateOf, type TaskOutcome } from './fate.ts';
import { describeError, logLine } from './log.ts';
import { runTask, type TaskHandler, type TaskIds, taskIds } from './task.ts';
import { roomForTask } from './time-left.ts';

/** A Lambda handler for the events of a queue's event source mapping with ReportBatchItemFailures. */
export type ConsumerHandler = (event: SQSEvent, invocation: Invocation) => Promise<SQSBatchResponse>;

/** A handler that runs a batch's tasks one after another, in order, and answers which are to be seen again. */
export function createRuntime<Task>(handler: TaskHandler<Task>, effects: Effects): ConsumerHandler {
  let environmentReady = false;
  return async (event, invocation) => {
    const startedAtMs = effects.nowMs();
    const call = beginCall(invocation, startedAtMs);
    try {
      const records = recordsOf(event);
      if (!environmentReady) {
        await withSignal(call, effects, (signal) =>
          resolveEnvironment(effects.environment, effects.lookUp, signal),
        );
      }
      environmentReady = true;
      return await runBatch(records, handler, call, effects);
    } catch (error) {
      // A function that others have made has no pipelineId, and the line then none.
      const pipelineId = effects.environment[CONSUMER_ENVIRONMENT.pipelineId];
      const line = { sluice: 'call', level: 'error', pipelineId, requestId: call.requestId };
      const stamps = { startedAtMs, endedAtMs: effects.nowMs() };
      effects.write(logLine({ ...line, ...stamps }, { error: describeError(error) }));
      throw error;
    }
  };
}

/** @throws {NotTasksError} */
function recordsOf(event: unknown): readonly SQSRecord[] {
  const keys = typeof event === 'object' && event !== null ? Object.keys(event) : [];
  const records = keys.includes('Records') ? (event as { readonly Records: unknown }).Records : undefined;
  if (!Array.isArray(records) || records.some((record) => typeof record?.body !== 'string')) {
    throw new NotTasksError(keys.length === 0 ? typeof event : `an object with ${keys.join(', ')}`);
  }
  return records;
}

async function runBatch<Task>(
  records: readonly SQSRecord[],
  handler: TaskHandler<Task>,
  call: Call,
  effects: Effects,
): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  let longestTaskMs = 0;
  if (records.length === 0) {
    effects.write(logLine({ sluice: 'call', level: 'info', requestId: call.requestId, tasks: 0 }));
  }
  for (const record of records) {
    const startedAtMs = effects.nowMs();
    const remainingMs = call.deadlineMs - startedAtMs;
    const outcome: TaskOutcome = roomForTask({ remainingMs, marginMs: call.marginMs, longestTaskMs })
      ? await runTask(record, handler, call, effects)
      : { kind: 'notStarted' };
    const fate = fateOf(outcome);
    const endedAtMs = effects.nowMs();
    longestTaskMs = Math.max(longestTaskMs, endedAtMs - startedAtMs);
    if (fate !== 'done') batchItemFailures.push({ itemIdentifier: record.messageId });
    effects.write(outcomeLine(taskIds(record, call, effects), outcome, fate, startedAtMs, endedAtMs));
  }
  return { batchItemFailures };
}

/** The one line that every task of a call gets. Never holds the body. */
function outcomeLine(
  ids: TaskIds,
  outcome: TaskOutcome,
  fate: Fate,
  startedAtMs: number,
  endedAtMs: number,
): string {
  const line = { sluice: 'task', outcome: outcome.kind, fate, ...ids };
  const stamps = { startedAtMs, endedAtMs, durationMs: endedAtMs - startedAtMs };
  if (outcome.kind === 'returned') return logLine({ level: 'info', ...line, ...stamps });
  if (outcome.kind === 'notStarted') return logLine({ level: 'warn', ...line });
  return logLine({ level: 'error', ...line, ...stamps }, { error: describeError(outcome.error) });
}
