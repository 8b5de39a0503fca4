import { describe, expect, it } from '@jest/globals';
import type { Call } from '../../../consumer/call.ts';
import type { TaskOutcome } from '../../../consumer/fate.ts';
import { settle } from '../../../consumer/settle.ts';
import type { TaskRun } from '../../../consumer/task.ts';
import { createWorld, record, type World } from './world.ts';

const error = new Error('no');

function callOf(world: World): Call {
  const callMs = 30_000;
  return { requestId: 'r1', callMs, deadlineMs: world.effects.nowMs() + callMs, marginMs: 1_000 };
}

/** A task whose key is claimed, and what becomes of the claim. */
function claimed(world: World, outcome: TaskOutcome, more: Partial<TaskRun> = {}) {
  const claims: string[] = [];
  const nowMs = world.effects.nowMs();
  const run: TaskRun = {
    outcome,
    attempt: { number: 1, isNoted: false },
    claim: {
      done: async () => void claims.push('done'),
      drop: async () => void claims.push('dropped'),
    },
    startedAtMs: nowMs,
    endedAtMs: nowMs,
    ...more,
  };
  return { run, claims };
}

describe('the key of a task', () => {
  it.each<[string, TaskOutcome]>([
    ['done', { kind: 'returned' }],
    ['done', { kind: 'dropped', reason: 'gone' }],
    ['dropped', { kind: 'threw', error }],
    ['dropped', { kind: 'gaveUp', reason: 'bad', error }],
    ['dropped', { kind: 'postponed', seconds: 5 }],
    ['dropped', { kind: 'throttled', afterSeconds: 5, error, said: {} }],
    ['dropped', { kind: 'held', afterSeconds: 5 }],
    ['dropped', { kind: 'early', afterSeconds: 5 }],
    ['dropped', { kind: 'exhausted' }],
    ['dropped', { kind: 'notStarted' }],
  ])('is %s where it ended so: %j', async (what, outcome) => {
    const world = createWorld({ SLUICE_MAX_ATTEMPTS: '3' });
    const { run, claims } = claimed(world, outcome);
    await settle(record('m1', {}), run, callOf(world), world.effects, undefined);
    expect(claims).toEqual([what]);
  });

  it('that could not be dropped is told of, and nothing else changes for it', async () => {
    const world = createWorld();
    const { run } = claimed(
      world,
      { kind: 'postponed', seconds: 5 },
      {
        claim: {
          done: async () => {},
          drop: async () => {
            throw error;
          },
        },
      },
    );
    const settled = await settle(record('m1', {}), run, callOf(world), world.effects, undefined);
    expect(settled).toEqual({
      fate: { kind: 'giveBack', afterSeconds: 5 },
      problems: [{ text: 'its key is taken until its claim ends', error }],
    });
    expect(world.hidden).toEqual(new Map([['m1', 5]]));
  });
});

describe('a task that is done', () => {
  it('without a key asks nothing of anybody', async () => {
    const world = createWorld();
    for (const what of ['table', 'queue', 'deadLetterQueue', 'shared'] as const) world.broken.add(what);
    const { run } = claimed(world, { kind: 'returned' });
    const { claim: _none, ...unclaimed } = run;
    const settled = await settle(record('m1', {}), unclaimed, callOf(world), world.effects, 50);
    expect(settled).toEqual({ fate: { kind: 'done' }, problems: [] });
  });
});

describe('what is done for a message', () => {
  it('is over in half of the margin, whether or not AWS answers', async () => {
    const world = createWorld({ SLUICE_MAX_ATTEMPTS: '1' });
    const never = () => new Promise<never>(() => {});
    const effects = { ...world.effects, hide: never, sendDeadLetter: never, noteAttempt: never };
    const { run } = claimed(world, { kind: 'threw', error }, { claim: { done: never, drop: never } });
    const call = callOf(world);
    const settled = await world.until(settle(record('m1', {}), run, call, effects, undefined));
    expect(settled.fate.kind).toBe('retry');
    expect(world.effects.nowMs()).toBe(call.deadlineMs - 500);
  });

  it('is a message in its place, also for a dead letter that could not be sent', async () => {
    const world = createWorld({ SLUICE_MAX_ATTEMPTS: '1' });
    world.broken.add('deadLetterQueue');
    const { run } = claimed(world, { kind: 'threw', error });
    const settled = await settle(record('m1', {}, 49), run, callOf(world), world.effects, 50);
    expect(settled.fate).toMatchObject({ kind: 'retry', anew: true });
    expect(world.anew).toHaveLength(1);
    expect(world.hidden.size).toBe(0);
  });
});
