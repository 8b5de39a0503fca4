import type { QueueMessage } from '../../../aws/ports.ts';
import type { TaskEnd } from '../../../core/burst/notes.ts';
import { type PartsId, partsIdOf } from '../../../core/burst/place.ts';
import type { BurstRecord } from '../../../core/burst/record.ts';
import { pipelineNames } from '../../../core/names.ts';
import { STAGE, type World } from '../../../lab/simulator/world/world.ts';
import { burst, segment } from '../core/burst/bursts.ts';

/** Attributes of a task of a burst, as they are sent. */
export function taskAttributes(partsId: PartsId, index: number, total: number): QueueMessage['attributes'] {
  return {
    'sluice-burst': { type: 'String', value: partsId },
    'sluice-index': { type: 'Number', value: String(index) },
    'sluice-total': { type: 'Number', value: String(total) },
  };
}

/** A burst of pipeline `p` in the table, handed over now: one task a second, all of them sent. */
export function keptBurst(world: World, change: Partial<BurstRecord> = {}): BurstRecord {
  const nowMs = world.nowMs();
  const { total = 10 } = change;
  const even = segment({ kind: 'even', firstMs: 0, spacingMs: 1_000 }, total, {
    startMs: nowMs,
    finishSeconds: total + 1,
  });
  const record = burst({
    burstId: 'b',
    revision: 0,
    total,
    segments: [even],
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    checkAtMs: nowMs + 60_000,
    ...change,
  });
  if (world.bursts.write(record) === 'conflict')
    throw new Error(`there is a burst ${record.burstId} already`);
  return record;
}

/** Of the burst that is in the table; where there is none, of one that was there. */
export function partsIdIn(world: World, burstId: string): PartsId {
  return partsIdOf(world.bursts.read(burstId) ?? { burstId, createdAtMs: 0 });
}

/** Its consumer runs tasks and notes it; a second each, all at the same time. */
export function note(
  world: World,
  how: TaskEnd['kind'],
  indexes: readonly number[],
  { burstId = 'b', total = 10 } = {},
): void {
  const startedAtMs = world.nowMs();
  for (const index of indexes) {
    const place = { partsId: partsIdIn(world, burstId), index, total };
    const untilMs = startedAtMs + 30_000;
    world.bursts.begin(place, untilMs, startedAtMs);
    world.bursts.end(place, untilMs, { kind: how }, { startedAtMs, endedAtMs: startedAtMs + 1_000 });
  }
}

/** Puts tasks of a burst into a queue of pipeline `p`. */
export function enqueue(
  world: World,
  indexes: readonly number[],
  { burstId = 'b', total = 10, buried = false } = {},
): void {
  const names = pipelineNames(STAGE, 'p');
  const url = world.queues.find(buried ? names.deadLetterQueue : names.queue) ?? '';
  for (const index of indexes) {
    const attributes = taskAttributes(partsIdIn(world, burstId), index, total);
    world.queues.send(url, [{ id: String(index), body: '{}', attributes }]);
  }
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

/** What was told of bursts that have ended. */
export function endsTold(world: World): readonly Readonly<Record<string, unknown>>[] {
  return world.events.published.filter((one) => one.detailType === 'Burst ended').map(({ detail }) => detail);
}
