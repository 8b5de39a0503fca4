import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskQueues } from '../../../aws/ports.ts';
import { type DemoTask, type Group, SEND_EVERY_MS } from './fleet.ts';

/** Tasks on their way to every group. */
export interface Traffic {
  /** How many SQS has accepted of each group so far; they are numbered from 1. */
  readonly accepted: ReadonlyMap<string, number>;
  /** Sends no more. @throws what sending threw */
  stop(): Promise<void>;
}

/** Between the groups' first tasks. */
const APART_MS = 300;

/** Keeps tasks flowing to all groups until it is stopped. */
export function startTraffic(
  queues: Pick<TaskQueues, 'send'>,
  groups: readonly (Group & { readonly queueUrl: string })[],
): Traffic {
  const accepted = new Map<string, number>();
  let stopped = false;
  const feed = async (
    { pipelineId, limit, queueUrl }: Group & { readonly queueUrl: string },
    index: number,
  ) => {
    // Not all in one moment: a new consumer has to start first, and all of them are on one machine.
    await sleep(index * APART_MS);
    while (!stopped) {
      const sent = accepted.get(pipelineId) ?? 0;
      const tasks = Array.from({ length: limit }, (_, index): DemoTask => ({ task: sent + index + 1 }));
      const failures = await queues.send(
        queueUrl,
        tasks.map((task) => ({ id: String(task.task), body: JSON.stringify(task) })),
      );
      if (failures.length > 0) throw new Error(`${pipelineId}: SQS refused ${failures.length} tasks`);
      accepted.set(pipelineId, sent + limit);
      await sleep(SEND_EVERY_MS);
    }
  };
  const feeding = Promise.all(groups.map(feed));
  feeding.catch(() => {}); // stop() says so
  return {
    accepted,
    async stop() {
      stopped = true;
      await feeding;
    },
  };
}
