import * as z from 'zod';
import { fieldNotes, integer } from './config-record/field-notes.ts';
import { configRecordSchema } from './config-record/schema.ts';
import { givenMap, inputProblems, invalidInput } from './invalid-input.ts';
import type { Salvage, StatusRecord } from './status-record.ts';

/** Which salvaged messages to send again. */
export type Include = 'tasks' | 'deadLetters' | 'all';

export interface RestoreInput {
  readonly pipelineId: string;
  readonly include: Include;
  /** Most messages to send. */
  readonly limit: number;
}

const restoreSchema = z.strictObject({
  pipelineId: configRecordSchema.shape.pipelineId,
  include: z
    .enum(['tasks', 'deadLetters', 'all'])
    .register(fieldNotes, {
      title: 'Include',
      description: 'Tasks go to the queue, dead letters to the dead-letter queue.',
      hint: 'leave it out for all',
    })
    .default('all'),
  limit: integer(1, undefined, {
    title: 'Limit',
    unit: 'messages',
    description: 'Most messages to send in this call.',
    hint: 'leave it out for no limit',
  }).default(Number.MAX_SAFE_INTEGER),
});

/**
 * Reads what a restore is given.
 * @throws {Refused} `InvalidInput`, with everything that is wrong
 */
export function parseRestore(input: unknown): RestoreInput {
  const raw = givenMap(input, 'pipelineId');
  const problems = inputProblems(raw, restoreSchema.shape);
  if (problems.length > 0) throw invalidInput(problems);
  return restoreSchema.parse(raw);
}

/** As much of a salvaged message as decides what to do with it. */
export interface Line {
  readonly messageId: string;
  readonly from: 'queue' | 'deadLetterQueue';
}

/** What to do with the messages of one salvage object. */
export interface ObjectPlan<L extends Line> {
  readonly send: readonly L[];
  /** Sent before: a crash while salvaging may have written a message twice. */
  readonly duplicates: readonly L[];
  /** Not asked for, or beyond the limit: they stay in salvage. */
  readonly keep: readonly L[];
}

/**
 * @param sent ids of the messages that this restore has sent so far
 * @param room how many more it may send
 */
export function planObject<L extends Line>(
  lines: readonly L[],
  include: Include,
  sent: ReadonlySet<string>,
  room: number,
): ObjectPlan<L> {
  const send = new Map<string, L>();
  const duplicates: L[] = [];
  const keep: L[] = [];
  for (const line of lines) {
    if (!includes(include, line)) keep.push(line);
    else if (sent.has(line.messageId) || send.has(line.messageId)) duplicates.push(line);
    else if (send.size < room) send.set(line.messageId, line);
    else keep.push(line);
  }
  return { send: [...send.values()], duplicates, keep };
}

function includes(include: Include, { from }: Line): boolean {
  return include === 'all' || (include === 'tasks') === (from === 'queue');
}

/**
 * The status after a restore. What was counted in the bucket is the truth, but for a teardown that has begun
 * since: it adds what it salvages itself, in the end, to what stands here.
 * @param left messages counted in the bucket
 * @param taken messages that this restore took out of it
 * @returns undefined if nothing is to be changed
 */
export function afterRestore(
  status: StatusRecord,
  uri: string,
  left: number,
  taken: number,
): StatusRecord | undefined {
  const count = status.closing === undefined ? left : Math.max(0, (status.salvage?.count ?? 0) - taken);
  if (count === (status.salvage?.count ?? 0)) return undefined;
  const { salvage: _before, ...rest } = status;
  const salvage: Salvage = { uri, count };
  return count === 0 ? rest : { ...rest, salvage };
}
