import type { SQSRecord } from 'aws-lambda';
import { CONSUMER_ENVIRONMENT } from '../core/consumer-code.ts';
import { type Call, withSignal } from './call.ts';
import type { Effects } from './effects.ts';
import { UnreadableTaskError } from './errors.ts';
import type { TaskOutcome } from './fate.ts';
import { createTaskLog, type TaskLog } from './log.ts';

/** What a handler knows of the task besides its body. */
export interface TaskContext {
  /** The task group. */
  readonly pipelineId: string;
  /** SQS's id of the message; the same at every attempt. */
  readonly messageId: string;
  /** 1 at the first. Counts receives, so now and then it is higher than the attempts that ran. */
  readonly attempt: number;
  /** When Lambda ends the call, epoch milliseconds. */
  readonly deadlineMs: number;
  /** Milliseconds until then, 0 or more. */
  remainingMs(): number;
  /** Aborts shortly before the deadline: stop and throw, and the task is retried. */
  readonly signal: AbortSignal;
  readonly log: TaskLog;
}

/**
 * A user's code for one task. Its returning deletes the message; its throwing leaves it for another attempt.
 * What it returns is not looked at.
 */
export type TaskHandler<Task> = (task: Task, context: TaskContext) => unknown;

/** How a task is known in logs. */
export interface TaskIds {
  readonly pipelineId: string;
  readonly messageId: string;
  readonly requestId: string;
  readonly attempt: number;
}

export function taskIds(record: SQSRecord, call: Call, effects: Effects): TaskIds {
  const ownId = effects.environment[CONSUMER_ENVIRONMENT.pipelineId];
  const queueName = record.eventSourceARN.slice(record.eventSourceARN.lastIndexOf(':') + 1);
  return {
    pipelineId: ownId ?? queueName,
    messageId: record.messageId,
    requestId: call.requestId,
    attempt: Number(record.attributes.ApproximateReceiveCount),
  };
}

/** Runs the handler on one message; whatever it does comes back as an outcome. */
export async function runTask<Task>(
  record: SQSRecord,
  handler: TaskHandler<Task>,
  call: Call,
  effects: Effects,
): Promise<TaskOutcome> {
  let task: Task;
  try {
    task = JSON.parse(record.body);
  } catch {
    // Without the parser's own error: it quotes the body.
    const error = new UnreadableTaskError(record.messageId, Buffer.byteLength(record.body));
    return { kind: 'unreadable', error };
  }
  const ids = taskIds(record, call, effects);
  const log = createTaskLog(effects.write, { ...ids });
  try {
    await withSignal(call, effects, async (signal) => {
      // Lambda ends a call without a word: say which task it was while there is time.
      signal.addEventListener('abort', () => log.warn('out of time: the task must stop now'));
      await handler(task, {
        pipelineId: ids.pipelineId,
        messageId: ids.messageId,
        attempt: ids.attempt,
        deadlineMs: call.deadlineMs,
        remainingMs: () => Math.max(0, call.deadlineMs - effects.nowMs()),
        signal,
        log,
      });
    });
    return { kind: 'returned' };
  } catch (error) {
    return { kind: 'threw', error };
  }
}
