import type { SQSRecord } from 'aws-lambda';
import { CONSUMER_ENVIRONMENT } from '../core/consumer-code.ts';
import { type Attempt, beginAttempt, maxAttemptsOf, receivesOf } from './attempts.ts';
import { type Call, tasksEndMs, withSignal } from './call.ts';
import type { Effects } from './effects.ts';
import { UnreadableTaskError } from './errors.ts';
import type { TaskOutcome } from './fate.ts';
import { createTaskLog, type TaskLog } from './log.ts';
import { outcomeOfThrown } from './thrown.ts';

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
 * throws `Drop`, `DeadLetter` or `RetryLater`. What it returns is not looked at.
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
  /** Of the handler, epoch milliseconds. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

export function taskIds(record: SQSRecord, call: Call, effects: Effects): TaskIds {
  const ownId = effects.environment[CONSUMER_ENVIRONMENT.pipelineId];
  return { pipelineId: ownId ?? queueNameOf(record), messageId: record.messageId, requestId: call.requestId };
}

/** Of `arn:aws:sqs:<region>:<account>:<name>`. */
export function queueNameOf({ eventSourceARN }: SQSRecord): string {
  return eventSourceARN.slice(eventSourceARN.lastIndexOf(':') + 1);
}

/** Runs the handler on one message, if it may; whatever comes of it is an outcome. */
export async function runTask<Task>(
  record: SQSRecord,
  handler: TaskHandler<Task>,
  call: Call,
  effects: Effects,
): Promise<TaskRun> {
  const body = parse<Task>(record);
  if (body.kind === 'unreadable') return notRun(body, effects);
  return withSignal(tasksEndMs(call), effects, async (signal) => {
    const attempt = await beginAttempt(record, effects, signal);
    if ((attempt.number ?? 0) > maxAttemptsOf(effects.environment)) {
      return { ...notRun({ kind: 'exhausted' }, effects), attempt };
    }
    const context = contextOf(record, attempt, call, effects, signal);
    // Lambda ends a call without a word: say which task it was while there is time.
    signal.addEventListener('abort', () => context.log.warn('out of time: the task must stop now'));
    const startedAtMs = effects.nowMs();
    const outcome = await outcomeOf(() => handler(body.task, context));
    return { outcome, attempt, startedAtMs, endedAtMs: effects.nowMs() };
  });
}

/** A message whose handler was not called. */
export function notRun(outcome: TaskOutcome, effects: Effects): TaskRun {
  const nowMs = effects.nowMs();
  return { outcome, startedAtMs: nowMs, endedAtMs: nowMs };
}

function parse<Task>(
  record: SQSRecord,
): { readonly kind: 'read'; readonly task: Task } | (TaskOutcome & { readonly kind: 'unreadable' }) {
  try {
    return { kind: 'read', task: JSON.parse(record.body) };
  } catch {
    // Without the parser's own error: it quotes the body.
    const error = new UnreadableTaskError(record.messageId, Buffer.byteLength(record.body));
    return { kind: 'unreadable', error };
  }
}

function contextOf(
  record: SQSRecord,
  { number: counted }: Attempt,
  call: Call,
  effects: Effects,
  signal: AbortSignal,
): TaskContext {
  const ids = taskIds(record, call, effects);
  const attempt = counted ?? receivesOf(record);
  return {
    pipelineId: ids.pipelineId,
    messageId: ids.messageId,
    attempt,
    deadlineMs: call.deadlineMs,
    remainingMs: () => Math.max(0, call.deadlineMs - effects.nowMs()),
    signal,
    log: createTaskLog(effects.write, { ...ids, attempt }),
  };
}

async function outcomeOf(run: () => unknown): Promise<TaskOutcome> {
  try {
    await run();
    return { kind: 'returned' };
  } catch (error) {
    return outcomeOfThrown(error);
  }
}
