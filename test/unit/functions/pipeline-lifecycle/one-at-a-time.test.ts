import { describe, expect, it } from '@jest/globals';
import { pipelineNames } from '../../../../core/names.ts';
import { STAGE, type World } from '../../../../lab/simulator/world/world.ts';
import { stageIn } from '../simulated-stage.ts';

/** An account in which so many units can be reserved. */
const roomFor = (units: number) => ({ accountConcurrency: 100 + units });
const one = (pipelineId: string) => ({ pipelineId, concurrency: 1, timeoutSeconds: 60 });

/** How one at a time is kept: as the status says, and as the function is. */
function look(world: World, pipelineId: string) {
  const { phase, applied } = world.statuses.read(pipelineId) ?? {};
  const consumer = world.functions.byName.get(pipelineNames(STAGE, pipelineId).function);
  return [phase, applied?.lease ?? false, consumer?.inService.lease, consumer?.reserved];
}

const LEASE = ['Active', true, true, undefined];
const UNIT = ['Active', false, false, 1];

/** The most tasks of a pipeline that ran at one moment, of those that ended after this. */
function peak(world: World, pipelineId: string, afterMs = 0): number {
  const runs = world.book.runs.filter((run) => run.pipelineId === pipelineId && run.endedAtMs > afterMs);
  return Math.max(
    0,
    ...runs.map(
      ({ startedAtMs: at }) => runs.filter((run) => run.startedAtMs <= at && run.endedAtMs > at).length,
    ),
  );
}

/** The account as the reconciler would have read it now. */
function readAccountAnew(world: World): void {
  const fact = world.ledgers.read('account');
  world.ledgers.write('account', world.functions.limits(), fact?.revision ?? 0);
}

describe('one at a time', () => {
  it('takes a unit where there is one, and else a lease: nobody is rejected', async () => {
    const world = await stageIn(roomFor(1), one('a'));
    readAccountAnew(world);
    world.configs.put('b', one('b'));
    await world.pass(60);
    expect([look(world, 'a'), look(world, 'b')]).toEqual([UNIT, LEASE]);
    for (const id of ['a', 'b']) world.send(id, 9, { seconds: 5 });
    await world.pass(3_600);
    expect([peak(world, 'a'), peak(world, 'b')]).toEqual([1, 1]);
    expect([...world.book.fates.values()].every(({ succeeded }) => succeeded)).toBe(true);
  });

  it('takes a lease where somebody else has taken the last unit since the account was read', async () => {
    const world = await stageIn(roomFor(1), { pipelineId: 'first' });
    for (const id of ['a', 'b', 'c']) world.configs.put(id, one(id));
    await world.pass(120);
    const all = ['a', 'b', 'c'].map((id) => look(world, id));
    expect(all.filter((each) => each[3] === 1)).toEqual([UNIT]);
    expect(all.filter((each) => each[3] === undefined)).toEqual([LEASE, LEASE]);
  });

  it('takes a lease, too, on its way down from more than one, and is Active when it holds', async () => {
    const world = await stageIn(roomFor(0), { ...one('a'), concurrency: 4 });
    world.send('a', 40, { seconds: 15 });
    await world.pass(30);
    world.configs.put('a', one('a'));
    await world.pass(30);
    expect(world.statuses.read('a')?.phase).toBe('Updating');
    await world.pass(120);
    expect(look(world, 'a')).toEqual(LEASE);
    const activeMs = Date.parse(world.statuses.read('a')?.updatedAt ?? '');
    await world.pass(900);
    expect(peak(world, 'a', activeMs)).toBe(1);
  });

  it('keeps its lease when there is room again, until its record asks for another concurrency', async () => {
    const world = await stageIn(roomFor(0), one('a'));
    expect(look(world, 'a')).toEqual(LEASE);
    world.functions.concurrency.total = 200;
    readAccountAnew(world);
    world.configs.put('a', { ...one('a'), memoryMb: 512 });
    await world.pass(60);
    expect(look(world, 'a')).toEqual(LEASE);
    world.configs.put('a', { ...one('a'), concurrency: 2 });
    await world.pass(60);
    expect(look(world, 'a')).toEqual(['Active', false, false, undefined]);
    world.configs.put('a', one('a'));
    await world.pass(180);
    expect(look(world, 'a')).toEqual(UNIT);
  });

  it('keeps a unit that somebody has reserved for it by hand', async () => {
    const world = await stageIn({ ...roomFor(1), reconciles: true }, one('a'));
    readAccountAnew(world);
    world.configs.put('b', one('b'));
    await world.pass(60);
    world.functions.releaseReservation(pipelineNames(STAGE, 'a').function);
    world.functions.reserveOne(pipelineNames(STAGE, 'b').function);
    await world.pass(300);
    expect([look(world, 'a'), look(world, 'b')]).toEqual([LEASE, UNIT]);
  });

  it('is Active by its lease once what ran without one is over', async () => {
    const world = await stageIn(roomFor(1), one('a'));
    world.functions.releaseReservation(pipelineNames(STAGE, 'a').function);
    world.functions.concurrency.total = 100;
    readAccountAnew(world);
    world.send('a', 20, { seconds: 50 });
    await world.pass(5);
    world.executions.start('again', { pipelineId: 'a', verify: true, reason: 'test' });
    await world.pass(600);
    expect(look(world, 'a')).toEqual(LEASE);
    const activeMs = Date.parse(world.statuses.read('a')?.updatedAt ?? '');
    expect([peak(world, 'a'), peak(world, 'a', activeMs)]).toEqual([2, 1]);
  });

  it('runs no two tasks at once while a run goes over from a lease to a unit, and throttles none after it', async () => {
    const world = await stageIn(roomFor(0), one('a'));
    world.functions.concurrency.total = 200;
    readAccountAnew(world);
    const { function: name } = pipelineNames(STAGE, 'a');
    const status = world.statuses.read('a');
    if (status?.applied === undefined) throw new Error('not settled');
    // As after a first run that broke off: nobody remembers that it took a lease.
    const { applied: _forgotten, ...rest } = status;
    const { concurrency, timeoutSeconds } = status.applied.wanted;
    world.statuses.write({ ...rest, dirty: true, ceiling: { concurrency, timeoutSeconds } });
    world.send('a', 30, { seconds: 4 });
    await world.pass(20);
    world.executions.start('again', { pipelineId: 'a', verify: true, reason: 'test' });
    await world.pass(300);
    expect([look(world, 'a'), peak(world, 'a')]).toEqual([UNIT, 1]);
    const calls = world.calls.log.map(({ operation }) => operation);
    expect(calls.indexOf('functions.reserveOne')).toBeLessThan(calls.lastIndexOf('functions.configure'));
    expect(world.functions.byName.get(name)?.reserved).toBe(1);
  });
});
