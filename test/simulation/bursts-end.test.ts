import { it } from '@jest/globals';
import fc from 'fast-check';
import { Chance } from '../../lab/simulator/chance.ts';
import { enqueue, keptBurst, upTo } from '../unit/functions/burst-record.ts';
import { DEEDS, type Deed, runConsumers, withDone } from './burst-consumers.ts';
import {
  faultsOf,
  judgeLetters,
  judgeTotals,
  RETENTION_SECONDS,
  untilOver,
  worldOf,
} from './burst-endings.ts';

/** What befalls a pipeline's bursts. */
interface Story {
  readonly seed: number;
  /** How many tasks each has, and when it is handed over. */
  readonly bursts: readonly {
    readonly total: number;
    readonly afterSeconds: number;
    readonly isCounted: boolean;
  }[];
  /** What becomes of some tasks; all others are done. */
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

async function play({ seed, bursts, deeds, worksSeconds, ...told }: Story): Promise<void> {
  const world = await worldOf(seed);
  world.calls.faults = faultsOf(seed, told.permille, ['reconciler', 'burst-listener']);
  if (told.isDeaf) world.bursts.onEnd = () => {};
  const consumers = runConsumers(
    world,
    withDone(deeds),
    world.nowMs() + worksSeconds * 1000,
    new Chance(seed, 'consumers'),
  );
  const ids = bursts.map(({ total, afterSeconds, isCounted }, at) => {
    const burstId = `b-${at}`;
    world.clock.after(afterSeconds * 1000, () => {
      keptBurst(world, { burstId, total, isCounted });
      // A pipeline whose record is gone takes no more tasks: these are lost on their way.
      if (world.configs.read('p') !== undefined) enqueue(world, upTo(total), { burstId, total });
    });
    return burstId;
  });
  const { removedAfterSeconds } = told;
  if (removedAfterSeconds !== undefined) {
    world.clock.after(removedAfterSeconds * 1000, () => world.configs.remove('p'));
  }
  await world.pass(400);
  await untilOver(world, ids, LIMIT_SECONDS);
  for (const id of ids) {
    judgeTotals(world, consumers, id);
    // They are gone with their queue, where the pipeline is.
    if (removedAfterSeconds === undefined) judgeLetters(world, consumers, id);
  }
}

it('a burst always ends, each of its tasks counted once, whatever is noted, lost or interrupted', async () => {
  await fc.assert(fc.asyncProperty(story, play), { numRuns: 60, seed: 5 });
}, 300_000);
