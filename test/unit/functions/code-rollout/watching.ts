import type { ReleaseRecord } from '../../../../core/release/record.ts';
import type { RolloutState } from '../../../../core/release/rollout-state.ts';
import type { Behaviour } from '../../../../lab/simulator/world/code-bucket.ts';
import type { Image } from '../../../../lab/simulator/world/tables.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { ADMITTED, fleetOf, recordOf, step, steps, uploaded } from './fleet.ts';

/** Tasks fail once, and are dead letters soon. */
const QUICK = { timeoutSeconds: 5, visibilityTimeoutSeconds: 30, maxAttempts: 1, maxReceiveCount: 2 };
export const IDS = ['a', 'b', 'c', 'd'];
export const records = (canaries: readonly string[] = ['a'], ids = IDS): Image[] =>
  ids.map((pipelineId) => ({ pipelineId, canary: canaries.includes(pipelineId), ...QUICK }));

/** The canary wave of a release is open, and all of it have been told. */
export async function opened(behaviour: Behaviour = {}, all: readonly Image[] = records()): Promise<World> {
  const world = await fleetOf(all);
  await work(world, 2);
  await uploaded(world, 'v2', behaviour);
  await steps(world, [...ADMITTED, 'OpenWave', 'MovePipelines']);
  return world;
}

/** Minutes with tasks for these. */
export async function work(world: World, minutes: number, ids: readonly string[] = IDS): Promise<void> {
  for (let left = minutes; left > 0; left -= 1) {
    for (const id of ids) world.send(id, 20);
    await world.pass(60);
  }
}

interface Watched {
  readonly answer: RolloutState;
  readonly seconds: number;
  readonly states: readonly string[];
  readonly record: ReleaseRecord;
}

/** Watches until the wave is judged, while tasks flow or not. */
export async function watch(world: World, tasksFor: readonly string[] = []): Promise<Watched> {
  const beganMs = world.nowMs();
  const states: string[] = [];
  let state: object = {};
  for (;;) {
    const answer = await step(world, 'WatchWave', state);
    states.push(recordOf(world).state);
    const seconds = (world.nowMs() - beganMs) / 1000;
    if (answer.outcome !== 'again') return { answer, seconds, states, record: recordOf(world) };
    for (const id of tasksFor) world.send(id, 4);
    await world.pass(answer.afterSeconds);
    state = answer;
  }
}
