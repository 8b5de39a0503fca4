import type { SQSRecord } from 'aws-lambda';
import type { Call } from './call.ts';
import type { Effects } from './effects.ts';
import { CALLED, type TaskOutcome } from './fate.ts';
import { describeError, logLine, problemReporter } from './log.ts';
import { messageOf } from './message.ts';
import type { Settled } from './settle.ts';
import { type TaskRun, taskIds } from './task.ts';

/** One line for the task, and one for whatever did not work around it. Never with the body. */
export function writeTaskLines(
  record: SQSRecord,
  run: TaskRun,
  settled: Settled,
  call: Call,
  effects: Effects,
): void {
  const { outcome, startedAtMs, endedAtMs } = run;
  const { kind: fate, ...more } = settled.fate;
  const { id, receives } = messageOf(record);
  const ids = {
    ...taskIds(record, id, call, effects),
    ...(run.attempt?.number !== undefined && { attempt: run.attempt.number }),
    receives,
  };
  const line = {
    level: LEVELS[outcome.kind],
    sluice: 'task',
    outcome: outcome.kind,
    fate,
    ...('reason' in outcome && { reason: outcome.reason }),
    ...more,
    ...ids,
    ...(run.refusedAtMs && { refusedAtMs: run.refusedAtMs }),
    ...(STAMPED.has(outcome.kind) && { startedAtMs, endedAtMs, durationMs: endedAtMs - startedAtMs }),
  };
  effects.write(logLine(line, 'error' in outcome ? { error: describeError(outcome.error) } : undefined));
  const report = problemReporter(effects.write, ids);
  for (const { text, error } of settled.problems) report(text, error);
}

/** Outcomes of which the task's stamps say something. */
const STAMPED: ReadonlySet<TaskOutcome['kind']> = new Set([...CALLED, 'exhausted', 'unreadable']);

const LEVELS = {
  returned: 'info',
  dropped: 'info',
  postponed: 'info',
  duplicate: 'info',
  early: 'info',
  held: 'info',
  busy: 'info',
  throttled: 'warn',
  unready: 'warn',
  notStarted: 'warn',
  threw: 'error',
  gaveUp: 'error',
  exhausted: 'error',
  unreadable: 'error',
} as const;
