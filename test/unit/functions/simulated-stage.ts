import type { Ports } from '../../../aws/ports.ts';
import { pipelineNames } from '../../../core/names.ts';
import type { Caller } from '../../../lab/simulator/world/caller.ts';
import type { StoredMessage } from '../../../lab/simulator/world/messages.ts';
import { PLAIN_NATURE } from '../../../lab/simulator/world/nature.ts';
import type { Image } from '../../../lab/simulator/world/tables.ts';
import { CODE_KEY, STAGE, World, type WorldOptions } from '../../../lab/simulator/world/world.ts';

/** A stage on simulated AWS that is quick and exact, with these records' pipelines made. Tasks take no time. */
export async function stageWith(...records: Image[]): Promise<World> {
  return stageIn({}, ...records);
}

/** The same in an account of so much concurrency, or one that is otherwise special. */
export async function stageIn(options: Partial<WorldOptions>, ...records: Image[]): Promise<World> {
  const world = new World({ seed: 1, nature: PLAIN_NATURE, reconciles: false, ...options });
  world.code.put(CODE_KEY, 'v1');
  for (const record of records) world.configs.put(String(record.pipelineId), record);
  if (records.length > 0) await world.pass(120);
  return world;
}

/** Runs work as one of our functions does, and lets virtual time pass until it is over. */
export async function run<T>(
  world: World,
  work: (ports: Ports, deadlineMs: number) => Promise<T>,
  { ports: change = (ports: Ports) => ports, seconds = 900 } = {},
): Promise<T> {
  const nowMs = world.nowMs();
  const caller: Caller = { ...world.hand, id: 100_000 + nowMs, startedAtMs: nowMs };
  let over = false;
  const result = work(change(world.connect(caller)), nowMs + seconds * 1000).finally(() => {
    over = true;
  });
  result.catch(() => {});
  world.clock.after(0, () => world.clock.willSettle());
  await world.clock.run({ limitMs: nowMs + 3_600_000, stop: () => over });
  return result;
}

/** What is in a pipeline's queue. */
export function messagesOf(world: World, pipelineId: string): StoredMessage[] {
  return messagesIn(world, pipelineNames(STAGE, pipelineId).queue);
}

export function deadLettersOf(world: World, pipelineId: string): StoredMessage[] {
  return messagesIn(world, pipelineNames(STAGE, pipelineId).deadLetterQueue);
}

function messagesIn(world: World, name: string): StoredMessage[] {
  return [...(world.queues.byName.get(name)?.messages.all() ?? [])];
}
