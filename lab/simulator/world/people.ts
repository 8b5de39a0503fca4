import { pipelineNames } from '../../../core/names.ts';
import { STAGE } from './stage.ts';
import { taskOf } from './tasks.ts';
import type { World } from './world.ts';

/** A resource of a pipeline's name that is somebody else's. */
export interface Foreign {
  readonly pipelineId: string;
  readonly what: 'queue' | 'function';
  readonly isAsMade: () => boolean;
}

/** Makes a queue or a function of a pipeline's name without our tags; undefined if the name is taken. */
export function makeForeign(world: World, pipelineId: string, what: Foreign['what']): Foreign | undefined {
  const names = pipelineNames(STAGE, pipelineId);
  const look = what === 'queue' ? makeQueue(world, names.queue) : makeFunction(world, names.function);
  if (look === undefined) return undefined;
  const before = JSON.stringify(look());
  return { pipelineId, what, isAsMade: () => JSON.stringify(look()) === before };
}

function makeQueue({ queues }: World, name: string): (() => unknown) | undefined {
  if (queues.byName.has(name)) return undefined;
  const spec = { name, visibilityTimeoutSeconds: 33, messageRetentionSeconds: 345_600, tags: {} };
  if (queues.create(spec).kind !== 'created') return undefined;
  return () => {
    const { createdAtMs, visibilityTimeoutSeconds, closed } = queues.byName.get(name) ?? {};
    return [createdAtMs, visibilityTimeoutSeconds?.wanted, closed?.wanted];
  };
}

function makeFunction({ functions }: World, name: string): (() => unknown) | undefined {
  const made = functions.makeForeign(name, { key: 'other.zip', version: 'x' });
  return made && (() => [functions.byName.get(name) === made, made.settings, made.code, made.reserved]);
}

/** Where every task is that is in a queue or in salvage. */
export function taskPlaces({ queues, salvage }: World): Map<string, string> {
  const places = new Map<string, string>();
  for (const queue of queues.byName.values()) {
    for (const message of queue.messages.all()) places.set(taskOf(message.body).taskId, queue.name);
  }
  for (const [key, lines] of salvage.objects) {
    for (const line of lines) places.set(taskOf(line.body).taskId, key);
  }
  return places;
}
