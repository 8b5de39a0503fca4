import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRuntime } from '../../../consumer/runtime.ts';
import { notesEffectsOf, notesOver } from '../../../lab/simulator/flow/notes-memory.ts';
import { burstRecord, createWorld, event, invocation, record } from './world.ts';

const TOTAL = 40;

describe('what could not be noted of a burst', () => {
  it('is noted once in the end, whichever updates failed or were not answered', async () => {
    const fates = fc.array(fc.constantFrom('fails' as const, 'replyLost' as const, 'answered' as const), {
      minLength: 20,
      maxLength: 200,
    });
    const restsMs = fc.constantFrom(0, 1_000, 11_000);
    const batches = fc.integer({ min: 1, max: 8 });
    await fc.assert(
      fc.asyncProperty(fates, batches, restsMs, async (all, batch, restMs) => {
        const world = createWorld({ SLUICE_MAX_ATTEMPTS: '3' });
        const left = [...all];
        const bursts = notesOver(notesEffectsOf(world.notes), async (_name, _signal, effect) => {
          const fate = left.shift();
          if (fate === 'fails') throw new Error('not reached');
          const answer = effect();
          if (fate === 'replyLost') throw new Error('not heard');
          return answer;
        });
        const handle = createRuntime(
          () => new Promise<void>((resolve) => void world.effects.after(7, resolve)),
          { ...world.effects, bursts },
        );
        const receive = async (...records: ReturnType<typeof record>[]) => {
          await world.until(handle(event(...records), invocation(60_000)));
          world.pass(restMs);
        };
        const tasks = Array.from({ length: TOTAL }, (_, index) =>
          burstRecord(`m${index}`, {}, { index: String(index), total: String(TOTAL) }),
        );
        for (let from = 0; from < TOTAL; from += batch) await receive(...tasks.slice(from, from + batch));
        left.length = 0;
        world.pass(10_000);
        await receive(record('another', {}));
        const shards = [0, 1].map((shard) => world.notes.shard('b#1', shard));
        expect(shards.flatMap(({ done }) => [...done])).toHaveLength(TOTAL);
        expect(shards.reduce((sum, { tasks: ran }) => sum + ran, 0)).toBe(TOTAL);
        expect(shards.reduce((sum, { ranMs }) => sum + ranMs, 0)).toBe(7 * TOTAL);
        expect(shards.flatMap(({ running }) => [...running])).toEqual([]);
        expect(world.notes.hasEnded('b#1')).toBe(true);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
