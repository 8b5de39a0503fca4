import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { CONSUMER_ENVIRONMENT } from '../core/consumer-code.ts';
import { receivesOf } from './attempts.ts';
import { beginCall, type Call, type Invocation, tasksEndMs, withSignal } from './call.ts';
import type { Effects } from './effects.ts';
import { resolveEnvironment } from './environment.ts';
import { NotTasksError } from './errors.ts';
import { describeError, logLine } from './log.ts';
import { type Settled, settle } from './settle.ts';
import { notRun, runTask, type TaskHandler, type TaskRun, taskIds } from './task.ts';
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
        await withSignal(tasksEndMs(call), effects, (signal) =>
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
    const receivedAtMs = effects.nowMs();
    const remainingMs = call.deadlineMs - receivedAtMs;
    const run = roomForTask({ remainingMs, marginMs: call.marginMs, longestTaskMs })
      ? await runTask(record, handler, call, effects)
      : notRun({ kind: 'notStarted' }, effects);
    const settled = await settle(record, run, call, effects);
    longestTaskMs = Math.max(longestTaskMs, effects.nowMs() - receivedAtMs);
    const isOver = settled.fate.kind === 'done' || settled.fate.kind === 'deadLetter';
    if (!isOver) batchItemFailures.push({ itemIdentifier: record.messageId });
    writeLines(record, run, settled, call, effects);
  }
  return { batchItemFailures };
}

/** One line for the task, and one for whatever did not work around it. Never with the body. */
function writeLines(record: SQSRecord, run: TaskRun, settled: Settled, call: Call, effects: Effects): void {
  const { outcome, startedAtMs, endedAtMs } = run;
  const { kind: fate, ...more } = settled.fate;
  const ids = {
    ...taskIds(record, call, effects),
    ...(run.attempt?.number !== undefined && { attempt: run.attempt.number }),
    receives: receivesOf(record),
  };
  const line = {
    level: LEVELS[outcome.kind],
    sluice: 'task',
    outcome: outcome.kind,
    fate,
    ...('reason' in outcome && { reason: outcome.reason }),
    ...more,
    ...ids,
    ...(outcome.kind !== 'notStarted' && { startedAtMs, endedAtMs, durationMs: endedAtMs - startedAtMs }),
  };
  effects.write(logLine(line, 'error' in outcome ? { error: describeError(outcome.error) } : {}));
  for (const { text, error } of settled.problems) {
    const problem = { level: 'warn', sluice: 'problem', message: text, ...ids };
    effects.write(logLine(problem, error === undefined ? {} : { error: describeError(error) }));
  }
}

const LEVELS = {
  returned: 'info',
  dropped: 'info',
  postponed: 'info',
  notStarted: 'warn',
  threw: 'error',
  gaveUp: 'error',
  exhausted: 'error',
  unreadable: 'error',
} as const;
