import * as z from 'zod';
import { ASSUMED_TASK_SECONDS } from '../burst/assumed.ts';
import { executionName } from '../config-change.ts';
import type { Wish } from './match.ts';

/** Letters that stay where they are, by why; those of one look at the queue. */
const skippedSchema = z.object({
  otherReason: z.number(),
  newer: z.number(),
  tooOften: z.number(),
  /** SQS did not take them, for now. */
  notSent: z.number(),
});

export type Skipped = z.output<typeof skippedSchema>;

export const NOTHING_SKIPPED: Skipped = { otherReason: 0, newer: 0, tooOften: 0, notSent: 0 };

/** A way through a dead-letter queue until nothing more comes out of it. */
const lookSchema = z.object({
  begunAtMs: z.number(),
  /** How long letters that were received are out of sight. */
  hiddenSeconds: z.number(),
  /** Letters that stay that it may still come upon: they come back into sight, and it would go round for ever. */
  unread: z.number(),
  sent: z.number(),
});

/**
 * One pipeline's redrive, under way or the last one: a fact in the ledgers table. Who drives it reads here how far it
 * is, so that an execution may end anywhere and another go on.
 */
export const redriveRecordSchema = z.object({
  pipelineId: z.string(),
  /** The caller's name for it, or that of its first execution. */
  redriveId: z.string(),
  /** The execution that drives it, and no other does. */
  owner: z.string(),
  executions: z.number(),
  state: z.enum(['Running', 'Done', 'Stopped']),
  /** Why it is over, for people. */
  because: z.string().optional(),
  reason: z.string().optional(),
  first: z.number().optional(),
  maxRedrives: z.number(),
  startedAtMs: z.number(),
  updatedAtMs: z.number(),
  /** When whoever drives it looks again. */
  dueAtMs: z.number(),
  /** Counted before they are sent. */
  sent: z.number(),
  skipped: skippedSchema,
  look: lookSchema.optional(),
  /** When a letter was found last. */
  foundAtMs: z.number(),
  /** When the next letter is due. */
  nextSendMs: z.number(),
  waitsFor: z.enum(['pace', 'liveWork', 'hiddenLetters']).optional(),
  /** What a task of the group takes, and when that was looked up. */
  taskSeconds: z.number(),
  measuredAtMs: z.number(),
});

export type RedriveRecord = z.output<typeof redriveRecordSchema>;

/** The fact under which it is kept. */
export function redriveFact(pipelineId: string): string {
  return `redrive#${pipelineId}`;
}

export function newRedrive(
  pipelineId: string,
  redriveId: string | undefined,
  wish: Wish,
  nowMs: number,
): RedriveRecord {
  const { reason, first, maxRedrives } = wish;
  const owner = driverName(pipelineId, nowMs, 1);
  return {
    pipelineId,
    redriveId: redriveId ?? owner,
    owner,
    executions: 1,
    state: 'Running',
    ...(reason === undefined ? {} : { reason }),
    ...(first === undefined ? {} : { first }),
    maxRedrives,
    startedAtMs: nowMs,
    updatedAtMs: nowMs,
    dueAtMs: nowMs,
    sent: 0,
    skipped: NOTHING_SKIPPED,
    foundAtMs: nowMs,
    nextSendMs: 0,
    taskSeconds: ASSUMED_TASK_SECONDS,
    measuredAtMs: 0,
  };
}

/** The redrive in the hands of its next execution. */
export function handOver(record: RedriveRecord, nowMs: number): RedriveRecord {
  const executions = record.executions + 1;
  const owner = driverName(record.pipelineId, record.startedAtMs, executions);
  return { ...record, owner, executions, updatedAtMs: nowMs, dueAtMs: nowMs };
}

export function ended(
  record: RedriveRecord,
  state: 'Done' | 'Stopped',
  because: string,
  nowMs: number,
): RedriveRecord {
  const { waitsFor: _none, look: _over, ...rest } = record;
  return { ...rest, state, because, updatedAtMs: nowMs };
}

/** How many more it may send. */
export function mayStillSend({ first, sent }: RedriveRecord): number {
  return Math.max(0, (first ?? Number.POSITIVE_INFINITY) - sent);
}

/** No step takes longer, with all that a machine does to try it again. */
const SILENCE_MS = 900_000;

/** Whether nobody drives it any more: its execution has failed, or was ended by hand. */
export function isForsaken({ state, dueAtMs }: RedriveRecord, nowMs: number): boolean {
  return state === 'Running' && nowMs > dueAtMs + SILENCE_MS;
}

function driverName(pipelineId: string, startedAtMs: number, execution: number): string {
  return executionName(pipelineId, `${startedAtMs}-${execution}`);
}
