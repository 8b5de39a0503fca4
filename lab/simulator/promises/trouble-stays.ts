import { BYSTANDER } from '../bystander.ts';
import type { History } from '../history.ts';

/** How long a task of the untouched pipeline may take, however bad things are elsewhere. */
const PROMPT_MS = 60_000;

/** A pipeline that nobody edits is not changed, runs its tasks, and a poison event stops no other pipeline. */
export function troubleStaysItsOwn({ world, calls, beganAtMs }: History): readonly string[] {
  const changes = calls
    .filter(({ mutates, pipelineId, startMs }) => mutates && pipelineId === BYSTANDER && startMs > beganAtMs)
    .map(({ operation, caller }) => `${BYSTANDER}: ${operation} by ${caller.label} though nobody edited it`);
  const late = [...world.book.fates.values()]
    .filter(({ task }) => task.pipelineId === BYSTANDER)
    .filter(({ task, acceptedAtMs }) => {
      const first = world.book.runs.find((run) => run.taskId === task.taskId);
      return first === undefined || first.startedAtMs - acceptedAtMs > PROMPT_MS;
    })
    .map(({ task }) => `${BYSTANDER}: ${task.taskId} waits for its start`);
  const stuck = world.stream.open > 0 ? [`${world.stream.open} events block the stream`] : [];
  const touched = world.foreign
    .filter(({ isAsMade }) => !isAsMade())
    .map(
      ({ pipelineId, what }) => `${pipelineId}: the ${what} of its name is somebody else's, and was changed`,
    );
  return [...changes, ...late, ...stuck, ...touched];
}
