import { describe, expect, it } from '@jest/globals';
import type { FaultPlan } from '../../../../lab/simulator/world/faults.ts';
import { PLAIN_NATURE } from '../../../../lab/simulator/world/nature.ts';
import type { Image } from '../../../../lab/simulator/world/tables.ts';
import { CODE_KEY, World } from '../../../../lab/simulator/world/world.ts';

const TIMEOUT_SECONDS = 20;
/** Five slots, each of them kept for half a second. */
const SLOTS = { concurrency: 5, rateLimit: { tasks: 10, perSeconds: 2 } };
/** Three do not divide ten. */
const LEDGER = { concurrency: 3, rateLimit: { tasks: 10, perSeconds: 2 } };
const MORE_SLOTS = { concurrency: 10, rateLimit: { tasks: 10, perSeconds: 2 } };
const ONE_SLOT = { concurrency: 1, rateLimit: { tasks: 2, perSeconds: 2 } };
const TWO_SLOTS = { concurrency: 2, rateLimit: { tasks: 2, perSeconds: 2 } };

async function stageOf(record: Image, settings = {}) {
  const world = new World({ seed: 1, nature: PLAIN_NATURE, reconciles: false, settings });
  world.code.put(CODE_KEY, 'v1');
  world.admit(CODE_KEY, 'v1');
  put(world, record);
  await world.pass(120);
  const calls: { readonly operation: string; readonly atMs: number; readonly mapping: string }[] = [];
  world.calls.observers.push(({ operation, effectMs = 0 }) => {
    if (!/^(functions\.(configure|reserveOne|releaseReservation)|mappings\.change)/.test(operation)) return;
    calls.push({ operation, atMs: effectMs, mapping: mappingOf(world)?.state ?? 'none' });
  });
  return { world, calls };
}

function put(world: World, record: Image): void {
  world.configs.put('a', { pipelineId: 'a', timeoutSeconds: TIMEOUT_SECONDS, ...record });
}

function mappingOf(world: World) {
  return [...world.mappings.byId.values()][0];
}

/** Tasks that ran at some moment. */
const runningAt = (world: World, atMs: number) =>
  world.book.runs.filter(({ startedAtMs, endedAtMs }) => startedAtMs <= atMs && atMs < endedAtMs);

function expectWell(world: World, concurrency: number): void {
  expect(world.statuses.read('a')).toMatchObject({ phase: 'Active', dirty: false });
  expect(mappingOf(world)).toMatchObject({
    state: 'Enabled',
    settings: { enabled: true, maximumConcurrency: concurrency },
  });
  expect([...world.book.fates.values()].filter(({ succeeded }) => !succeeded)).toEqual([]);
}

const CHANGES = [
  ['slots to a ledger', SLOTS, LEDGER, 3],
  ['a ledger to slots', LEDGER, SLOTS, 5],
  ['slots to more of them', SLOTS, MORE_SLOTS, 10],
  ['slots to fewer of them', MORE_SLOTS, SLOTS, 5],
  ['one slot to two', ONE_SLOT, TWO_SLOTS, 2],
  ['two slots to one', TWO_SLOTS, ONE_SLOT, 2],
] as const;

describe('a consumer whose limits are kept another way', () => {
  it.each(CHANGES)('rests while they change: %s', async (_name, from, to, concurrency) => {
    const { world, calls } = await stageOf(from);
    world.send('a', 20, { seconds: 8 });
    await world.pass(5);
    put(world, to);
    await world.pass(900);
    const changes = calls.filter(({ operation }) => operation !== 'mappings.change');
    expect(changes.map(({ operation }) => operation)).toContain('functions.configure');
    for (const { atMs, mapping } of changes) {
      expect(mapping).toBe('Disabled');
      expect(runningAt(world, atMs)).toEqual([]);
    }
    // Off, and on again with all that is wanted of it.
    expect(calls.filter(({ operation }) => operation === 'mappings.change')).toHaveLength(2);
    const [off, on] = calls.filter(({ operation }) => operation === 'mappings.change');
    expect(((on?.atMs ?? 0) - (off?.atMs ?? 0)) / 1000).toBeGreaterThan(TIMEOUT_SECONDS);
    expectWell(world, concurrency);
  });

  it('rests also where its last run was broken off on the way to what it had', async () => {
    const { world, calls } = await stageOf(SLOTS);
    const gone = goneAfter(world, 'functions.configure');
    put(world, LEDGER);
    // Its lease must be over.
    await world.pass(400);
    expect(gone()).toBe(true);
    expect(mappingOf(world)?.state).toBe('Disabled');
    calls.length = 0;
    put(world, SLOTS);
    await world.pass(300);
    expect(calls.map(({ operation, mapping }) => [operation, mapping])).toEqual([
      ['functions.configure', 'Disabled'],
      ['mappings.change', 'Enabling'],
    ]);
    expectWell(world, 5);
  });

  it('stays off where it is paused', async () => {
    const { world } = await stageOf({ ...SLOTS, paused: true });
    put(world, { ...LEDGER, paused: true });
    await world.pass(200);
    expect(world.statuses.read('a')).toMatchObject({ phase: 'Paused', dirty: false });
    expect(mappingOf(world)).toMatchObject({
      state: 'Disabled',
      settings: { maximumConcurrency: 3 },
    });
  });

  it.each([{ paused: true }, { concurrency: 0 }])(
    'is brought to where it was going even if its record says %j meanwhile',
    async (meanwhile) => {
      const { world } = await stageOf(SLOTS);
      put(world, LEDGER);
      await world.pass(40);
      expect(mappingOf(world)?.state).toBe('Disabled');
      put(world, { ...LEDGER, ...meanwhile });
      await world.pass(300);
      const phase = 'paused' in meanwhile ? 'Paused' : 'Rejected';
      expect(world.statuses.read('a')).toMatchObject({ phase, dirty: false });
      expect(mappingOf(world)?.state).toBe('paused' in meanwhile ? 'Disabled' : 'Enabled');
    },
  );

  it('is not left off for want of budget, whatever its record says meanwhile', async () => {
    const { world } = await stageOf(SLOTS);
    put(world, LEDGER);
    await world.pass(40);
    // As if everybody else had something to do, too: each call waits for its turn.
    Object.assign(world.settings, { controlPlanePerSecond: 0.1 });
    put(world, { concurrency: 0 });
    await world.pass(2_000);
    expect(world.statuses.read('a')).toMatchObject({ phase: 'Rejected', dirty: false });
    expect(mappingOf(world)?.state).toBe('Enabled');
  });

  it.each(['crashBefore', 'crashAfter', 'replyLost'] as const)(
    'runs in the end where a call of its run meets with %s, whichever',
    async (fault) => {
      for (let call = 1; ; call += 1) {
        const { world } = await stageOf(SLOTS);
        const befalls = callNumber(call, fault);
        world.calls.faults = befalls.plan;
        world.send('a', 9, { seconds: 2 });
        put(world, LEDGER);
        await world.pass(600);
        expectWell(world, 3);
        if (!befalls.hasBefallen()) return;
        expect(call).toBeLessThan(120);
      }
    },
    60_000,
  );

  it('need not rest for its code besides', async () => {
    const { world, calls } = await stageOf(SLOTS, { restsForCode: true });
    put(world, { ...LEDGER, memoryMb: 512 });
    await world.pass(300);
    expect(calls.map(({ operation }) => operation)).toEqual([
      'mappings.change',
      'functions.configure',
      'mappings.change',
    ]);
    expectWell(world, 3);
  });
});

describe('a consumer whose limits are kept as before', () => {
  it.each([
    ['a first limit', { concurrency: 3 }, LEDGER, TIMEOUT_SECONDS],
    ['a lowered one', LEDGER, { ...LEDGER, rateLimit: { tasks: 8, perSeconds: 2 } }, TIMEOUT_SECONDS],
    ['a raised one', LEDGER, { ...LEDGER, rateLimit: { tasks: 11, perSeconds: 2 } }, 0],
    ['none any more', LEDGER, { concurrency: 3 }, 0],
    ['longer holds', SLOTS, { ...SLOTS, rateLimit: { tasks: 5, perSeconds: 2 } }, TIMEOUT_SECONDS],
    ['shorter holds', SLOTS, { ...SLOTS, rateLimit: { tasks: 50, perSeconds: 9 } }, 0],
  ])('runs on, and settles once calls of before are over: %s', async (_name, from, to, seconds) => {
    const { world, calls } = await stageOf(from);
    put(world, to);
    await world.pass(seconds + 60);
    expect(calls.map(({ operation, mapping }) => [operation, mapping])).toEqual([
      ['functions.configure', 'Enabled'],
    ]);
    expectWell(world, 'concurrency' in to ? to.concurrency : 3);
    const settledMs = Date.parse(world.statuses.read('a')?.updatedAt ?? '');
    const tookSeconds = (settledMs - (calls[0]?.atMs ?? 0)) / 1000;
    if (seconds > 0) expect(tookSeconds).toBeGreaterThan(seconds);
    else expect(tookSeconds).toBeLessThan(TIMEOUT_SECONDS);
  });
});

/** Something befalls one call of the lifecycle, once. */
function callNumber(number: number, fault: 'crashBefore' | 'crashAfter' | 'replyLost') {
  let left = number;
  const plan: FaultPlan = {
    ofCall: ({ functionName }) => {
      if (functionName !== 'pipeline-lifecycle') return undefined;
      left -= 1;
      return left === 0 ? fault : undefined;
    },
    ofRun: () => undefined,
  };
  return { plan, hasBefallen: () => left <= 0 };
}

/** The execution that makes this call dies with it. */
function goneAfter(world: World, call: string): () => boolean {
  let isGone = false;
  world.calls.observers.push(({ operation }) => {
    if (operation !== call || isGone) return;
    isGone = true;
    for (const dead of [...world.executions.running]) {
      Object.assign(dead, { status: 'ABORTED' });
      world.executions.running.delete(dead);
    }
  });
  return () => isGone;
}
