import { pipelineNames } from '../../../../core/names.ts';
import type { StoredMessage } from '../../../../lab/simulator/world/messages.ts';
import { STAGE, type World } from '../../../../lab/simulator/world/world.ts';
import { ADMITTED, fleetOf, steps, uploaded } from './fleet.ts';

export const QUICK = { timeoutSeconds: 5, visibilityTimeoutSeconds: 30 };

/** A dead letter, put into the queue by hand: one that was born under whatever runs now. */
export function die(world: World, pipelineId: string, body: string, attributes = {}): void {
  const { deadLetterQueue } = pipelineNames(STAGE, pipelineId);
  const url = world.queues.byName.get(deadLetterQueue)?.url ?? '';
  world.queues.send(url, [
    { id: body, body: JSON.stringify({ taskId: body, pipelineId, seconds: 1, failures: 0 }), attributes },
  ]);
}

export const names = (messages: readonly StoredMessage[]) =>
  messages.map(({ body }) => (JSON.parse(body) as { taskId: string }).taskId).sort();

/** A release under which these were born, after others; it was rolled back, and everybody has the former one. */
export async function rolledBack(
  bad: readonly string[],
  old: readonly string[] = [],
  ids = ['a', 'b'],
  buriedAfterSeconds = 90,
): Promise<World> {
  const world = await fleetOf(ids.map((pipelineId) => ({ ...QUICK, pipelineId, canary: true })));
  for (const body of old) die(world, 'a', body);
  await world.pass(60);
  await uploaded(world);
  await steps(world, [...ADMITTED, 'OpenWave', 'MovePipelines']);
  await world.pass(20);
  for (const body of bad) die(world, 'a', body);
  await steps(world, ['RollBack', 'ReturnPipelines']);
  // Until the last of its tasks would have been buried.
  await world.pass(buriedAfterSeconds);
  // What is sent again is to be looked at, and not to be run.
  for (const mapping of world.mappings.byId.values())
    mapping.inForce = { ...mapping.inForce, enabled: false };
  return world;
}
