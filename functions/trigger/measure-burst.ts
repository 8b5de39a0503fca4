import type { Ports } from '../../aws/ports.ts';
import type { Tasks } from '../../core/burst/input.ts';
import { MOST_TASKS } from '../../core/burst/limits.ts';
import { createMeasure, type Measured, measureCount } from '../../core/burst/measure.ts';
import { Refused } from '../../core/refused.ts';
import { createEstimator, type MeasuredTasks } from '../../core/spread/estimate.ts';
import type { ReadTasks } from '../burst/sending/read-tasks.ts';

/** What is known of a pipeline's tasks: what they took of late, and the longest that they may. */
export interface KnownTimes {
  readonly measured?: MeasuredTasks;
  readonly timeoutSeconds: number;
}

/**
 * Reads a burst once, before anything is sent: how many tasks it has, which of them cannot be sent, how long they take.
 * @param stopMs reading ends in time, epoch milliseconds
 * @throws {Refused} `InvalidInput` for more tasks than a burst may have, or than can be read in this call's time
 */
export async function measureBurst(
  tasks: Tasks,
  read: ReadTasks,
  known: KnownTimes,
  { clock }: Ports,
  stopMs: number,
): Promise<Measured> {
  const estimator = createEstimator(known.measured, known.timeoutSeconds);
  if (tasks.kind === 'numbered') return measureCount(tasks.count, estimator);
  const measure = createMeasure(estimator);
  for await (const task of read(0, 0)) {
    measure.add(task);
    if (task.index >= MOST_TASKS) throw tooMany(`a burst has at most ${MOST_TASKS} tasks`);
    if (task.index % 10_000 === 0 && clock.nowMs() > stopMs) {
      throw tooMany(`of this burst only ${task.index} tasks could be read in a call’s time`);
    }
  }
  return measure.measured();
}

function tooMany(what: string): Refused {
  return new Refused('InvalidInput', `${what} — hand over several bursts`);
}
