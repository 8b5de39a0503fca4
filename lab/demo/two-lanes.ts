import { setTimeout as sleep } from 'node:timers/promises';
import type { StageDriver } from '../stage-driver.ts';
import { type Measured, measure, type Stamp } from './measure.ts';
import {
  GROUPS,
  type Group,
  idealSeconds,
  LIMITS,
  SHARED_WORKERS,
  TASK_SECONDS,
  tasksOf,
} from './sequence.ts';

export interface LaneResult {
  readonly groups: Readonly<Record<Group, Measured & { readonly idealSeconds: number }>>;
  /** From sending to the end of the last task of all groups, seconds. */
  readonly totalSeconds: number;
}

const SHARED = 'shared';

/** All groups on one queue, with as many workers as a person would give it: what is usually done. */
export async function runShared(stage: StageDriver, rounds: number): Promise<LaneResult> {
  await addPipelines(stage, [{ pipelineId: SHARED, concurrency: SHARED_WORKERS }]);
  const tasks = tasksOf(rounds);
  const sentAtMs = Date.now();
  await stage.send({ pipelineId: SHARED, tasks });
  const stamps = await stampsOf(stage, [SHARED], sentAtMs, tasks.length);
  await stage.deleteConfigRecord(SHARED);
  return laneResult(stamps, sentAtMs);
}

/** The same tasks in the same order, each group on its own pipeline. */
export async function runSplit(stage: StageDriver, rounds: number): Promise<LaneResult> {
  await addPipelines(
    stage,
    GROUPS.map((group) => ({ pipelineId: group, concurrency: LIMITS[group] })),
  );
  const tasks = tasksOf(rounds);
  const sentAtMs = Date.now();
  await Promise.all(
    GROUPS.map((group) =>
      stage.send({ pipelineId: group, tasks: tasks.filter((task) => task.group === group) }),
    ),
  );
  return laneResult(await stampsOf(stage, GROUPS, sentAtMs, tasks.length), sentAtMs);
}

export async function addPipelines(
  stage: StageDriver,
  records: readonly { readonly pipelineId: string; readonly concurrency: number }[],
): Promise<void> {
  for (const record of records) await stage.putConfigRecord(record);
  await Promise.all(
    records.map(({ pipelineId }) => stage.until(pipelineId, ({ phase }) => phase === 'Active')),
  );
  await Promise.all(records.map((record) => warmUp(stage, record)));
}

const WARM_UP_SECONDS = 0.5;

/** Starts every place once: how long a function takes to start for the first time is not what is compared. */
async function warmUp(
  stage: StageDriver,
  { pipelineId, concurrency }: { readonly pipelineId: string; readonly concurrency: number },
): Promise<void> {
  const sinceMs = Date.now();
  const task = { group: 'A', document: 0, processingSeconds: WARM_UP_SECONDS };
  await stage.send({ pipelineId, tasks: Array.from({ length: concurrency }, () => task) });
  await stampsOf(stage, [pipelineId], sinceMs, concurrency);
}

function laneResult(stamps: readonly Stamp[], sentAtMs: number): LaneResult {
  const of = (group: Group) => {
    const own = stamps.filter((stamp) => stamp.group === group);
    return {
      ...measure(own, LIMITS[group], sentAtMs),
      idealSeconds: idealSeconds(own.length, LIMITS[group]),
    };
  };
  const last = Math.max(...stamps.map((stamp) => stamp.endedAtMs));
  return { groups: { A: of('A'), B: of('B'), C: of('C') }, totalSeconds: (last - sentAtMs) / 1000 };
}

/** Waits until so many tasks have stamped their end, and answers all stamps since then. */
export async function stampsOf(
  stage: StageDriver,
  pipelineIds: readonly string[],
  sinceMs: number,
  tasks: number,
): Promise<Stamp[]> {
  const endMs = Date.now() + (tasks * TASK_SECONDS + 60) * 1000;
  for (;;) {
    const stamps = await readStamps(stage, pipelineIds, sinceMs);
    if (stamps.length >= tasks) return stamps;
    if (Date.now() > endMs) throw new Error(`only ${stamps.length} of ${tasks} tasks have ended`);
    await sleep(1000);
  }
}

/** The runtime's line says when a task ran, the handler's own line which group it was of. */
export async function readStamps(
  stage: StageDriver,
  pipelineIds: readonly string[],
  sinceMs: number,
): Promise<Stamp[]> {
  const lines = (await stage.logLines(sinceMs)).filter(({ pipelineId }) =>
    pipelineIds.includes(String(pipelineId)),
  );
  const groupOf = new Map<unknown, string>();
  for (const { messageId, group } of lines) if (typeof group === 'string') groupOf.set(messageId, group);
  return lines.flatMap(({ sluice, fate, messageId, startedAtMs, endedAtMs }) => {
    const group = groupOf.get(messageId);
    const ended =
      sluice === 'task' && fate === 'done' && group !== undefined && Number(startedAtMs) >= sinceMs;
    return ended ? [{ group, startedAtMs: Number(startedAtMs), endedAtMs: Number(endedAtMs) }] : [];
  });
}
