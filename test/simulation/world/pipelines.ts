import type { CodeRef, FunctionSpec, MappingSpec, QueueSpec } from '../../../core/lifecycle/target.ts';
import { PLAIN_NATURE } from '../../../lab/simulator/world/nature.ts';
import { stageSettings } from '../../../lab/simulator/world/stage-settings.ts';
import { CODE_KEY, STAGE, World, type WorldOptions } from '../../../lab/simulator/world/world.ts';
import { consumerSpec } from '../../ports/consumer-spec.ts';

/** Queues with consumers behind them in a simulated account, made by hand: what tests of the account itself need. */

export const CODE: CodeRef = { key: CODE_KEY, version: 'v1' };

/** A world without chance unless its nature is given some, with two releases of consumer code in it. */
export function makeWorld(
  nature: Partial<typeof PLAIN_NATURE> = {},
  options: Partial<WorldOptions> = {},
): World {
  const world = new World({ seed: 7, nature: { ...PLAIN_NATURE, ...nature }, reconciles: false, ...options });
  world.code.put(CODE_KEY, 'v1');
  world.code.put(CODE_KEY, 'v2');
  world.admit(CODE_KEY, 'v2');
  return world;
}

export function queueSpec(name: string, changes: Partial<QueueSpec> = {}): QueueSpec {
  return { name, visibilityTimeoutSeconds: 60, messageRetentionSeconds: 3_600, tags: {}, ...changes };
}

export function functionSpec(name: string, changes: Partial<FunctionSpec> = {}): FunctionSpec {
  return consumerSpec(name, stageSettings(STAGE).consumers, changes);
}

export function mappingSpec(
  functionName: string,
  queueArn: string,
  changes: Partial<MappingSpec> = {},
): MappingSpec {
  return {
    functionName,
    queueArn,
    enabled: true,
    maximumConcurrency: 2,
    batchSize: 1,
    batchWindowSeconds: 0,
    partialFailures: true,
    tags: {},
    ...changes,
  };
}

/** A queue with a consumer behind it, running. */
export async function makePipeline(
  world: World,
  name: string,
  {
    queue = {},
    consumer = {},
    mapping = {},
  }: {
    queue?: Partial<QueueSpec>;
    consumer?: Partial<FunctionSpec>;
    mapping?: Partial<MappingSpec>;
  } = {},
) {
  world.queues.create(queueSpec(name, queue));
  world.functions.create(functionSpec(name, consumer), CODE);
  await world.pass(3);
  const made = world.queues.byName.get(name);
  const answer = world.mappings.create(mappingSpec(name, made?.arn ?? '', mapping));
  if (answer.kind !== 'created' || made === undefined)
    throw new Error(`no mapping: ${JSON.stringify(answer)}`);
  await world.pass(11);
  return { queue: made, mappingId: answer.mapping.id };
}

/** The pipeline id of a queue's name does not matter here: tasks are found by their queue. */
export function sendTo(world: World, name: string, count: number, seconds = 1, failures = 0): void {
  for (let at = 0; at < count; at += 1) {
    const task = { taskId: `${name}-${world.book.fates.size}`, pipelineId: name, seconds, failures };
    world.book.accepted(task, world.nowMs());
    world.queues.send(world.queues.byName.get(name)?.url ?? '', [{ id: 'a', body: JSON.stringify(task) }]);
  }
}
