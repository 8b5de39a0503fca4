import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { burstTaskOf } from '../../core/burst/letter.ts';
import type { BurstRecord } from '../../core/burst/record.ts';
import { pipelineNames } from '../../core/names.ts';
import { Chance } from '../../lab/simulator/chance.ts';
import { CALL_FAULTS, type FaultPlan } from '../../lab/simulator/world/faults.ts';
import { CODE_KEY, STAGE, World } from '../../lab/simulator/world/world.ts';
import { enqueue, keptBurst, upTo } from '../unit/functions/burst-record.ts';
import { type Consumers, DEEDS, type Deed, runConsumers } from './burst-consumers.ts';

/** What befalls a pipeline's bursts. */
interface Story {
  readonly seed: number;
  /** How many tasks each has, and when it is handed over. */
  readonly bursts: readonly {
    readonly total: number;
    readonly afterSeconds: number;
    readonly isCounted: boolean;
  }[];
  /** What becomes of tasks, one as likely as the other; the first as likely as all the others. */
  readonly deeds: readonly Deed[];
  /** After so long nobody works any more: what is left, SQS forgets. */
  readonly worksSeconds: number;
  /** Faults per thousand calls of those who keep bursts. */
  readonly permille: number;
  /** The stream says nothing of ends. */
  readonly isDeaf: boolean;
  /** The record is deleted then. */
  readonly removedAfterSeconds: number | undefined;
}

const RETENTION_SECONDS = 1_800;

const story: fc.Arbitrary<Story> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  bursts: fc.array(
    fc.record({
      total: fc.constantFrom(1, 5, 33, 100),
      afterSeconds: fc.nat(300),
      isCounted: fc.constantFrom(true, true, true, false),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  deeds: fc.array(fc.constantFrom(...DEEDS), { maxLength: 4 }),
  worksSeconds: fc.constantFrom(60, 600, 7_200, 7_200),
  permille: fc.constantFrom(0, 10, 40),
  isDeaf: fc.boolean(),
  removedAfterSeconds: fc.constantFrom(undefined, undefined, undefined, 200),
});

/** Longer than two retentions, and than dead letters are waited for. */
const LIMIT_SECONDS = 4 * RETENTION_SECONDS + 3_600;

async function play(
  told: Story,
): Promise<{ readonly world: World; readonly consumers: Consumers; ids: string[] }> {
  const world = new World({ seed: told.seed });
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
  world.calls.faults = faultsOf(told);
  if (told.isDeaf) world.bursts.onEnd = () => {};
  const beginMs = world.nowMs();
  const deeds = [
    ...(told.deeds.length === 0 ? [] : told.deeds.map((): Deed => 'done')),
    'done' as const,
    ...told.deeds,
  ];
  const consumers = runConsumers(
    world,
    deeds,
    beginMs + told.worksSeconds * 1000,
    new Chance(told.seed, 'consumers'),
  );
  const ids = told.bursts.map(({ total, afterSeconds, isCounted }, at) => {
    const burstId = `b-${at}`;
    world.clock.after(afterSeconds * 1000, () => {
      keptBurst(world, { burstId, total, isCounted });
      // A pipeline whose record is gone takes no more tasks: these are lost on their way.
      if (world.configs.read('p') !== undefined) enqueue(world, upTo(total), { burstId, total });
    });
    return burstId;
  });
  if (told.removedAfterSeconds !== undefined) {
    world.clock.after(told.removedAfterSeconds * 1000, () => world.configs.remove('p'));
  }
  await world.pass(400);
  for (let waited = 0; waited < LIMIT_SECONDS && !ids.every((id) => isOver(world, id)); waited += 300) {
    await world.pass(300);
  }
  return { world, consumers, ids };
}

function faultsOf({ seed, permille }: Story): FaultPlan {
  const chance = new Chance(seed, 'faults of keepers');
  return {
    ofCall({ functionName }) {
      if (functionName !== 'reconciler' && functionName !== 'burst-listener') return undefined;
      if (!chance.happens(permille / 1000)) return undefined;
      return CALL_FAULTS[chance.whole(0, CALL_FAULTS.length - 1)];
    },
    ofRun: () => undefined,
  };
}

function isOver(world: World, burstId: string): boolean {
  const record = world.bursts.read(burstId);
  return record?.state === 'Ended' && record.checkAtMs === undefined;
}

/** Tasks of a burst that lie in the dead-letter queue, by their index. */
function buried(world: World, burstId: string): Set<number> {
  const queue = world.queues.byName.get(pipelineNames(STAGE, 'p').deadLetterQueue);
  const tasks = [...(queue?.messages.all() ?? [])].map(({ attributes }) => burstTaskOf(attributes));
  return new Set(tasks.flatMap((task) => (task?.burstId === burstId ? [task.index] : [])));
}

function judge(world: World, consumers: Consumers, record: BurstRecord | undefined, told: Story): void {
  if (record?.totals === undefined) throw new Error('a burst has no totals');
  const { burstId, total, totals, isCounted } = record;
  const { done, deadLettered, refused, unaccounted, running, failed } = totals;
  expect(done + deadLettered + refused + unaccounted).toBe(total);
  expect([running, failed, refused]).toEqual([0, 0, 0]);
  const events = world.events.published.filter(({ detail }) => detail.burstId === burstId);
  expect(events.length).toBeGreaterThan(0);
  for (const { detail } of events) expect(detail.totals).toEqual(totals);
  if (!isCounted) return;
  const finished = consumers.notedDone.get(burstId) ?? new Set();
  expect(done).toBe(finished.size);
  // Gone with its queue, where the pipeline is.
  if (told.removedAfterSeconds !== undefined) return;
  const letters = [...buried(world, burstId)].filter((index) => !finished.has(index));
  expect(deadLettered).toBe(letters.length);
}

it('a burst always ends, each of its tasks counted once, whatever is noted, lost or interrupted', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      const { world, consumers, ids } = await play(told);
      expect(ids.filter((id) => !isOver(world, id))).toEqual([]);
      for (const id of ids) judge(world, consumers, world.bursts.read(id), told);
    }),
    { numRuns: 60, seed: 5 },
  );
}, 300_000);
