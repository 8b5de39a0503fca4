import { describe, expect, it } from '@jest/globals';
import { createTaskBreaker, type Found } from '../../../consumer/breaker.ts';
import { createGroupView } from '../../../consumer/group-view.ts';
import type { Breaker, BreakerSettings } from '../../../core/flow/breaker.ts';
import { createWorld, type World } from './world.ts';

const signal = new AbortController().signal;
const settings: BreakerSettings = {
  failureShare: 0.5,
  windowSeconds: 60,
  minTasks: 10,
  openSeconds: 30,
  probes: 2,
};

/** One environment of the group: what its tasks find out, and whether they may start. */
function environment(world: World, own: BreakerSettings = settings) {
  const view = createGroupView(world.effects, true);
  const breaker = createTaskBreaker(own, view, world.effects);
  return {
    find: (found: Found) => breaker.over({}, found, signal),
    over: breaker.over,
    admit: async () => {
      const state = await view.look(signal);
      return breaker.admit(state.breaker, world.effects.nowMs() + 20_000, signal);
    },
  };
}

const count = ({ sharedCalls }: World, call: string) => sharedCalls.filter((name) => name === call).length;
const stateOf = ({ shared }: World): Breaker | undefined => shared.readGroup().state.breaker;

/** Writes what the group's breaker is. */
function set(world: World, breaker: Breaker): void {
  world.shared.writeGroup({ breaker }, world.shared.readGroup().revision);
}

describe('what tasks of a group tell its breaker', () => {
  it('is told at once of a failure, and of successes once a part of the window', async () => {
    const world = createWorld();
    const one = environment(world);
    await one.find('succeeded');
    expect(count(world, 'addEnded')).toBe(1);
    for (let task = 0; task < 9; task += 1) {
      world.pass(1_000);
      await one.find('succeeded');
    }
    expect(count(world, 'addEnded')).toBe(1);
    world.pass(1_000);
    await one.find('succeeded');
    expect(count(world, 'addEnded')).toBe(2);
    await one.find('succeeded');
    await one.find('failed');
    expect(count(world, 'addEnded')).toBe(3);
    expect(endedIn(world)).toEqual({ tasks: 13, failed: 1 });
  });

  it('is nothing where a task found nothing out', async () => {
    const world = createWorld();
    await environment(world).find('nothing');
    expect(world.sharedCalls).toEqual([]);
  });

  it('is told later where it could not be, all of it', async () => {
    const world = createWorld();
    const one = environment(world);
    world.broken.add('shared');
    await expect(one.find('failed')).rejects.toThrow('cannot be reached');
    await expect(one.find('failed')).rejects.toThrow('cannot be reached');
    world.broken.clear();
    world.pass(1_000);
    await one.find('failed');
    expect(endedIn(world)).toEqual({ tasks: 3, failed: 3 });
  });

  it('is judged at failures only, and once a second, however many there are', async () => {
    const world = createWorld();
    const one = environment(world, { ...settings, minTasks: 1_000 });
    for (let task = 0; task < 20; task += 1) {
      await one.find('succeeded');
      await one.find('failed');
      world.pass(100);
    }
    expect(count(world, 'readEnded')).toBe(2);
  });

  it('is not of those that were under way when it opened, once it is closed again', async () => {
    const world = createWorld();
    const one = environment(world);
    await one.find('succeeded');
    // Told with the next ones.
    await one.find('succeeded');
    set(world, {
      state: 'open',
      sinceMs: world.effects.nowMs(),
      untilMs: world.effects.nowMs() + 1,
      opened: 1,
    });
    world.pass(1_000);
    for (let task = 0; task < 20; task += 1) await one.find('failed');
    expect(count(world, 'addEnded')).toBe(1);
    set(world, { state: 'closed', sinceMs: world.effects.nowMs(), opened: 1 });
    world.pass(1_000);
    await one.find('failed');
    expect(stateOf(world)?.state).toBe('closed');
    expect(endedIn(world)).toEqual({ tasks: 1, failed: 1 });
  });

  it('is not asked for where the record says what it is', async () => {
    for (const force of ['open', 'closed'] as const) {
      const world = createWorld();
      const one = environment(world, { ...settings, force });
      for (let task = 0; task < 20; task += 1) await one.find('failed');
      expect(world.sharedCalls).toEqual([]);
    }
  });
});

describe('a group’s breaker', () => {
  it('opens by what all its environments have told, and the group holds', async () => {
    const world = createWorld();
    const [one, other] = [environment(world), environment(world)];
    for (let task = 0; task < 5; task += 1) await one.find('succeeded');
    await one.find('failed');
    for (let task = 0; task < 4; task += 1) {
      world.pass(1_000);
      expect(stateOf(world)).toBeUndefined();
      await other.find('failed');
    }
    // Five of ten.
    expect(stateOf(world)).toMatchObject({ state: 'open', opened: 1, evidence: { tasks: 10, failed: 5 } });
    const { hold } = world.shared.readGroup().state;
    expect(hold).toMatchObject({ cause: 'breaker', untilMs: world.effects.nowMs() + 31_500 });
  });

  it('opens once, however many environments see it at once', async () => {
    const world = createWorld();
    const all = Array.from({ length: 5 }, () => environment(world));
    for (const one of all) await one.find('succeeded');
    await Promise.all(all.flatMap((one) => [one.find('failed'), one.find('failed')]));
    world.pass(1_000);
    await Promise.all(all.map((one) => one.find('failed')));
    expect(stateOf(world)).toMatchObject({ state: 'open', opened: 1 });
    expect(world.shared.readGroup().revision).toBe(1);
  });

  it('lets every task start while it is closed, and asks nobody for it', async () => {
    const world = createWorld();
    const one = environment(world);
    expect(await one.admit()).toEqual({});
    set(world, { state: 'closed', sinceMs: world.effects.nowMs(), opened: 3 });
    world.pass(1_000);
    expect(await one.admit()).toEqual({});
    expect(count(world, 'writeGroup')).toBe(0);
  });
});

describe('a probe', () => {
  const opened = async (world: World) => {
    const nowMs = world.effects.nowMs();
    set(world, { state: 'open', sinceMs: nowMs - 30_000, untilMs: nowMs, opened: 1 });
    return environment(world);
  };

  it('is one of as many as the record says; who comes after them looks again in a second', async () => {
    const world = createWorld();
    await opened(world);
    const all = Array.from({ length: 5 }, () => environment(world));
    const leaves = await Promise.all(all.map((one) => one.admit()));
    expect(leaves.filter((leave) => typeof leave === 'object')).toHaveLength(2);
    expect(new Set(leaves.filter((leave) => typeof leave === 'number'))).toEqual(
      new Set([world.effects.nowMs() + 1_000]),
    );
  });

  it('is none before the breaker’s time: it says when that is', async () => {
    const world = createWorld();
    const untilMs = world.effects.nowMs() + 7_000;
    set(world, { state: 'open', sinceMs: 0, untilMs, opened: 1 });
    expect(await environment(world).admit()).toBe(untilMs);
  });

  it('that succeeds, as the last of those that must, closes the breaker', async () => {
    const world = createWorld();
    const one = await opened(world);
    for (const state of ['halfOpen', 'closed']) {
      const leave = await one.admit();
      if (typeof leave === 'number') throw new Error('it may start');
      await one.over(leave, 'succeeded', signal);
      expect(stateOf(world)?.state).toBe(state);
    }
    expect(await one.admit()).toEqual({});
  });

  it('that fails opens it again, for longer, and the group holds', async () => {
    const world = createWorld();
    const one = await opened(world);
    const leave = await one.admit();
    if (typeof leave === 'number') throw new Error('it may start');
    await one.over(leave, 'failed', signal);
    expect(stateOf(world)).toMatchObject({
      state: 'open',
      opened: 2,
      untilMs: world.effects.nowMs() + 63_000,
    });
    expect(world.shared.readGroup().state.hold?.untilMs).toBe(world.effects.nowMs() + 63_000);
    expect(count(world, 'addEnded')).toBe(0);
  });

  it('that found nothing out gives its place back', async () => {
    const world = createWorld();
    const one = await opened(world);
    const [leave] = [await one.admit(), await one.admit()];
    expect(await one.admit()).toBe(world.effects.nowMs() + 1_000);
    if (typeof leave === 'number') throw new Error('it may start');
    await one.over(leave, 'nothing', signal);
    expect(await one.admit()).toEqual({ probeId: expect.any(String) });
  });

  it('that never ends keeps its place until its call must be over', async () => {
    const world = createWorld();
    const one = await opened(world);
    await one.admit();
    await one.admit();
    world.pass(19_999);
    expect(await one.admit()).toEqual(expect.any(Number));
    world.pass(1);
    expect(await one.admit()).toEqual({ probeId: expect.any(String) });
  });
});

/** All that was told of the window that ends now. */
function endedIn(world: World) {
  const sinceMs = stateOf(world)?.sinceMs ?? 0;
  const last = Math.floor(world.effects.nowMs() / 10_000);
  return world.shared.readEnded([0, 1, 2, 3, 4, 5].map((back) => `${sinceMs}-${last - back}`));
}
