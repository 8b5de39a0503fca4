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
  const reserve = ({ isFresh = true, budgetMs = 26_000 } = {}) =>
    starts.reserve({ isFresh, budgetMs, hold: undefined }, signal);
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

  it('is no further ahead than 3 s, nor than the call may wait', async () => {
    const world = createWorld();
    const { reserve, requests } = startsOf(world);
    for (const [budgetMs, horizonMs] of [
      [26_000, 3_000],
      [3_000, 3_000],
      [400, 400],
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

  it('is back closer to its time where a call has little of it to wait', async () => {
    const world = createWorld();
    const { reserve, starts } = startsOf(world);
    await starts.push(world.effects.nowMs() + 60_000, signal);
    expect(await reserve({ budgetMs: 400 })).toEqual({ kind: 'later', afterSeconds: 59 });
  });

  it('that nobody waits for and comes next is asked for again, a second later at the earliest', async () => {
    const world = createWorld();
    const { reserve, starts } = startsOf(world);
    for (const [nextMs, afterSeconds] of [
      [50, 1],
      [999, 1],
    ] as const) {
      world.pass(10_000);
      await starts.push(world.effects.nowMs() + nextMs, signal);
      expect(await reserve({ isFresh: false, budgetMs: 20 })).toEqual({ kind: 'later', afterSeconds });
    }
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
