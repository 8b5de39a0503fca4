import { describe, expect, it } from '@jest/globals';
import type { GroupState } from '../../../../core/flow/hold.ts';
import { pipelineNames } from '../../../../core/names.ts';
import { sendBurst } from '../../../../functions/trigger/send-burst.ts';
import { STAGE, type World } from '../../../../lab/simulator/world/world.ts';
import { deadLettersOf, messagesOf, run, stageWith } from '../simulated-stage.ts';

const { queue } = pipelineNames(STAGE, 'p');

/** Its new environments ask whether it is held. */
const ASKS = { pipelineId: 'p', breaker: {} };

/** Holds the group for so long from now. @returns the end, epoch milliseconds */
function hold(world: World, seconds: number, before: GroupState = {}): number {
  const nowMs = world.nowMs();
  const untilMs = nowMs + seconds * 1000;
  const sinceMs = before.hold?.sinceMs ?? nowMs;
  world.holds.put('p', { hold: { sinceMs, untilMs, cause: 'throttled', guesses: 0 } });
  return untilMs;
}

/** Phase, hold, whether it is said to rest, and the mapping's state. */
function look(world: World) {
  const { phase, hold: held, resting } = world.statuses.read('p') ?? {};
  return { phase, hold: held, resting, mapping: world.mappings.byQueue.get(queue)?.[0]?.state };
}

const AWAKE = { phase: 'Active', hold: undefined, resting: undefined, mapping: 'Enabled' };
const resting = (untilMs: number) => ({
  phase: 'Active',
  hold: { cause: 'throttled', untilMs },
  resting: true,
  mapping: 'Disabled',
});

/** How often the mapping was switched, or otherwise changed. */
function switches(world: World): number {
  return world.calls.log.filter(({ operation }) => operation === 'mappings.change').length;
}

describe('a consumer whose group is held', () => {
  it('rests for a long hold, is Active all the while, and is at work again the moment that it is over', async () => {
    const world = await stageWith(ASKS);
    const untilMs = hold(world, 600);
    world.send('p', 4);
    await world.pass(20);
    expect(look(world)).toEqual(resting(untilMs));
    await world.pass(530);
    expect([look(world), world.book.runs.length]).toEqual([resting(untilMs), 0]);
    await world.pass(60);
    expect(look(world)).toEqual(AWAKE);
    const starts = world.book.runs.map(({ startedAtMs }) => startedAtMs - untilMs);
    expect(starts).toHaveLength(4);
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...starts)).toBeLessThan(1_000);
    expect(switches(world)).toBe(2);
    expect(world.executions.running.size).toBe(0);
  });

  it('is woken no sooner than then where it would not wait: its environments would ask nobody', async () => {
    const world = await stageWith({ pipelineId: 'p' });
    const untilMs = hold(world, 600);
    world.send('p', 4);
    await world.pass(599);
    expect(look(world)).toEqual(resting(untilMs));
    await world.pass(30);
    expect([look(world), switches(world), world.book.runs.length]).toEqual([AWAKE, 2, 4]);
    expect(world.executions.running.size).toBe(0);
  });

  it('runs on in a short one: its runtime waits', async () => {
    const world = await stageWith(ASKS);
    hold(world, 120);
    await world.pass(130);
    expect([look(world), switches(world)]).toEqual([AWAKE, 0]);
  });

  it('rests on where the hold is prolonged, even by little, until its new end', async () => {
    const world = await stageWith(ASKS);
    hold(world, 600);
    await world.pass(540);
    const untilMs = hold(world, 100, world.holds.read('p'));
    await world.pass(30);
    expect(look(world)).toEqual(resting(untilMs));
    await world.pass(60);
    expect([look(world), switches(world)]).toEqual([AWAKE, 2]);
  });

  it('is woken at once where somebody ends its hold, and so is its ledger of starts', async () => {
    const world = await stageWith(ASKS);
    const endedMs = hold(world, 3_000);
    await world.pass(30);
    world.holds.remove('p');
    await world.pass(20);
    expect(look(world)).toEqual(AWAKE);
    const pulled = { pipelineId: 'p', endedMs, untilMs: 0 };
    expect(world.flow.pulled).toEqual([pulled, pulled]);
  });

  it('rests as long as its record forces its breaker open', async () => {
    const world = await stageWith(ASKS);
    world.configs.put('p', { pipelineId: 'p', breaker: { force: 'open' } });
    await world.pass(30);
    expect(look(world)).toEqual({ ...resting(0), hold: { cause: 'forced' } });
    world.configs.put('p', { pipelineId: 'p', breaker: {} });
    await world.pass(40);
    expect(look(world)).toEqual(AWAKE);
  });

  it('is paused and resumed as ever, and resumed while it is held it rests', async () => {
    const world = await stageWith(ASKS);
    const untilMs = hold(world, 900);
    await world.pass(20);
    world.configs.put('p', { ...ASKS, paused: true });
    await world.pass(20);
    expect(look(world)).toEqual({ phase: 'Paused', mapping: 'Disabled' });
    world.configs.put('p', ASKS);
    await world.pass(20);
    expect(look(world)).toEqual(resting(untilMs));
    await world.pass(840);
    expect(look(world)).toEqual(AWAKE);
  });

  it('takes an edit at rest, and is not woken for it', async () => {
    const world = await stageWith(ASKS);
    const untilMs = hold(world, 900);
    await world.pass(20);
    world.configs.put('p', { pipelineId: 'p', memoryMb: 512, concurrency: 5 });
    await world.pass(40);
    expect(look(world)).toEqual(resting(untilMs));
    const mapping = world.mappings.byQueue.get(queue)?.[0];
    expect(mapping?.inForce).toMatchObject({ enabled: false, maximumConcurrency: 5 });
  });

  it('is salvaged where it goes, and never woken', async () => {
    const world = await stageWith(ASKS);
    hold(world, 9_000);
    world.send('p', 3);
    await world.pass(30);
    world.configs.remove('p');
    await world.pass(1_200);
    expect(world.statuses.read('p')).toMatchObject({ phase: 'Deleted', salvage: { count: 3 } });
    expect([world.book.runs.length, switches(world)]).toEqual([0, 1]);
    expect([...messagesOf(world, 'p'), ...deadLettersOf(world, 'p')]).toEqual([]);
  });

  it('is not woken by bursts: no run is started for them', async () => {
    const world = await stageWith(ASKS);
    hold(world, 900);
    await world.pass(20);
    const before = world.executions.started.size;
    await run(world, (ports, deadlineMs) =>
      sendBurst({ pipelineId: 'p', count: 5 }, ports, world.settings, { requestId: 'r', deadlineMs }),
    );
    await world.pass(20);
    expect([world.executions.started.size - before, messagesOf(world, 'p').length]).toEqual([0, 5]);
  });

  it('rests for want of tasks when its hold is over, if its record says so', async () => {
    const world = await stageWith({ ...ASKS, restWhenIdleSeconds: 300 });
    const untilMs = hold(world, 900);
    await world.pass(20);
    expect(look(world)).toEqual(resting(untilMs));
    await world.pass(900);
    expect(look(world)).toEqual({ ...resting(untilMs), hold: undefined });
    expect(switches(world)).toBe(1);
  });
});
