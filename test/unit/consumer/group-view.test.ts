import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createGroupView } from '../../../consumer/group-view.ts';
import { type GroupChange, refused } from '../../../core/flow/group.ts';
import type { GroupState, Hold } from '../../../core/flow/hold.ts';
import { createWorld, type World } from './world.ts';

const signal = new AbortController().signal;
const holdOf = (world: World, forMs: number): Hold => ({
  sinceMs: world.effects.nowMs(),
  untilMs: world.effects.nowMs() + forMs,
  cause: 'throttled',
  guesses: 0,
});
const setHold =
  (hold: Hold): GroupChange =>
  (before) => ({ ...before, hold });
const reads = ({ sharedCalls }: World) => sharedCalls.filter((name) => name === 'readGroup').length;

describe('what an environment knows of its group', () => {
  it('is read at most once a second, however many ask', async () => {
    const world = createWorld();
    const view = createGroupView(world.effects, true);
    for (let ms = 0; ms < 3_000; ms += 100) {
      await view.look(signal);
      world.pass(100);
    }
    expect(reads(world)).toBe(3);
  });

  it('is read at most once a second also while it cannot be read', async () => {
    const world = createWorld();
    world.broken.add('shared');
    const view = createGroupView(world.effects, true);
    await expect(view.look(signal)).rejects.toThrow('cannot be reached');
    for (let ms = 0; ms < 900; ms += 100) {
      world.pass(100);
      expect(await view.look(signal)).toEqual({});
    }
    expect(reads(world)).toBe(1);
    world.pass(100);
    await expect(view.look(signal)).rejects.toThrow('cannot be reached');
  });

  it('is what others have written, a second later', async () => {
    const world = createWorld();
    const view = createGroupView(world.effects, true);
    expect(await view.look(signal)).toEqual({});
    const hold = holdOf(world, 30_000);
    await createGroupView(world.effects, true).change(setHold(hold), signal);
    world.pass(999);
    expect(await view.look(signal)).toEqual({});
    world.pass(1);
    expect(await view.look(signal)).toEqual({ hold });
  });

  it('is nothing, and not asked for, where only its own throttling could hold it', async () => {
    const world = createWorld();
    const view = createGroupView(world.effects, false);
    await createGroupView(world.effects, true).change(setHold(holdOf(world, 30_000)), signal);
    const before = reads(world);
    for (let seconds = 0; seconds < 60; seconds += 1) {
      expect(await view.look(signal)).toEqual({});
      world.pass(1_000);
    }
    expect(reads(world)).toBe(before);
  });

  it('is asked for after a throttling of its own, until ten minutes after the hold', async () => {
    const world = createWorld();
    const view = createGroupView(world.effects, false);
    await view.change(setHold(holdOf(world, 30_000)), signal);
    const before = reads(world);
    for (let seconds = 0; seconds < 700; seconds += 1) {
      await view.look(signal);
      world.pass(1_000);
    }
    expect(reads(world) - before).toBe(630 - 1);
  });
});

describe('a change of what a group shares', () => {
  it('is known at once to the environment that made it, without another read', async () => {
    const world = createWorld();
    const view = createGroupView(world.effects, true);
    const hold = holdOf(world, 30_000);
    expect(await view.change(setHold(hold), signal)).toEqual({ hold });
    expect(await view.look(signal)).toEqual({ hold });
    expect(world.shared.readGroup().state).toEqual({ hold });
    expect(world.sharedCalls).toEqual(['readGroup', 'writeGroup']);
  });

  it('that changes nothing is not written', async () => {
    const world = createWorld();
    const view = createGroupView(world.effects, true);
    await view.change(() => undefined, signal);
    expect(world.sharedCalls).toEqual(['readGroup']);
  });

  it('is made of what others wrote in between: none of them is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 6 }), async (environments) => {
        const world = createWorld();
        const views = Array.from({ length: environments }, () => createGroupView(world.effects, true));
        // Each knows what was there before the others wrote.
        await Promise.all(views.map((view) => view.look(signal)));
        const addOne: GroupChange = ({ hold }) => ({
          hold: { ...holdOf(world, 1_000), guesses: (hold?.guesses ?? 0) + 1 },
        });
        await Promise.all(views.map((view) => view.change(addOne, signal)));
        expect(world.shared.readGroup()).toMatchObject({
          revision: environments,
          state: { hold: { guesses: environments } },
        });
      }),
    );
  });

  it('is given up where others write in between six times', async () => {
    const world = createWorld();
    const others = () => world.shared.writeGroup({}, world.shared.readGroup().revision);
    const view = createGroupView(world.effects, true);
    const change = view.change((before) => {
      others();
      return before;
    }, signal);
    await expect(change).rejects.toThrow('all the time');
    expect(world.sharedCalls.filter((name) => name === 'writeGroup')).toHaveLength(6);
  });
});

describe('a hold that nobody else can be told of', () => {
  const unheard = async (world: World, forMs: number) => {
    const view = createGroupView(world.effects, true);
    await view.look(signal);
    world.broken.add('shared');
    const refusal = { startedAtMs: world.effects.nowMs(), retryAfterMs: forMs, random: () => 0.5 };
    const change = refused({ ...refusal, nowMs: world.effects.nowMs() });
    await expect(view.change(change, signal)).rejects.toThrow('cannot be reached');
    return view;
  };

  it('holds this environment all the same, also once the others’ state can be read again', async () => {
    const world = createWorld();
    const view = await unheard(world, 30_000);
    const hold = holdOf(world, 30_000);
    expect(view.known()).toEqual({ hold });
    world.pass(2_000);
    world.broken.clear();
    expect(await view.look(signal)).toEqual({ hold });
    expect(world.shared.readGroup().state).toEqual({});
  });

  it('is told with the next change, and with one that would change nothing', async () => {
    for (const change of [setHoldless, () => undefined]) {
      const world = createWorld();
      const view = await unheard(world, 30_000);
      const hold = holdOf(world, 30_000);
      world.broken.clear();
      world.pass(2_000);
      expect((await view.change(change, signal)).hold).toEqual(hold);
      expect(world.shared.readGroup().state.hold).toEqual(hold);
    }
  });

  it('gives way to a longer one of others', async () => {
    const world = createWorld();
    const view = await unheard(world, 30_000);
    world.broken.clear();
    const longer = holdOf(world, 60_000);
    await createGroupView(world.effects, true).change(setHold(longer), signal);
    world.pass(1_000);
    expect((await view.look(signal)).hold).toEqual(longer);
  });

  it('is forgotten once it is over', async () => {
    const world = createWorld();
    const view = await unheard(world, 5_000);
    world.broken.clear();
    world.pass(5_000);
    expect(await view.look(signal)).toEqual({});
    await view.change(() => undefined, signal);
    expect(world.shared.readGroup().revision).toBe(0);
  });
});

/** A change of something else. */
function setHoldless(before: GroupState): GroupState {
  return { ...before, breaker: { state: 'closed', sinceMs: 1, opened: 0 } };
}
