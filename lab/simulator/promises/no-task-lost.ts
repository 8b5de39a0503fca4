import type { StatusRecord } from '../../../core/status-record.ts';
import type { History } from '../history.ts';
import { taskPlaces } from '../world/people.ts';
import { taskOf } from '../world/tasks.ts';

/** What SQS accepted is processed, in a queue, in the dead-letter queue, or in salvage. */
export function noTaskLost(history: History): readonly string[] {
  const { world } = history;
  const places = taskPlaces(world);
  const lost = [...world.book.fates.values()]
    .filter(({ task, succeeded }) => !succeeded && !places.has(task.taskId))
    .filter(({ task, loss }) => {
      // A retention that was in force when it was sent, and a person's own hand.
      if (loss === 'expired' || loss === 'byHand') return false;
      // The one exception: the record asked for it.
      return (
        !(loss === 'queueDeleted' || loss === 'sentToDeleted') || !wasDiscarded(history, task.pipelineId)
      );
    })
    .map(
      ({ task, loss, attempts }) =>
        `${task.taskId} of ${task.pipelineId} is lost after ${attempts} attempts: ${loss ?? 'no trace'}`,
    );
  return [...lost, ...salvageIsSaid(history)];
}

function wasDiscarded({ writes }: History, pipelineId: string): boolean {
  return writes.some(({ record }) => record.pipelineId === pipelineId && record.run?.kind === 'discard');
}

/** The status of a deleted pipeline says where its salvage is, and counts no fewer tasks than are there. */
function salvageIsSaid({ world, names }: History): readonly string[] {
  return names.flatMap((pipelineId) => {
    const status: StatusRecord | undefined = world.statuses.records.get(pipelineId);
    if (status?.phase !== 'Deleted') return [];
    const tasks = new Set<string>();
    for (const [key, lines] of world.salvage.objects) {
      if (key.startsWith(`${pipelineId}/`)) for (const { body } of lines) tasks.add(taskOf(body).taskId);
    }
    const said = status.salvage?.count ?? 0;
    if (said >= tasks.size) return [];
    return [`${pipelineId}: ${tasks.size} tasks are in salvage, and its status says ${said}`];
  });
}
