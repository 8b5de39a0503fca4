import { describe, expect, it } from '@jest/globals';
import { createRuntime } from '../../../consumer/runtime.ts';
import { Throttled } from '../../../consumer/thrown.ts';
import type { ConsumerLimits } from '../../../core/flow/limits.ts';
import { createWorld, event, invocation, record, type World } from './world.ts';

const START_MS = 1_800_000_000_000;
const environmentOf = (limits: Partial<ConsumerLimits>, more = {}) => ({
  SLUICE_LIMITS: JSON.stringify(limits),
  ...more,
});
const ledger = { kind: 'ledger', spacingMs: 1_000, toleranceMs: 18 } as const;
const slots = { kind: 'slots', holdMs: 1_000 } as const;
const batch = (count: number) =>
  event(...Array.from({ length: count }, (_, at) => record(`m${String(at).padStart(5, '0')}`, { at })));
const outcomesOf = ({ lines }: World) => lines.flatMap(({ outcome }) => (outcome ? [outcome] : []));

/** A consumer that notes when its tasks start, and each takes so long. */
function consume(world: World, taskMs = 0) {
  const startedMs: number[] = [];
  const handler = createRuntime(() => {
    startedMs.push(world.effects.nowMs() - START_MS);
    world.pass(taskMs);
  }, world.effects);
  return { startedMs, handler };
}

describe('the rest of a batch', () => {
  it('whose first task has to wait for its turn draws its tickets at once, one after another', async () => {
    const world = createWorld(environmentOf({ pace: ledger }));
    world.shared.pushTurns(START_MS + 60_000);
    const { handler, startedMs } = consume(world);
    const { batchItemFailures } = await world.until(handler(batch(5), invocation()));
    expect(startedMs).toEqual([]);
    expect(batchItemFailures).toHaveLength(5);
    const seconds = [...world.hidden.values()];
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
    expect(new Set(seconds).size).toBe(5);
    expect(world.sharedCalls).toEqual(['readGroup', 'takeTurn', 'drawTickets', 'drawTickets']);
  });

  it('waits as its first task does where the group holds, and asks nothing but whether it still does', async () => {
    const world = createWorld(environmentOf({}));
    const handler = createRuntime(() => {
      throw new Throttled({ retryAfterSeconds: 3_600 });
    }, world.effects);
    await world.until(handler(batch(4), invocation()));
    expect(outcomesOf(world)).toEqual(['throttled', 'held', 'held', 'held']);
    expect(new Set(world.hidden.values()).size).toBe(1);
    expect(world.sharedCalls).toEqual(['readGroup', 'writeGroup', 'readGroup']);
  });

  it('waits where another call has the lease, a second', async () => {
    const world = createWorld(environmentOf({ lease: true }));
    world.shared.takeLease('another', START_MS + 3_600_000, START_MS);
    const { handler } = consume(world);
    await world.until(handler(batch(3), invocation()));
    expect(outcomesOf(world)).toEqual(['busy', 'busy', 'busy']);
    expect([...world.hidden.values()]).toEqual([1, 1, 1]);
  });

  it('waits where nobody can be asked, and none of it is an attempt', async () => {
    const world = createWorld(environmentOf({ pace: ledger }));
    world.broken.add('shared');
    const { handler } = consume(world);
    await world.until(handler(batch(3), invocation()));
    expect(outcomesOf(world)).toEqual(['unready', 'unready', 'unready']);
    expect(world.attempts.size).toBe(0);
  });

  it('runs where only one task’s own time has not come', async () => {
    const world = createWorld(environmentOf({ pace: ledger }));
    const { handler, startedMs } = consume(world);
    const anew = { messageId: 'm0', generation: 1, firstSentAtMs: 0, notBeforeMs: START_MS + 9_000 };
    const messageAttributes = { SluiceAnew: { dataType: 'String', stringValue: JSON.stringify(anew) } };
    const early = { ...record('m1', {}), messageAttributes };
    await world.until(handler(event(early, record('m2', {})), invocation()));
    expect(outcomesOf(world)).toEqual(['early', 'returned']);
    expect(startedMs).toHaveLength(1);
  });

  it('starts as far apart as the limit wants while the call has the time', async () => {
    const world = createWorld(environmentOf({ pace: ledger }));
    const { handler, startedMs } = consume(world, 100);
    await world.until(handler(batch(40), invocation(10_000)));
    const apart = startedMs.slice(1).map((ms, index) => ms - (startedMs[index] ?? 0));
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(1_000 - 18);
    expect(startedMs.length).toBeGreaterThan(7);
    expect(world.hidden.size).toBe(40 - startedMs.length);
  });

  it('may be ten thousand tasks: all of it is given back, each once', async () => {
    const world = createWorld(environmentOf({ pace: ledger }));
    world.shared.pushTurns(START_MS + 60_000);
    const { handler } = consume(world);
    const { batchItemFailures } = await world.until(handler(batch(10_000), invocation()));
    expect(new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).size).toBe(10_000);
    expect(world.hidden.size).toBe(10_000);
    expect(world.sharedCalls.filter((name) => name === 'drawTickets')).toHaveLength(2);
  });
});

describe('slots', () => {
  it('start no more than the limit in any window, over calls and environments one after another', async () => {
    const starts: number[] = [];
    let nowMs = START_MS;
    // Two environments in turn, as a poller may have it: the second one starts as soon as the first call is over.
    for (const callMs of [3_000, 3_000, 1_500, 3_000, 2_000, 3_000]) {
      const world = createWorld(environmentOf({ pace: { ...slots, holdMs: 500 } }));
      world.pass(nowMs - START_MS);
      const { handler, startedMs } = consume(world, 20);
      await world.until(handler(batch(10), invocation(callMs)));
      starts.push(...startedMs);
      nowMs = world.effects.nowMs();
    }
    const apart = starts.slice(1).map((ms, index) => ms - (starts[index] ?? 0));
    expect(starts.length).toBeGreaterThan(12);
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(500);
  });

  it('ask nobody for anything', async () => {
    const world = createWorld(environmentOf({ pace: slots }));
    await world.until(consume(world).handler(batch(3), invocation()));
    expect(world.sharedCalls).toEqual([]);
    expect(world.effects.nowMs() - START_MS).toBeGreaterThanOrEqual(3_000);
  });
});

describe('a call of the one that runs at a time', () => {
  const environment = environmentOf({ lease: true }, { SLUICE_STAGE: 'dev' });

  it('takes the lease once, whatever its batch holds, and frees it at its end', async () => {
    const world = createWorld(environment);
    await world.until(consume(world).handler(batch(5), invocation()));
    expect(world.sharedCalls.filter((name) => name.endsWith('Lease'))).toEqual(['takeLease', 'freeLease']);
  });

  it('frees it as well where the runtime breaks down in the middle, and tells what it had done', async () => {
    const world = createWorld(environment);
    const { write } = world.effects;
    const effects = {
      ...world.effects,
      write: (line: string) => {
        write(line);
        if (line.includes('m00001')) throw new Error('the log is full');
      },
    };
    const handler = createRuntime(() => undefined, effects);
    await expect(world.until(handler(batch(3), invocation()))).rejects.toThrow('the log is full');
    expect(world.sharedCalls.at(-1)).toBe('freeLease');
    expect(world.lines.find(({ sluice }) => sluice === 'metrics')).toMatchObject({ Done: 1 });
    expect(world.lines.at(-1)).toMatchObject({ sluice: 'call', level: 'error' });
  });

  it('has no lease to free where its batch is empty', async () => {
    const world = createWorld(environment);
    await world.until(consume(world).handler(event(), invocation()));
    expect(world.sharedCalls).toEqual([]);
  });
});

describe.each([1_000, 2_000, 3_000])('a call of %d ms', (callMs) => {
  it('starts its first task, whatever keeps its limits', async () => {
    for (const limits of [{ pace: ledger }, { pace: { ...slots, holdMs: 300 } }, { lease: true }, {}]) {
      const world = createWorld(environmentOf(limits));
      const { handler, startedMs } = consume(world, callMs * 0.6);
      await world.until(handler(batch(1), invocation(callMs)));
      expect(startedMs).toHaveLength(1);
      expect(outcomesOf(world)).toEqual(['returned']);
    }
  });

  it('is over in time, however long its tasks would have to wait', async () => {
    for (const [limits, wait] of [
      [{ pace: ledger }, (world: World) => world.shared.pushTurns(START_MS + 600_000)],
      [{ lease: true }, (world: World) => void world.shared.takeLease('x', START_MS + 600_000, START_MS)],
      [
        { pace: ledger },
        (world: World) =>
          void world.shared.writeGroup(
            { hold: { sinceMs: START_MS, untilMs: START_MS + 600_000, cause: 'throttled', guesses: 0 } },
            0,
          ),
      ],
    ] as const) {
      const world = createWorld(environmentOf(limits));
      wait(world);
      const { handler, startedMs } = consume(world);
      await world.until(handler(batch(3), invocation(callMs)));
      expect(startedMs).toEqual([]);
      expect(world.hidden.size).toBe(3);
      expect(world.effects.nowMs() - START_MS).toBeLessThan(callMs * 0.9);
    }
  });
});
