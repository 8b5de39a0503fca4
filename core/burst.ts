import { assertNever } from './assert-never.ts';
import type { Tasks } from './burst-input.ts';
import type { Wanted } from './config-record.ts';
import type { Counts } from './lifecycle/rest.ts';
import { Refused } from './refused.ts';
import type { SpreadPrediction, SpreadWindow } from './spread.ts';

/** How long a task is taken to run, seconds, as long as nobody has measured it. */
export const ASSUMED_TASK_SECONDS = 1;

export { BURST_ATTRIBUTES } from './burst/attributes.ts';

/** What became of a burst. Every task is accepted or failed, none both. */
export interface BurstResult {
  readonly burstId: string;
  readonly pipelineId: string;
  readonly accepted: number;
  /** Tasks that were not accepted, by their place in the burst, and why. */
  readonly failed: readonly { readonly index: number; readonly code: string }[];
  readonly spread: SpreadWindow;
  readonly predicted: SpreadPrediction;
}

export function taskCount(tasks: Tasks): number {
  switch (tasks.kind) {
    case 'listed':
      return tasks.tasks.length;
    case 'numbered':
      return tasks.count;
    default:
      return assertNever(tasks);
  }
}

/** The two characters that JSON leaves as they are and SQS takes in no body. */
const NOT_IN_SQS = /[\uFFFE\uFFFF]/g;

/**
 * A task as its message's body: JSON, with nothing in it that SQS refuses.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function taskBody(tasks: Tasks, index: number): string {
  if (tasks.kind === 'numbered') return `{"document":${index + 1}}`;
  const json = JSON.stringify(tasks.tasks[index]) ?? 'null';
  return json.replace(NOT_IN_SQS, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/**
 * Refuses a burst that would not fit.
 * @param counts approximate; tasks held back by a delay count as waiting
 * @throws {Refused} `Backlog`, with when to try again
 */
export function refuseBeyondBacklog(
  count: number,
  wanted: Pick<Wanted, 'pipelineId' | 'maxBacklog' | 'concurrency' | 'rateLimits' | 'paused'>,
  counts: Counts,
): void {
  const { maxBacklog, pipelineId } = wanted;
  const waiting = counts.visible + counts.delayed + counts.inFlight;
  if (maxBacklog === undefined || waiting + count <= maxBacklog) return;
  const what = `pipeline ${pipelineId} has ${waiting} tasks waiting and takes ${maxBacklog} (maxBacklog), so ${count} more do not fit`;
  if (count > maxBacklog) throw new Refused('Backlog', `${what} — hand over at most ${maxBacklog} at a time`);
  if (wanted.paused) throw new Refused('Backlog', `${what} — it is paused: set paused to false first`);
  const seconds = workSeconds(waiting + count - maxBacklog, wanted);
  throw new Refused('Backlog', `${what} — try again in ${seconds} s`, seconds);
}

/** How long a pipeline takes over so many tasks: bound by its concurrency or by its strictest rate. */
function workSeconds(
  tasks: number,
  { concurrency, rateLimits }: Pick<Wanted, 'concurrency' | 'rateLimits'>,
): number {
  const byRate = rateLimits.map((limit) => (tasks * limit.perSeconds) / limit.tasks);
  return Math.max(1, Math.ceil(Math.max((tasks * ASSUMED_TASK_SECONDS) / concurrency, ...byRate)));
}

/** An id for a burst that came without one. `random` in [0, 1). */
export function makeBurstId(nowMs: number, random: () => number): string {
  const part = () =>
    Math.floor(random() * 36 ** 6)
      .toString(36)
      .padStart(6, '0');
  return `${nowMs.toString(36)}-${part()}${part()}`;
}
