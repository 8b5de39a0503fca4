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
    .filter(({ task, loss, acceptedAtMs }) => {
      // A retention that was in force when it was sent, and a person's own hand.
      if (loss === 'expired' || loss === 'byHand') return false;
      if (loss === 'expiredEarly') return retentionLowered(history, task.pipelineId, acceptedAtMs);
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

/** Whether the record asked for a shorter retention after a task was sent; before, and its sender knew of it. */
function retentionLowered({ done }: History, pipelineId: string, sentAtMs: number): boolean {
  const own = done.filter((one) => one.pipelineId === pipelineId && one.record !== undefined);
  const secondsOf = ({ record }: (typeof own)[number]) =>
    Number(record?.messageRetentionSeconds ?? Number.POSITIVE_INFINITY);
  const before = own.findLast(({ atMs }) => atMs <= sentAtMs);
  const known = before === undefined ? Number.POSITIVE_INFINITY : secondsOf(before);
  return own.some((one) => one.atMs > sentAtMs && secondsOf(one) < known);
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
