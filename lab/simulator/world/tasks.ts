/** What a simulated task does; its body says so. */
export interface TaskBody {
  readonly taskId: string;
  readonly pipelineId: string;
  readonly seconds: number;
  /** Fails so many times before it succeeds; a poison task always fails. */
  readonly failures: number;
}

/** One attempt, stamped by the task itself. */
export interface TaskRun {
  readonly pipelineId: string;
  readonly taskId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly codeVersion: string;
  /** The invocation: a batch runs in one, task after task. */
  readonly requestId: string;
  readonly outcome: 'succeeded' | 'failed' | 'timedOut';
}

export interface TaskFate {
  readonly task: TaskBody;
  readonly acceptedAtMs: number;
  attempts: number;
  succeeded: boolean;
  /** Left SQS by itself, or was thrown away with a queue. */
  loss?: string;
}

/** What the metrics of a consumer and its queue count. */
export type Counted = 'calls' | 'errors' | 'throttled' | 'received' | 'done' | 'durationMs';

/** Every task that SQS accepted, and every attempt of it. */
export class TaskBook {
  readonly fates = new Map<string, TaskFate>();
  readonly runs: TaskRun[] = [];
  /** Told of whatever AWS counts, and of the moment that it counts for. */
  onCount: (functionName: string, atMs: number, what: Counted, more: number) => void = () => {};

  accepted(task: TaskBody, acceptedAtMs: number): void {
    this.fates.set(task.taskId, { task, acceptedAtMs, attempts: 0, succeeded: false });
  }

  ran(run: TaskRun): void {
    this.runs.push(run);
    const fate = this.fates.get(run.taskId);
    if (fate === undefined) return;
    fate.attempts += 1;
    if (run.outcome === 'succeeded') fate.succeeded = true;
  }

  lost(body: string, how: string): void {
    const fate = body.startsWith('{') ? this.fates.get(taskOf(body).taskId) : undefined;
    if (fate) fate.loss = how;
  }
}

export function taskOf(body: string): TaskBody {
  return JSON.parse(body) as TaskBody;
}
