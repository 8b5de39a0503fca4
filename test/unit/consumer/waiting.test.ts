import { describe, expect, it } from '@jest/globals';
import type { Call } from '../../../consumer/call.ts';
import type { Caller } from '../../../consumer/gate.ts';
import { createStarts } from '../../../consumer/starts.ts';
import { createWaiting } from '../../../consumer/waiting.ts';
import type { Hold } from '../../../core/flow/hold.ts';
import { createWorld, type World } from './world.ts';

const LEDGER = { kind: 'ledger', spacingMs: 1_000, toleranceMs: 18 } as const;

function waitingOf(world: World, { pace, slowestMs }: { pace?: typeof LEDGER; slowestMs?: number } = {}) {
  return createWaiting(pace && createStarts(pace, world.effects), () => slowestMs, world.effects);
}

function callerOf(world: World, callMs = 30_000) {
  const call: Call = {
    requestId: 'r1',
    callMs,
    deadlineMs: world.effects.nowMs() + callMs,
    marginMs: Math.min(1_000, callMs / 10),
  };
  const problems: string[] = [];
  const caller: Caller = {
    call,
    signal: new AbortController().signal,
    problem: (text) => problems.push(text),
  };
  return { caller, problems };
}

describe('a wait', () => {
  it('that is short is slept in the slot, and all is asked again', async () => {
    const world = createWorld();
    const untilMs = world.effects.nowMs() + 13_000;
    const { caller } = callerOf(world);
    expect(await world.until(waitingOf(world).sleepOr('held', untilMs, caller, undefined))).toBeUndefined();
    expect(world.effects.nowMs()).toBe(untilMs);
  });

  it('is as long as was asked for, though timers are early', async () => {
    const world = createWorld();
    const after = (ms: number, call: () => void) => world.effects.after(ms - 0.4, call);
    const waiting = createWaiting(undefined, () => undefined, { ...world.effects, after });
    const untilMs = world.effects.nowMs() + 100;
    await world.until(waiting.sleepUntil(untilMs));
    expect(world.effects.nowMs()).toBeGreaterThanOrEqual(untilMs);
  });

  it.each([
    ['20 s', 900_000, 20_000],
    ['half of the call, where no task has been seen', 30_000, 14_000],
    ['half of the call, however short', 1_000, 400],
  ])('keeps the slot for no longer than %s, and then waits in the queue', async (_, callMs, sleptMs) => {
    const world = createWorld();
    const startMs = world.effects.nowMs();
    const { caller } = callerOf(world, callMs);
    const hold: Hold = { sinceMs: startMs, untilMs: startMs + 60_000, cause: 'throttled', guesses: 0 };
    const waits = await world.until(waitingOf(world).sleepOr('held', hold.untilMs, caller, hold));
    expect(world.effects.nowMs() - startMs).toBe(sleptMs);
    // It goes on somewhere in the ramp: half of a tenth of the hold.
    expect(waits).toEqual({ kind: 'held', afterSeconds: Math.ceil((63_000 - sleptMs) / 1_000) });
  });

  it('leaves a call the time of its slowest task, and a tenth at least to give things back in', async () => {
    const world = createWorld();
    const budgetMs = (slowestMs: number) =>
      waitingOf(world, { slowestMs }).budgetMs(callerOf(world).caller.call);
    expect([0, 2_000, 10_000, 29_000].map(budgetMs)).toEqual([26_000, 26_000, 19_000, 0]);
  });

  it('of the next call is what a call like this one begins with', () => {
    const world = createWorld();
    const { caller } = callerOf(world);
    world.pass(20_000);
    const waiting = waitingOf(world, { slowestMs: 4_000 });
    expect(waiting.budgetMs(caller.call)).toBe(5_000);
    expect(waiting.nextBudgetMs(caller.call)).toBe(25_000);
  });

  it.each([
    ['no longer than a part of a second', 700, 700, 0],
    ['and hides it for the whole ones', 2_300, 300, 2],
    ['as long as its call has time to give back', 950, 800, 0],
    ['not at all where it is due', -5, 0, 0],
  ])('for a start that is near sleeps %s', async (_, waitMs, sleptMs, afterSeconds) => {
    const world = createWorld();
    const startMs = world.effects.nowMs();
    const { caller } = callerOf(world, 1_000);
    const waiting = waitingOf(world, { pace: LEDGER, slowestMs: 700 });
    const waits = await world.until(waiting.sleepPart(startMs + waitMs, caller.call));
    expect(waits).toEqual({ kind: 'early', isNear: true, afterSeconds });
    expect(world.effects.nowMs() - startMs).toBe(sleptMs);
  });

  it('for one that runs is over as soon as that must be', async () => {
    const world = createWorld();
    const { caller } = callerOf(world, 1_000);
    const untilMs = world.effects.nowMs() + 5_000;
    expect(await world.until(waitingOf(world).sleepOr('busy', untilMs, caller, undefined))).toEqual({
      kind: 'busy',
      afterSeconds: 5,
    });
  });

  it('of a group with a ledger ends with a turn of its own', async () => {
    const world = createWorld();
    const startMs = world.effects.nowMs();
    const hold: Hold = { sinceMs: startMs, untilMs: startMs + 60_000, cause: 'throttled', guesses: 0 };
    const backSeconds = async () => {
      const { caller } = callerOf(world, 1_000);
      const waits = waitingOf(world, { pace: LEDGER }).sleepOr('held', hold.untilMs, caller, hold);
      return (await world.until(waits))?.afterSeconds;
    };
    // 400 ms slept each, and 1.5 s earlier than the ticket says.
    expect([await backSeconds(), await backSeconds(), await backSeconds()]).toEqual([58, 58, 59]);
  });

  it('whose turn is not known ends with the hold, and the log says so', async () => {
    const world = createWorld();
    world.broken.add('shared');
    const { caller, problems } = callerOf(world, 1_000);
    const untilMs = world.effects.nowMs() + 60_000;
    const waits = waitingOf(world, { pace: LEDGER }).sleepOr('held', untilMs, caller, undefined);
    expect(await world.until(waits)).toEqual({ kind: 'held', afterSeconds: 60 });
    expect(problems).toEqual(['its turn is not known']);
  });
});

describe('tasks behind one that waits', () => {
  it('have turns of their own, drawn at once', async () => {
    const world = createWorld();
    const { caller } = callerOf(world);
    const waiting = waitingOf(world, { pace: LEDGER });
    for (const kind of ['held', 'early'] as const) {
      const waits = await waiting.putOff({ kind, afterSeconds: 100 }, 3, caller);
      const first = waits[0]?.afterSeconds ?? Number.NaN;
      expect(waits).toEqual([0, 1, 2].map((more) => ({ kind, afterSeconds: first + more })));
      expect(first).toBeGreaterThanOrEqual(98);
    }
    expect(world.sharedCalls).toEqual(['drawTickets', 'drawTickets']);
  });

  it('wait as it does where there are no turns', async () => {
    const world = createWorld();
    const { caller } = callerOf(world);
    const error = new Error('no');
    for (const one of [
      { kind: 'held', afterSeconds: 100 },
      { kind: 'early', afterSeconds: 100 },
      { kind: 'early', isNear: true, afterSeconds: 0 },
      { kind: 'busy', afterSeconds: 1 },
      { kind: 'unready', afterSeconds: 7, error },
    ] as const) {
      expect(await waitingOf(world).putOff(one, 3, caller)).toEqual([one, one, one]);
    }
    expect(world.sharedCalls).toEqual([]);
  });
});

describe('tasks behind one whose start is near', () => {
  it('are back with it, and keep their turns', async () => {
    const world = createWorld();
    const { caller } = callerOf(world);
    const one = { kind: 'early', isNear: true, afterSeconds: 0 } as const;
    expect(await waitingOf(world, { pace: LEDGER }).putOff(one, 2, caller)).toEqual([one, one]);
    expect(world.sharedCalls).toEqual([]);
  });
});

describe('a task that could not be told whether it may start', () => {
  it('comes back after 5 to 10 s, by chance', () => {
    const world = createWorld();
    const error = new Error('no');
    const unready = (chance: number) =>
      createWaiting(undefined, () => undefined, { ...world.effects, random: () => chance }).unready(error);
    expect(unready(0)).toEqual({ kind: 'unready', afterSeconds: 5, error });
    expect(unready(1)).toEqual({ kind: 'unready', afterSeconds: 10, error });
  });
});
