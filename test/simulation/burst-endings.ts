import { expect } from '@jest/globals';
import { burstTaskOf } from '../../core/burst/letter.ts';
import { burstIdOf } from '../../core/burst/place.ts';
import { pipelineNames } from '../../core/names.ts';
import { Chance } from '../../lab/simulator/chance.ts';
import { CALL_FAULTS, type FaultPlan } from '../../lab/simulator/world/faults.ts';
import { CODE_KEY, STAGE, World } from '../../lab/simulator/world/world.ts';
import type { Consumers } from './burst-consumers.ts';

export const RETENTION_SECONDS = 1_800;

/** A world with pipeline `p`, which runs nothing itself. */
export async function worldOf(seed: number): Promise<World> {
  const world = new World({ seed });
  world.code.put(CODE_KEY, 'v1');
  world.admit(CODE_KEY, 'v1');
  world.configs.put('p', {
    pipelineId: 'p',
    paused: true,
    maxAttempts: 1,
    maxReceiveCount: 3,
    messageRetentionSeconds: RETENTION_SECONDS,
  });
  await world.pass(400);
  return world;
}

/** So many faults per thousand calls of some functions. */
export function faultsOf(seed: number, permille: number, functions: readonly string[]): FaultPlan {
  const chance = new Chance(seed, 'faults');
  return {
    ofCall({ functionName }) {
      if (!functions.includes(functionName) || !chance.happens(permille / 1000)) return undefined;
      return CALL_FAULTS[chance.whole(0, CALL_FAULTS.length - 1)];
    },
    ofRun: () => undefined,
  };
}

/** It has ended, and everybody was told. */
export function isOver(world: World, burstId: string): boolean {
  const record = world.bursts.read(burstId);
  return record?.state === 'Ended' && record.checkAtMs === undefined;
}

/** Lets time pass until all of these have ended, but not for ever. */
export async function untilOver(
  world: World,
  burstIds: readonly string[],
  limitSeconds: number,
): Promise<void> {
  for (let waited = 0; waited < limitSeconds; waited += 300) {
    if (burstIds.every((id) => isOver(world, id))) return;
    await world.pass(300);
  }
  expect(burstIds.filter((id) => !isOver(world, id))).toEqual([]);
}

/** Its totals add up, are told, and say of each task what was noted of it. */
export function judgeTotals(world: World, consumers: Consumers, burstId: string): void {
  const { total, totals, isCounted, updatedAtMs } = world.bursts.read(burstId) ?? {};
  if (totals === undefined || updatedAtMs === undefined) throw new Error('a burst has no totals');
  const { done, deadLettered, refused, unaccounted, running, failed } = totals;
  expect(done + deadLettered + refused + unaccounted).toBe(total);
  expect([running, failed]).toEqual([0, 0]);
  const events = world.events.published.filter(({ detail }) => detail.burstId === burstId);
  expect(events.length).toBeGreaterThan(0);
  for (const { detail } of events) expect(detail.totals).toEqual(totals);
  if (!isCounted) {
    expect(done).toBe(0);
    return;
  }
  // A task that was a dead letter may be done once more after its burst has ended: its totals are final.
  const doneBy = (atMs: number) =>
    [...(consumers.notedDone.get(burstId)?.values() ?? [])].filter((notedMs) => notedMs <= atMs).length;
  expect(done).toBeGreaterThanOrEqual(doneBy(updatedAtMs - SUM_MS));
  expect(done).toBeLessThanOrEqual(doneBy(updatedAtMs));
}

/** Longest that a sum takes to be read and written. */
const SUM_MS = 60_000;

/** Each of its dead letters is counted as one, whoever has made it one. */
export function judgeLetters(world: World, consumers: Consumers, burstId: string): void {
  const { totals, isCounted, updatedAtMs = 0 } = world.bursts.read(burstId) ?? {};
  const noted = consumers.notedDone.get(burstId);
  const letters = [...buried(world, burstId)].filter(
    (index) => (noted?.get(index) ?? Infinity) > updatedAtMs,
  );
  if (isCounted) expect(totals?.deadLettered).toBe(letters.length);
}

/** Tasks of a burst that lie in the dead-letter queue, by their index. */
function buried(world: World, burstId: string): Set<number> {
  const queue = world.queues.byName.get(pipelineNames(STAGE, 'p').deadLetterQueue);
  const tasks = [...(queue?.messages.all() ?? [])].map(({ attributes }) => burstTaskOf(attributes));
  return new Set(
    tasks.flatMap((task) => (task !== undefined && burstIdOf(task.partsId) === burstId ? [task.index] : [])),
  );
}
