import { expect, it } from '@jest/globals';
import { createStarts } from '../../../consumer/starts.ts';
import type { Hold } from '../../../core/flow/hold.ts';
import { createWorld } from './world.ts';

const SPACING_MS = 200;
const signal = new AbortController().signal;

it('spaces only the starts of a hold’s ramp as in it, however many are reserved at its end', async () => {
  const { effects } = createWorld();
  const nowMs = effects.nowMs();
  // Its ramp is half a second long.
  const hold: Hold = { sinceMs: nowMs - 1_000, untilMs: nowMs, cause: 'throttled', guesses: 0 };
  const starts = createStarts({ kind: 'ledger', spacingMs: SPACING_MS, toleranceMs: 18 }, effects);
  await starts.push(nowMs + 100, signal);

  const times: number[] = [];
  for (let at = 0; at < 5; at += 1) {
    const start = await starts.reserve(
      { isFresh: true, budgetMs: 10_000, nextBudgetMs: 10_000, hold },
      signal,
    );
    if (start.kind === 'granted') times.push(start.startMs - nowMs);
  }
  // A quarter of the rate right after the hold: 800 ms, by which the ramp is over.
  expect(times).toEqual([100, 900, 1_100, 1_300, 1_500]);
});

it('tells each duration once, also where it had to ask twice', async () => {
  const { effects } = createWorld();
  const told: number[] = [];
  const { takeTurn } = effects.shared;
  const shared = {
    ...effects.shared,
    takeTurn: async (...[request, ran, abort]: Parameters<typeof takeTurn>) => {
      const answer = await takeTurn(request, ran, abort);
      if (answer.kind === 'granted') told.push(ran.ms);
      return answer;
    },
  };
  const nowMs = effects.nowMs();
  const hold: Hold = { sinceMs: nowMs - 1_000, untilMs: nowMs, cause: 'throttled', guesses: 0 };
  const starts = createStarts(
    { kind: 'ledger', spacingMs: SPACING_MS, toleranceMs: 18 },
    { ...effects, shared },
  );
  await starts.push(nowMs + 2_000, signal);
  starts.ran(70);
  await starts.reserve({ isFresh: true, budgetMs: 10_000, nextBudgetMs: 10_000, hold }, signal);
  await starts.reserve({ isFresh: true, budgetMs: 10_000, nextBudgetMs: 10_000, hold }, signal);
  expect(told).toEqual([70, 0]);
});
