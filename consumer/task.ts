import type { SQSRecord } from 'aws-lambda';
import { CONSUMER_ENVIRONMENT } from '../core/consumer-code.ts';
import type { Attempt } from './attempts.ts';
import type { CountedTask } from './burst.ts';
import type { Call } from './call.ts';
import type { Effects } from './effects.ts';
import { UnreadableTaskError } from './errors.ts';
import type { TaskOutcome, Waits } from './fate.ts';
import { createTaskLog, type TaskLog } from './log.ts';
import type { Message } from './message.ts';
import type { Claim } from './once.ts';

/** What a handler knows of the task besides its body. */
export interface TaskContext {
  /** The task group. */
  readonly pipelineId: string;
  /** SQS's id of the message; the same at every attempt. */
  readonly messageId: string;
  /** 1 at the first; what was given back, throttled or never started is none. While nobody can count: the receives. */
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
 * A user's code for one task. Its returning deletes the message; its throwing leaves it for another attempt, unless it
 * throws `Drop`, `DeadLetter`, `RetryLater` or `Throttled`. What it returns is not looked at.
 */
export type TaskHandler<Task> = (task: Task, context: TaskContext) => unknown;

/** How a task is known in logs. */
export interface TaskIds {
  readonly pipelineId: string;
  readonly messageId: string;
  readonly requestId: string;
}

/** What came of one message in a call. */
export interface TaskRun {
  readonly outcome: TaskOutcome;
  /** Absent where none began. */
  readonly attempt?: Attempt;
  /** It waits as its whole group does: what is behind it in its batch need not ask. */
  readonly groupWaits?: Waits;
  /** Its key, where the record has one. */
  readonly claim?: Claim;
  /** Where its burst counts it. */
  readonly counted?: CountedTask;
  /** When it had started before in this receive, and the other side refused it; epoch milliseconds. */
  readonly refusedAtMs?: readonly number[];
  /** Of the handler, epoch milliseconds; of its last start, where the other side refused it before. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

export function taskIds(record: SQSRecord, messageId: string, call: Call, effects: Effects): TaskIds {
  const ownId = effects.environment[CONSUMER_ENVIRONMENT.pipelineId];
  return { pipelineId: ownId ?? queueNameOf(record), messageId, requestId: call.requestId };
}

/** Of `arn:aws:sqs:<region>:<account>:<name>`. */
export function queueNameOf({ eventSourceARN }: SQSRecord): string {
  return eventSourceARN.slice(eventSourceARN.lastIndexOf(':') + 1);
}

/** A message whose handler was not called. */
export function notRun(outcome: TaskOutcome, effects: Effects): TaskRun {
  const nowMs = effects.nowMs();
  return { outcome, startedAtMs: nowMs, endedAtMs: nowMs };
}

/** A task's body, or that it has none. */
export type Body<Task> =
  | { readonly kind: 'read'; readonly task: Task }
  | (TaskOutcome & { readonly kind: 'unreadable' });

export function bodyOf<Task>(record: SQSRecord): Body<Task> {
  try {
    return { kind: 'read', task: JSON.parse(record.body) };
  } catch {
    // Without the parser's own error: it quotes the body.
    const error = new UnreadableTaskError(record.messageId, Buffer.byteLength(record.body));
    return { kind: 'unreadable', error };
  }
}

/** @param signal aborts when the task must stop; its log says so then */
export function contextOf(
  ids: TaskIds,
  message: Message,
  attempt: Attempt,
  call: Call,
  effects: Effects,
  signal: AbortSignal,
): TaskContext {
  const number = attempt.number ?? message.receives;
  return {
    pipelineId: ids.pipelineId,
    messageId: ids.messageId,
    attempt: number,
    deadlineMs: call.deadlineMs,
    remainingMs: () => Math.max(0, call.deadlineMs - effects.nowMs()),
    signal,
    log: createTaskLog(effects.write, { ...ids, attempt: number }),
  };
}
