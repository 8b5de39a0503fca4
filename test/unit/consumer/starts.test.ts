import { describe, expect, it } from '@jest/globals';
import { createStarts } from '../../../consumer/starts.ts';
import type { TurnRequest } from '../../../core/flow/turns.ts';
import { createWorld, type World } from './world.ts';

const signal = new AbortController().signal;
const SPACING_MS = 1_000;

/** The ledger's answers take so long. */
interface Slow {
  replyMs: number;
}

function startsOf(world: World, slow: Slow = { replyMs: 0 }) {
  const requests: TurnRequest[] = [];
  const { takeTurn } = world.effects.shared;
  const shared = {
    ...world.effects.shared,
    takeTurn: (async (request, ran, until) => {
      requests.push(request);
      const answer = await takeTurn(request, ran, until);
      world.pass(slow.replyMs);
      return answer;
    }) satisfies typeof takeTurn,
  };
  const starts = createStarts(
    { kind: 'ledger', spacingMs: SPACING_MS, toleranceMs: 18 },
    { ...world.effects, shared },
  );
  const reserve = ({ isFresh = true, budgetMs = 26_000, nextBudgetMs = 26_000 } = {}) =>
    starts.reserve({ isFresh, budgetMs, nextBudgetMs, hold: undefined }, signal);
  return { starts, requests, reserve };
}

describe('a start of the ledger', () => {
  it('is granted while it is near, one after another', async () => {
    const world = createWorld();
    const { reserve } = startsOf(world);
    const given = [await reserve(), await reserve(), await reserve()];
    const firstMs = given[0]?.kind === 'granted' ? given[0].startMs : Number.NaN;
    expect(firstMs - world.effects.nowMs()).toBe(10);
    expect(given).toEqual([0, 1_000, 2_000].map((ms) => ({ kind: 'granted', startMs: firstMs + ms })));
    expect((await reserve()).kind).toBe('later');
  });

  it('is asked for as far ahead as answers have taken of late, half a second at most', async () => {
    const world = createWorld();
    const slow = { replyMs: 100 };
    const { reserve, requests } = startsOf(world, slow);
    const lead = async () => {
      world.pass(10_000);
      const nowMs = world.effects.nowMs();
      await reserve();
      return (requests.at(-1)?.earliestMs ?? 0) - nowMs;
    };
    expect(await lead()).toBe(10);
    for (let time = 0; time < 20; time += 1) await lead();
    expect(await lead()).toBeCloseTo(100, 0);
    slow.replyMs = 900;
    for (let time = 0; time < 20; time += 1) await lead();
    expect(await lead()).toBe(500);
  });

  it('is no further ahead than 3 s, nor than the call may wait once the answer is there and a timer was late', async () => {
    const world = createWorld();
    const { reserve, requests } = startsOf(world, { replyMs: 10 });
    for (const [budgetMs, horizonMs] of [
      [26_000, 3_000],
      [3_030, 3_000],
      [3_029, 2_999],
      [400, 370],
      [0, 0],
    ]) {
      world.pass(10_000);
      expect(await reserve({ budgetMs })).toMatchObject({ kind: 'granted' });
      expect(requests.at(-1)?.horizonMs).toBe(horizonMs);
    }
  });

  it('further ahead is not slept for: the task draws a ticket and comes back shortly before its time', async () => {
    const world = createWorld();
    const { reserve, starts } = startsOf(world);
    await starts.push(world.effects.nowMs() + 60_000, signal);
    // Back 1.5 s before, in whole seconds.
    expect(await reserve()).toEqual({ kind: 'later', afterSeconds: 58 });
    // Each its own, a little further apart than starts are.
    const later = [await reserve(), await reserve(), await reserve()];
    expect(later).toEqual([59, 60, 61].map((afterSeconds) => ({ kind: 'later', afterSeconds })));
  });

  it('is back closer to its time where its next call has little time to wait', async () => {
    const world = createWorld();
    const { reserve, starts } = startsOf(world);
    await starts.push(world.effects.nowMs() + 60_000, signal);
    expect(await reserve({ nextBudgetMs: 430 })).toEqual({ kind: 'later', afterSeconds: 59 });
  });

  it('that is near, but too far ahead for the call, is asked for again by who has waited: half of what a call may wait before it', async () => {
    const world = createWorld();
    const { reserve, starts } = startsOf(world);
    const nextMs = world.effects.nowMs() + 900;
    await starts.push(nextMs, signal);
    // 400 ms of horizon, and 30 ms until it is back.
    const near = await reserve({ isFresh: false, budgetMs: 100, nextBudgetMs: 430 });
    expect(near).toEqual({ kind: 'near', backMs: nextMs - 200 - 30 });
    expect(world.sharedCalls).toEqual(['pushTurns', 'takeTurn', 'drawTickets']);
    // A second one, in case the first is late, and a third just before the start.
    const more = [];
    for (let count = 0; count < 2; count += 1) {
      more.push(await reserve({ isFresh: false, budgetMs: 100, nextBudgetMs: 430 }));
    }
    expect(more.map((start) => start.kind === 'near' && Math.round(start.backMs - nextMs))).toEqual([
      -30, -30,
    ]);
  });

  it('that more wait for than it has places is not waited for: the others draw tickets', async () => {
    const world = createWorld();
    const { reserve, starts } = startsOf(world);
    await starts.push(world.effects.nowMs() + 900, signal);
    const kinds = [];
    for (let count = 0; count < 8; count += 1) {
      kinds.push((await reserve({ isFresh: false, budgetMs: 100, nextBudgetMs: 430 })).kind);
    }
    // From 0.9 s ahead to 2.4 s, three to each second.
    expect(kinds).toEqual(['near', 'near', 'near', 'near', 'near', 'later', 'later', 'later']);
  });

  it('that is near is not for who is fresh: it draws a ticket', async () => {
    const world = createWorld();
    const { reserve, starts } = startsOf(world);
    await starts.push(world.effects.nowMs() + 900, signal);
    expect(await reserve({ budgetMs: 100 })).toEqual({ kind: 'later', afterSeconds: 0 });
  });

  it('tells with the next one how long tasks took, each once', async () => {
    const world = createWorld();
    const { reserve, starts } = startsOf(world);
    starts.ran(200);
    starts.ran(300);
    await starts.push(world.effects.nowMs() + 60_000, signal);
    await reserve();
    expect(world.shared.ran).toEqual({ tasks: 0, ms: 0 });
    starts.ran(400);
    world.pass(60_000);
    await reserve({ isFresh: false });
    await reserve({ isFresh: false });
    expect(world.shared.ran).toEqual({ tasks: 3, ms: 900 });
  });
});

describe('tasks behind one that waits', () => {
  it('draw their tickets at once, as many as there are', async () => {
    const world = createWorld();
    const { starts } = startsOf(world);
    const floorMs = world.effects.nowMs() + 60_000;
    const seconds = await starts.putOff(5, floorMs, signal);
    expect(seconds).toEqual([58, 59, 60, 61, 62]);
    expect(world.sharedCalls).toEqual(['drawTickets']);
    expect(await starts.putOff(2, floorMs, signal)).toEqual([63, 64]);
  });
});
