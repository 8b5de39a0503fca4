import { describe, expect, it } from '@jest/globals';
import { createRuntime } from '../../../consumer/runtime.ts';
import type { TaskContext } from '../../../consumer/task.ts';
import { Throttled } from '../../../consumer/thrown.ts';
import type { ConsumerLimits } from '../../../core/flow/limits.ts';
import { createWorld, event, invocation, record, type World } from './world.ts';

const START_MS = 1_800_000_000_000;
const environmentOf = (limits: Partial<ConsumerLimits>, more = {}) => ({
  SLUICE_LIMITS: JSON.stringify(limits),
  SLUICE_MAX_ATTEMPTS: '3',
  ...more,
});
const breaker = { failureShare: 0.5, windowSeconds: 60, minTasks: 1, openSeconds: 30, probes: 1 };

/** A consumer that the other side refuses so often, with this Retry-After. */
function refusedTimes(world: World, times: number, retryAfterSeconds?: number) {
  const started: { readonly atMs: number; readonly attempt: number }[] = [];
  const handler = createRuntime((_, { attempt }: TaskContext) => {
    started.push({ atMs: world.effects.nowMs() - START_MS, attempt });
    world.pass(100);
    if (started.length > times) return;
    throw new Throttled(retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  }, world.effects);
  const receive = (receives = 1, callMs = 30_000) =>
    world.until(handler(event(record('m1', {}, receives)), invocation(callMs)));
  return { started, receive };
}

describe('a task that the other side refuses', () => {
  it('is started again in the same receive, once the group goes on, and is the same attempt', async () => {
    const world = createWorld(environmentOf({}));
    const { started, receive } = refusedTimes(world, 1, 5);
    expect((await receive()).batchItemFailures).toEqual([]);
    // Five seconds after the refusal, and half of a ramp of half a second.
    expect(started).toEqual([
      { atMs: 0, attempt: 1 },
      { atMs: 5_350, attempt: 1 },
    ]);
    expect(world.lines).toHaveLength(1);
    expect(world.lines[0]).toMatchObject({
      outcome: 'returned',
      attempt: 1,
      startedAtMs: START_MS + 5_350,
      refusedAtMs: [START_MS],
    });
  });

  it('waits in the queue where the group waits for longer, and it was no attempt', async () => {
    const world = createWorld(environmentOf({}));
    const { started, receive } = refusedTimes(world, 99, 3_600);
    expect((await receive(2)).batchItemFailures).toEqual([{ itemIdentifier: 'm1' }]);
    expect(started).toHaveLength(1);
    expect(world.lines[0]).toMatchObject({
      level: 'warn',
      outcome: 'throttled',
      fate: 'giveBack',
      startedAtMs: START_MS,
      error: { name: 'Throttled' },
    });
    const { afterSeconds } = world.lines[0] as { afterSeconds: number };
    expect(afterSeconds).toBeGreaterThan(3_500);
    expect(world.hidden).toEqual(new Map([['m1', afterSeconds]]));
    expect(world.attempts.get('m1')).toEqual(new Set());
  });

  it('is never a dead letter for it, however often that happens', async () => {
    const world = createWorld(environmentOf({}));
    const { started, receive } = refusedTimes(world, Number.POSITIVE_INFINITY);
    for (let receives = 1; receives <= 40; receives += 1) {
      expect((await receive(receives)).batchItemFailures).toHaveLength(1);
      world.pass(3_600_000);
    }
    expect(new Set(started.map(({ attempt }) => attempt))).toEqual(new Set([1]));
    expect(world.letters).toEqual([]);
  });

  it('is asked at a growing distance where the other side does not say for how long', async () => {
    const world = createWorld(environmentOf({}));
    const { started, receive } = refusedTimes(world, 4);
    await receive(1, 900_000);
    const apart = started.slice(1).map(({ atMs }, index) => atMs - (started[index]?.atMs ?? 0));
    expect(apart).toHaveLength(4);
    for (const [index, ms] of apart.entries()) expect(ms).toBeGreaterThan(apart[index - 1] ?? 0);
  });

  it('is not started again without the time that it may take', async () => {
    const world = createWorld(environmentOf({}));
    const started: number[] = [];
    const handler = createRuntime(() => {
      started.push(world.effects.nowMs() - START_MS);
      world.pass(6_000);
      throw new Throttled({ retryAfterSeconds: 1 });
    }, world.effects);
    await world.until(handler(event(record('m1', {}), record('m2', {})), invocation(10_000)));
    expect(started).toEqual([0]);
    expect(world.lines.map(({ outcome, fate }) => [outcome, fate])).toEqual([
      ['throttled', 'giveBack'],
      ['held', 'giveBack'],
    ]);
  });

  it('holds the group also if it is refused as its time ends', async () => {
    const world = createWorld(environmentOf({}));
    const handler = createRuntime((_, { signal }) => {
      world.pass(29_000);
      expect(signal.aborted).toBe(true);
      throw new Throttled({ retryAfterSeconds: 60 });
    }, world.effects);
    const { writeGroup } = world.effects.shared;
    world.effects.shared.writeGroup = (state, revision, signal) => {
      signal.throwIfAborted();
      return writeGroup(state, revision, signal);
    };
    await world.until(handler(event(record('m1', {})), invocation(30_000)));
    expect(world.shared.readGroup().state.hold?.untilMs).toBe(START_MS + 29_000 + 60_000);
  });
});

describe('a task that waits for its start', () => {
  const ledger = { pace: { kind: 'ledger', spacingMs: 1_000, toleranceMs: 18 } } as const;

  it('is counted while it waits, and that is taken back if it does not start', async () => {
    const world = createWorld(environmentOf(ledger));
    const { noteAttempt } = world.effects;
    const effects = {
      ...world.effects,
      noteAttempt: async (...args: Parameters<typeof noteAttempt>) => {
        world.shared.writeGroup(
          { hold: { sinceMs: START_MS, untilMs: START_MS + 3_600_000, cause: 'throttled', guesses: 0 } },
          0,
        );
        return noteAttempt(...args);
      },
    };
    world.shared.pushTurns(START_MS + 2_000);
    const handler = createRuntime(() => undefined, effects);
    await world.until(handler(event(record('m1', {}, 4)), invocation()));
    expect(world.lines[0]).toMatchObject({ outcome: 'held' });
    expect(world.attempts.get('m1')).toEqual(new Set());
  });

  it('is not counted at all where its turn comes later', async () => {
    const world = createWorld(environmentOf(ledger));
    world.shared.pushTurns(START_MS + 60_000);
    const handler = createRuntime(() => undefined, world.effects);
    await world.until(handler(event(record('m1', {}, 4)), invocation()));
    expect(world.lines[0]).toMatchObject({ outcome: 'early', fate: 'giveBack' });
    expect(world.attempts.size).toBe(0);
  });

  it('is not started once the wait has used up its call', async () => {
    const world = createWorld(environmentOf(ledger));
    const started: number[] = [];
    const effects = {
      ...world.effects,
      noteAttempt: async () => {
        world.pass(9_500);
        return 1;
      },
    };
    const handler = createRuntime(() => started.push(1), effects);
    await world.until(handler(event(record('m1', {}, 2)), invocation(10_000)));
    expect(started).toEqual([]);
    expect(world.lines[0]).toMatchObject({ fate: 'giveBack' });
  });
});

describe('what a breaker is told of a task', () => {
  const told = async (run: (world: World) => unknown, minTasks = 1) => {
    const world = createWorld(environmentOf({ breaker: { ...breaker, minTasks } }));
    const ended: object[] = [];
    const { addEnded } = world.effects.shared;
    world.effects.shared.addEnded = (part, more, ...rest) => {
      ended.push(more);
      return addEnded(part, more, ...rest);
    };
    const handler = createRuntime(() => run(world), world.effects);
    await world.until(handler(event(record('m1', {})), invocation()));
    return { ended, world };
  };

  it('is that it returned, or that it threw', async () => {
    expect((await told(() => undefined)).ended).toEqual([{ tasks: 1, failed: 0 }]);
    const threw = await told(() => {
      throw new Error('no');
    });
    expect(threw.ended).toEqual([{ tasks: 1, failed: 1 }]);
    expect(threw.world.shared.readGroup().state.breaker).toMatchObject({ state: 'open' });
  });

  it('is nothing where it was refused: that holds the group anyway', async () => {
    let calls = 0;
    const { ended } = await told(() => {
      calls += 1;
      if (calls === 1) throw new Throttled({ retryAfterSeconds: 3_600 });
    });
    expect(ended).toEqual([]);
  });

  it('is that it was out of time while there is time to tell', async () => {
    await told(async (world) => {
      world.pass(29_000);
      await new Promise(setImmediate);
      expect(world.shared.readGroup().state.breaker).toMatchObject({ state: 'open' });
    });
  });

  it('is once that it was out of time, whatever it then does', async () => {
    for (const ending of ['returns', 'throws'] as const) {
      const { ended, world } = await told(async (its) => {
        its.pass(29_000);
        await new Promise(setImmediate);
        if (ending === 'throws') throw new Error('aborted');
      }, 100);
      expect(ended).toEqual([{ tasks: 1, failed: 1 }]);
      expect(world.lines[0]).toMatchObject({ sluice: 'log', level: 'warn' });
    }
  });
});
