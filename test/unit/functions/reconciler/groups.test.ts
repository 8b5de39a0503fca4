import { describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../../aws/ports.ts';
import { pipelineNames } from '../../../../core/names.ts';
import { STAGE, type World } from '../../../../lab/simulator/world/world.ts';
import { stageIn } from '../simulated-stage.ts';
import { tick } from './tick.ts';

const { queue } = pipelineNames(STAGE, 'p');

/** A stage whose listener never hears of holds. */
async function deafStage(record: Record<string, unknown> = {}): Promise<World> {
  const world = await stageIn({}, { pipelineId: 'p', ...record });
  world.holds.onChange = () => {};
  return world;
}

function hold(world: World, seconds: number): void {
  const untilMs = world.nowMs() + seconds * 1000;
  world.holds.put('p', { hold: { sinceMs: world.nowMs(), untilMs, cause: 'throttled', guesses: 0 } });
}

const mapping = (world: World) => world.mappings.byQueue.get(queue)?.[0]?.state;

describe('a tick of the reconciler', () => {
  it('rests a group whose hold nobody was told of, and wakes it when that is over', async () => {
    const world = await deafStage();
    hold(world, 900);
    expect((await tick(world)).started).toMatchObject({ missed: 1, drift: 0 });
    await world.pass(20);
    expect(mapping(world)).toBe('Disabled');
    expect((await tick(world)).started).toMatchObject({ missed: 0, drift: 0 });
    await world.pass(890);
    expect((await tick(world)).started).toMatchObject({ missed: 1, drift: 0 });
    await world.pass(20);
    expect(mapping(world)).toBe('Enabled');
  });

  it('leaves a group alone that is held for a short while', async () => {
    const world = await deafStage();
    hold(world, 100);
    expect((await tick(world)).started).toMatchObject({ missed: 0, drift: 0 });
  });

  it('has the status say when a hold ends that was prolonged', async () => {
    const world = await deafStage();
    hold(world, 900);
    await tick(world);
    await world.pass(20);
    hold(world, 2_000);
    await tick(world);
    await world.pass(20);
    expect(world.statuses.read('p')?.hold?.untilMs).toBe(world.holds.read('p')?.hold?.untilMs);
  });

  it('asks no more of Lambda’s bucket for a held group than for any other', async () => {
    const callsOf = async (world: World) => {
      const before = world.calls.log.length;
      await tick(world);
      const calls = world.calls.log.slice(before);
      return calls.filter(({ bucket }) => bucket === 'lambda').length;
    };
    const [held, free] = [await deafStage(), await deafStage()];
    hold(held, 900);
    await tick(held);
    await held.pass(20);
    expect(await callsOf(held)).toBe(await callsOf(free));
  });
});

describe('concurrency that follows from a rate', () => {
  const RATED = { rateLimit: { tasks: 2, perSeconds: 1 } };

  /** Sends tasks that take so long, lets them run, and ticks once. */
  async function work(world: World, count: number, seconds: number) {
    world.send('p', count, { seconds });
    await world.pass(count * seconds);
    const done = await tick(world);
    await world.pass(60);
    return done;
  }

  const concurrency = (world: World) => world.statuses.read('p')?.applied?.wanted.concurrency;

  it('goes with what tasks take, a step in each round', async () => {
    const world = await deafStage(RATED);
    const first = concurrency(world) ?? 0;
    expect((await work(world, 30, 4)).started).toMatchObject({ missed: 1 });
    expect(world.statuses.read('p')?.measured).toMatchObject({ taskSeconds: 4, tasks: 30, ms: 120_000 });
    const second = concurrency(world) ?? 0;
    expect(second).toBeGreaterThan(first);
    await work(world, 30, 10);
    expect(world.statuses.read('p')?.measured?.taskSeconds).toBe(7);
    expect(concurrency(world)).toBeGreaterThan(second);
    expect(world.mappings.byQueue.get(queue)?.[0]?.inForce.maximumConcurrency).toBe(concurrency(world));
  });

  it('stays as it is where tasks take a little less', async () => {
    const world = await deafStage(RATED);
    await work(world, 30, 10);
    const before = concurrency(world);
    expect((await work(world, 30, 7.5)).started).toMatchObject({ missed: 0 });
    expect(world.statuses.read('p')?.measured?.taskSeconds).toBe(8.75);
    expect(concurrency(world)).toBe(before);
    expect((await work(world, 30, 5)).started).toMatchObject({ missed: 1 });
    expect(concurrency(world)).toBeLessThan(before ?? 0);
  });

  it('is not measured while a run is under way, nor where somebody else writes the status', async () => {
    const world = await deafStage(RATED);
    world.send('p', 30, { seconds: 4 });
    await world.pass(120);
    const refuse = (ports: Ports) => ({
      ...ports,
      statuses: Object.assign(Object.create(ports.statuses), { write: async () => 'conflict' }),
    });
    expect((await tick(world, refuse)).started).toMatchObject({ missed: 0 });
    const status = world.statuses.read('p');
    if (status === undefined) throw new Error('no status');
    const lease = { owner: 'run', untilMs: world.nowMs() + 90_000, busyUntilMs: 0, pending: false };
    world.statuses.write({ ...status, lease });
    await tick(world);
    expect(world.statuses.read('p')?.measured).toBeUndefined();
  });

  it('is not measured of pipelines whose record says how much', async () => {
    const world = await deafStage({ ...RATED, concurrency: 3 });
    await work(world, 30, 4);
    expect([concurrency(world), world.statuses.read('p')?.measured]).toEqual([3, undefined]);
  });
});
