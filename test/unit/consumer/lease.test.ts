import { describe, expect, it } from '@jest/globals';
import type { Call } from '../../../consumer/call.ts';
import { createLease } from '../../../consumer/lease.ts';
import { createWorld, type World } from './world.ts';

const signal = new AbortController().signal;
const callOf = (world: World, requestId: string, callMs = 30_000): Call => ({
  requestId,
  callMs,
  deadlineMs: world.effects.nowMs() + callMs,
  marginMs: 1_000,
});

describe('the lease of a group that runs one task at a time', () => {
  it('is taken once for all tasks of a call', async () => {
    const world = createWorld();
    const lease = createLease(world.effects);
    const call = callOf(world, 'r1');
    expect(await lease.take(call, signal)).toBeUndefined();
    expect(await lease.take(call, signal)).toBeUndefined();
    expect(world.sharedCalls).toEqual(['takeLease']);
  });

  it('keeps every other call waiting, which asks again in a second', async () => {
    const world = createWorld();
    await createLease(world.effects).take(callOf(world, 'r1'), signal);
    const others = createLease(world.effects);
    expect(await others.take(callOf(world, 'r2'), signal)).toBe(world.effects.nowMs() + 1_000);
    world.pass(29_000);
    // … or when it ends, if that is sooner: a second after its call must have ended.
    world.pass(1_500);
    expect(await others.take(callOf(world, 'r2'), signal)).toBe(world.effects.nowMs() + 500);
  });

  it('is another’s as soon as its call has freed it', async () => {
    const world = createWorld();
    const [one, other] = [createLease(world.effects), createLease(world.effects)];
    const call = callOf(world, 'r1');
    await one.take(call, signal);
    await one.free(call, signal);
    expect(await other.take(callOf(world, 'r2'), signal)).toBeUndefined();
  });

  it('outlives a dead call by no more than clocks may differ', async () => {
    const world = createWorld();
    await createLease(world.effects).take(callOf(world, 'r1'), signal);
    world.pass(30_999);
    const other = createLease(world.effects);
    expect(await other.take(callOf(world, 'r2'), signal)).toBe(world.effects.nowMs() + 1);
    world.pass(1);
    expect(await other.take(callOf(world, 'r2'), signal)).toBeUndefined();
  });

  it('is taken anew by each call of an environment', async () => {
    const world = createWorld();
    const lease = createLease(world.effects);
    await lease.take(callOf(world, 'r1'), signal);
    await lease.free(callOf(world, 'r1'), signal);
    await lease.take(callOf(world, 'r2'), signal);
    expect(world.sharedCalls).toEqual(['takeLease', 'freeLease', 'takeLease']);
  });

  it('is not freed by a call that never had it', async () => {
    const world = createWorld();
    await createLease(world.effects).take(callOf(world, 'r1'), signal);
    const other = createLease(world.effects);
    await other.take(callOf(world, 'r2'), signal);
    await other.free(callOf(world, 'r2'), signal);
    await createLease(world.effects).free(callOf(world, 'r3'), signal);
    expect(world.sharedCalls).toEqual(['takeLease', 'takeLease']);
  });

  it('is nobody’s while it cannot be asked for', async () => {
    const world = createWorld();
    world.broken.add('shared');
    const lease = createLease(world.effects);
    await expect(lease.take(callOf(world, 'r1'), signal)).rejects.toThrow('cannot be reached');
    await expect(lease.take(callOf(world, 'r1'), signal)).rejects.toThrow('cannot be reached');
  });

  it('is freed also where the reply to its taking was lost', async () => {
    const world = createWorld();
    const { takeLease } = world.effects.shared;
    const shared = {
      ...world.effects.shared,
      takeLease: async (...args: Parameters<typeof takeLease>) => {
        await takeLease(...args);
        throw new Error('the reply was lost');
      },
    };
    const lease = createLease({ ...world.effects, shared });
    await expect(lease.take(callOf(world, 'r1'), signal)).rejects.toThrow('lost');
    await lease.free(callOf(world, 'r1'), signal);
    expect(await createLease(world.effects).take(callOf(world, 'r2'), signal)).toBeUndefined();
  });
});
