import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskHandler } from '../../../../consumer/index.ts';
import { type DemoTask, TASK_MS } from '../fleet.ts';

/** Says which release it is and which task it began; the runtime's own line says when that was and what came of it. */
export function stampingTask(release: number): TaskHandler<DemoTask> {
  return async ({ task }, { log }) => {
    log.info('began', { task, release });
    await sleep(TASK_MS);
  };
}
