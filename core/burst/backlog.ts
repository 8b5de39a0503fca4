import type { Wanted } from '../config-record.ts';
import { type Counts, messagesIn } from '../lifecycle/rest.ts';
import { Refused } from '../refused.ts';
import { ASSUMED_TASK_SECONDS } from './assumed.ts';

/**
 * Refuses a burst that would not fit.
 * @param counts approximate; tasks held back by a delay count as waiting
 * @param meanSeconds what a task takes, as far as that is known
 * @throws {Refused} `Backlog`, with when to try again
 */
export function refuseBeyondBacklog(
  count: number,
  wanted: Pick<Wanted, 'pipelineId' | 'maxBacklog' | 'concurrency' | 'rateLimits' | 'paused'>,
  counts: Counts,
  meanSeconds = ASSUMED_TASK_SECONDS,
): void {
  const { maxBacklog, pipelineId } = wanted;
  const waiting = messagesIn(counts);
  if (maxBacklog === undefined || waiting + count <= maxBacklog) return;
  const what = `pipeline ${pipelineId} has ${waiting} tasks waiting and takes ${maxBacklog} (maxBacklog), so ${count} more do not fit`;
  if (count > maxBacklog) throw new Refused('Backlog', `${what} — hand over at most ${maxBacklog} at a time`);
  if (wanted.paused) throw new Refused('Backlog', `${what} — it is paused: set paused to false first`);
  const seconds = workSeconds(waiting + count - maxBacklog, wanted, meanSeconds);
  throw new Refused('Backlog', `${what} — try again in ${seconds} s`, seconds);
}

/** How long a pipeline takes over so many tasks: bound by its concurrency or by its strictest rate. */
function workSeconds(
  tasks: number,
  { concurrency, rateLimits }: Pick<Wanted, 'concurrency' | 'rateLimits'>,
  meanSeconds: number,
): number {
  const byRate = rateLimits.map((limit) => (tasks * limit.perSeconds) / limit.tasks);
  return Math.max(1, Math.ceil(Math.max((tasks * meanSeconds) / concurrency, ...byRate)));
}
