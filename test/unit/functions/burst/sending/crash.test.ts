import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SQS_BATCH_ENTRIES } from '../../../../../core/aws-limits.ts';
import { CALLS_IN_FLIGHT } from '../../../../../functions/burst/sending/round.ts';
import type { CallFault } from '../../../../../lab/simulator/world/faults.ts';
import { stageWith } from '../../simulated-stage.ts';
import { RESTING, sentTasks } from '../slices.ts';
import { attempt, copies, faultsAt, insistently } from './attempts.ts';

/** What came of a burst of so many tasks under these faults, resent until it was answered. */
async function burstUnder(faults: ReadonlyMap<number, CallFault>, count: number, spread?: object) {
  const world = await stageWith(RESTING);
  const struck = faultsAt(world, faults);
  const result = await insistently(world, { pipelineId: 'a', count, spread, burstId: 'b' });
  const found = copies(world, 'a');
  const total = [...found.values()].reduce((sum, copy) => sum + copy, 0);
  return { world, result, found, repeats: total - found.size, calls: struck.calls() };
}

const FAULTS: readonly CallFault[] = ['error', 'throttle', 'replyLost', 'crashBefore', 'crashAfter', 'hang'];

describe('a burst that is resent after a fault at any one call', () => {
  it.each(FAULTS)(
    '(%s) has every task in the queue, and repeats no more than the calls in flight',
    async (fault) => {
      const { calls } = await burstUnder(new Map(), 230);
      expect(calls).toBeGreaterThan(30);
      for (let call = 1; call <= calls; call += 1) {
        const { result, found, repeats } = await burstUnder(new Map([[call, fault]]), 230);
        expect({ call, tasks: found.size, accepted: result.accepted, failed: result.failed }).toEqual({
          call,
          tasks: 230,
          accepted: 230,
          failed: [],
        });
        expect(result.state).toBe('sent');
        // A lost reply repeats its own call; a crash those that were not noted yet.
        expect(repeats).toBeLessThanOrEqual(10 * (fault === 'replyLost' ? 1 : CALLS_IN_FLIGHT));
        if (fault === 'error' || fault === 'throttle') expect(repeats).toBe(0);
      }
    },
  );
});

describe('what a crash repeats', () => {
  it('is what the documents say', async () => {
    const text = await readFile('docs/how-it-works.md', 'utf8');
    expect(text).toContain(`(${CALLS_IN_FLIGHT * SQS_BATCH_ENTRIES} tasks)`);
  });
});

describe('a burst that is resent after any faults', () => {
  it('loses no task, and repeats no more than the calls in flight at each', async () => {
    const faultsOf = fc.dictionary(fc.integer({ min: 1, max: 900 }).map(String), fc.constantFrom(...FAULTS), {
      maxKeys: 5,
    });
    const spreads = fc.constantFrom(
      undefined,
      { minSeconds: 0, maxSeconds: 20 },
      { minSeconds: 10, maxSeconds: 100 },
    );
    await fc.assert(
      fc.asyncProperty(
        faultsOf,
        fc.integer({ min: 1, max: 6_000 }),
        spreads,
        async (given, count, spread) => {
          const faults = new Map(Object.entries(given).map(([call, fault]) => [Number(call), fault]));
          const { result, found, repeats } = await burstUnder(faults, count, spread);
          expect([found.size, result.accepted]).toEqual([count, count]);
          expect(repeats).toBeLessThanOrEqual(faults.size * 10 * CALLS_IN_FLIGHT);
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);

  it('repeats nothing where it was not interrupted, however often it is resent', async () => {
    const { world, repeats } = await burstUnder(new Map(), 5_500);
    expect(repeats).toBe(0);
    for (let again = 0; again < 3; again += 1) {
      const result = await insistently(world, { pipelineId: 'a', count: 5_500, burstId: 'b' });
      expect(result).toMatchObject({ state: 'sent', accepted: 5_500, failed: [] });
    }
    expect([...copies(world, 'a').values()].every((copy) => copy === 1)).toBe(true);
  });

  it('keeps the times of its first plan, so that what is resent later is not due later', async () => {
    const spread = { minSeconds: 0, maxSeconds: 300 };
    const world = await stageWith(RESTING);
    const startMs = world.nowMs();
    faultsAt(world, new Map([[25, 'crashBefore']]));
    const input = { pipelineId: 'a', count: 400, spread };
    expect((await attempt(world, input)).kind).toBe('crashed');
    const before = copies(world, 'a').size;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(400);
    await world.pass(60);
    await insistently(world, input);
    const sent = sentTasks(world);
    expect(new Set(sent.map(({ index }) => index)).size).toBe(400);
    for (const { index, dueMs } of sent) {
      const plannedMs = startMs + (index * 301_000) / 400;
      // Those whose time was over by then come at once.
      expect(dueMs).toBeLessThan(Math.max(plannedMs, startMs + 62_000) + 2_500);
    }
  });
});
