import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { handOver } from '../../../../core/burst/driver.ts';
import { CALLS_IN_FLIGHT } from '../../../../functions/burst/sending/round.ts';
import type { CallFault } from '../../../../lab/simulator/world/faults.ts';
import type { World } from '../../../../lab/simulator/world/world.ts';
import { stageWith } from '../simulated-stage.ts';
import { copies, faultsAt, insistently } from './sending/attempts.ts';
import { ask, burstOf, RESTING } from './slices.ts';

const FAULTS: readonly CallFault[] = ['error', 'replyLost', 'crashBefore', 'crashAfter', 'hang'];
const SPREAD = { minSeconds: 0, maxSeconds: 2_000 };
/** The function that sends slices, whoever has called it. */
const SENDER = 'burst';

/** Until it is sent, or paused; an execution that has failed is followed by another, as the reconciler has it. */
async function untilSettled(world: World): Promise<void> {
  for (let passed = 0; passed < 20_000; passed += 20) {
    const record = burstOf(world);
    if (record.state !== 'Sending') return;
    if (world.burstRuns.running.size === 0) {
      const next = handOver(record, world.nowMs());
      world.bursts.write(next);
      world.burstRuns.start(next.driver?.owner ?? '', { burstId: 'b' });
    }
    await world.pass(20);
  }
  throw new Error(`neither sent nor paused: ${JSON.stringify(burstOf(world))}`);
}

/** What came of a burst in slices under these faults of the function. */
async function slicesUnder(faults: ReadonlyMap<number, CallFault>, count: number) {
  const world = await stageWith(RESTING);
  await insistently(world, { pipelineId: 'a', count, spread: SPREAD, burstId: 'b' });
  const struck = faultsAt(world, faults, SENDER);
  await untilSettled(world);
  const found = copies(world, 'a');
  const sent = [...found.values()].reduce((sum, copy) => sum + copy, 0);
  return { world, found, repeats: sent - found.size, calls: struck.calls() };
}

describe('a fault at any one call of a slice', () => {
  it.each(FAULTS)(
    '(%s) loses no task, and repeats no more than the calls in flight',
    async (fault) => {
      const { calls, repeats: none } = await slicesUnder(new Map(), 130);
      expect([calls > 30, none]).toEqual([true, 0]);
      for (let call = 1; call <= calls; call += 1) {
        const { found, repeats, world } = await slicesUnder(new Map([[call, fault]]), 130);
        expect({ call, tasks: found.size, state: burstOf(world).state }).toEqual({
          call,
          tasks: 130,
          state: 'Sent',
        });
        expect(repeats).toBeLessThanOrEqual(10 * CALLS_IN_FLIGHT);
      }
    },
    120_000,
  );
});

describe('a burst that is steered while anything goes wrong', () => {
  const wish = fc.constantFrom(
    { pause: true },
    { resume: true },
    { replan: {} },
    { replan: { spread: { minSeconds: 0, maxSeconds: 3_000 } } },
    { replan: { spread: { minSeconds: 5, maxSeconds: 60 } } },
    { replan: { spread: { maxConcurrency: 3 } } },
    { status: true },
    { cancel: true },
  );
  const story = fc.record({
    count: fc.integer({ min: 1, max: 7_000 }),
    wishes: fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), wish), { maxLength: 6 }),
    faults: fc.dictionary(fc.integer({ min: 1, max: 300 }).map(String), fc.constantFrom(...FAULTS), {
      maxKeys: 4,
    }),
  });

  it('has every task that it counts in the queue, in one plan each, and none that it does not', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ count, wishes, faults }) => {
        const world = await stageWith(RESTING);
        await insistently(world, { pipelineId: 'a', count, spread: SPREAD, burstId: 'b' });
        const struck = Object.entries(faults).map(([call, fault]) => [Number(call), fault] as const);
        faultsAt(world, new Map(struck), SENDER);
        for (const [afterSeconds, one] of wishes) {
          await world.pass(afterSeconds);
          await ask(world, one).catch((error: { name?: string }) => {
            if (error.name !== 'NotPossible') throw error;
          });
        }
        await untilSettled(world);
        if (burstOf(world).state === 'Paused') {
          await ask(world, { resume: true });
          await untilSettled(world);
        }
        const record = burstOf(world);
        expect(record.state).toBe('Sent');
        expect(record.given).toBe(count);
        if (!record.isCancelled) expect(record.total).toBe(count);
        // Each once or, where it was in flight at a crash, twice; all of them, and no others.
        const found = copies(world, 'a');
        expect([...found.keys()].sort((x, y) => x - y)).toEqual(
          Array.from({ length: record.total }, (_, index) => index),
        );
        const begins = record.segments.map(({ fromIndex }) => fromIndex);
        expect(begins[0]).toBe(0);
        expect(begins).toEqual([...new Set(begins)].sort((x, y) => x - y));
        const planned = record.segments.reduce((sum, { plan }) => sum + plan.count, 0);
        expect(planned).toBe(record.total);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
