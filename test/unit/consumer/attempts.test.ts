import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RetryLater } from '../../../consumer/index.ts';
import { createRuntime } from '../../../consumer/runtime.ts';
import { createWorld, event, invocation, record, type World } from './world.ts';

const MAX_ATTEMPTS = 3;
const environment = { SLUICE_PIPELINE_ID: 'a', SLUICE_MAX_ATTEMPTS: String(MAX_ATTEMPTS) };

/** What a receive of the one message of these tests comes to. */
type Receive = 'throws' | 'later' | 'throttled' | 'crashes' | 'noTime';

class Crash extends Error {}

/** Plays receives of one message until it is over. @returns the attempt numbers that the handler was given */
async function play(receives: readonly Receive[], world: World): Promise<number[]> {
  const seen: number[] = [];
  for (const [at, receive] of receives.entries()) {
    if (receive === 'throttled') continue;
    const handler = createRuntime((_, { attempt }) => {
      seen.push(attempt);
      if (receive === 'later') throw new RetryLater({ seconds: 1 });
      if (receive === 'crashes') world.effects.nowMs = () => fail();
      throw new Error('no');
    }, world.effects);
    const { nowMs } = world.effects;
    const fail = () => {
      world.effects.nowMs = nowMs;
      throw new Crash();
    };
    try {
      // A call without time is one in which a task before this one has used it up.
      const call = event(record('m1', {}, at + 1));
      const { batchItemFailures } = await handler(call, invocation(receive === 'noTime' ? 0 : 30_000));
      if (batchItemFailures.length === 0) break;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
  return seen;
}

describe('attempts', () => {
  it('of a task that always throws end with a dead letter after exactly maxAttempts', async () => {
    const world = createWorld(environment);
    expect(await play(['throws', 'throws', 'throws', 'throws', 'throws'], world)).toEqual([1, 2, 3]);
    expect(world.letters).toHaveLength(1);
  });

  it('are not what was throttled, given back or had no time, however often and whenever', async () => {
    const none = fc.constantFrom<Receive>('later', 'throttled', 'noTime');
    const before = fc.array(none, { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(before, { minLength: MAX_ATTEMPTS, maxLength: MAX_ATTEMPTS }),
        async (all) => {
          const world = createWorld(environment);
          const receives = all.flatMap((some): Receive[] => [...some, 'throws']);
          await play(receives, world);
          expect(world.letters).toHaveLength(1);
          expect(world.lines.filter(({ outcome }) => outcome === 'threw')).toMatchObject(
            [1, 2, 3].map((attempt) => ({ attempt })),
          );
        },
      ),
    );
  });

  it('that never end count all the same, but for a first receive: the last of them is not followed by another', async () => {
    const world = createWorld(environment);
    const crashes = Array.from({ length: 8 }, (): Receive => 'crashes');
    expect(await play(crashes, world)).toEqual([1, 1, 2, 3]);
    expect(world.letters).toHaveLength(1);
    expect(world.lines.at(-1)).toMatchObject({ outcome: 'exhausted', fate: 'deadLetter', receives: 5 });
  });

  it('read and write nothing at a first receive, unless it throws', async () => {
    const world = createWorld(environment);
    world.broken.add('table');
    const handler = createRuntime<string>((task) => {
      if (task === 'later') throw new RetryLater({ seconds: 7 });
    }, world.effects);
    await handler(event(record('m1', '"good"'), record('m2', '"later"')), invocation());
    expect(world.lines.map(({ fate }) => fate)).toEqual(['done', 'giveBack']);
    expect(world.hidden).toEqual(new Map([['m2', 7]]));
  });

  it('never make a dead letter while they cannot be counted, and the log says so', async () => {
    const world = createWorld(environment);
    world.broken.add('table');
    const receives = Array.from({ length: 40 }, (): Receive => 'throws');
    const seen = await play(receives, world);
    expect(seen).toEqual(receives.map((_, at) => at + 1));
    expect(world.letters).toEqual([]);
    const problems = world.lines.filter(({ sluice }) => sluice === 'problem');
    expect(new Set(problems.map(({ message }) => message))).toEqual(
      new Set(['this attempt does not count', 'the attempt could not be counted']),
    );
  });

  it('have no end of their own in a function that says no maxAttempts', async () => {
    const world = createWorld();
    expect(await play(Array(50).fill('throws'), world)).toHaveLength(50);
    expect(world.letters).toEqual([]);
  });

  it('of a task with one attempt are one: it is a dead letter though the table cannot be reached', async () => {
    const world = createWorld({ SLUICE_MAX_ATTEMPTS: '1' });
    world.broken.add('table');
    expect(await play(['throws', 'throws'], world)).toEqual([1]);
    expect(world.letters).toHaveLength(1);
  });
});
