import type { Ports } from '../../aws/ports.ts';
import type { Tasks } from '../../core/burst/input.ts';
import type { BurstSource } from '../../core/burst/record.ts';
import { taskBody } from '../../core/burst/task.ts';

/** Where a burst's tasks are once this call is over: those that only it has are kept as lines, at the same bytes. */
export async function keepTasks(
  burstId: string,
  tasks: Tasks,
  source: BurstSource,
  ports: Ports,
): Promise<BurstSource> {
  if (source.kind !== 'inline' || tasks.kind !== 'listed') return source;
  return ports.taskObjects.keep(burstId, tasks.tasks.map(taskBody));
}
