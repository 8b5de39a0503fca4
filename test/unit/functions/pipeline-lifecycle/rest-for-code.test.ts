import { describe, expect, it } from '@jest/globals';
import type { StageSettings } from '../../../../core/stage-settings.ts';
import type { FaultPlan } from '../../../../lab/simulator/world/faults.ts';
import { type Nature, PLAIN_NATURE } from '../../../../lab/simulator/world/nature.ts';
import type { Image } from '../../../../lab/simulator/world/tables.ts';
import { CODE_KEY, World } from '../../../../lab/simulator/world/world.ts';

/** An emulator's: mappings are switched at once. */
const QUICK: Nature = { ...PLAIN_NATURE, mappingMs: [0, 0] };

async function stageOf(
  record: Image = {},
  settings: Partial<StageSettings> = { restsForCode: true },
  nature: Nature = QUICK,
) {
  const world = new World({ seed: 1, nature, reconciles: false, settings });
  world.code.put(CODE_KEY, 'v1');
  world.admit(CODE_KEY, 'v1');
  world.configs.put('a', { pipelineId: 'a', timeoutSeconds: 30, ...record });
  await world.pass(90);
  /** What was told of calls that change the function or its mapping, and of tasks that ran then. */
  const calls: { readonly operation: string; readonly atMs: number; readonly mapping: string }[] = [];
  world.calls.observers.push(({ operation, effectMs = 0 }) => {
    if (!/^(functions\.(updateCode|configure)|mappings\.)/.test(operation)) return;
    calls.push({ operation, atMs: effectMs, mapping: mappingOf(world) });
  });
  return { world, calls };
}

function mappingOf(world: World): string {
  const { state = 'none' } = [...world.mappings.byId.values()][0] ?? {};
  return state;
}

/** A release is admitted, and a run brings it. */
async function sync(world: World, seconds = 120): Promise<void> {
  world.code.put(CODE_KEY, 'v2');
  world.admit(CODE_KEY, 'v2');
  world.executions.start('sync', { pipelineId: 'a', verify: false, reason: 'test' });
  await world.pass(seconds);
}

/** Tasks that ran at some moment. */
const runningAt = (world: World, atMs: number) =>
  world.book.runs.filter(({ startedAtMs, endedAtMs }) => startedAtMs <= atMs && atMs < endedAtMs);

const expectWell = (world: World, version = 'v2') => {
  expect(world.statuses.read('a')).toMatchObject({ phase: 'Active', codeVersion: version });
  expect(mappingOf(world)).toBe('Enabled');
  expect([...world.book.fates.values()].filter(({ succeeded }) => !succeeded)).toEqual([]);
};

describe('a consumer that rests for its code', () => {
  it.each([
    ['at once', QUICK],
    ['after seconds', PLAIN_NATURE],
  ] as const)(
    'has its mapping off while the function changes, and on again after it, switched %s',
    async (_t, nature) => {
      const { world, calls } = await stageOf({}, { restsForCode: true }, nature);
      world.send('a', 50, { seconds: 5 });
      await world.pass(8);
      await sync(world, 600);
      const changed = calls.filter(({ operation }) => operation === 'functions.updateCode');
      expect(changed.map(({ mapping }) => mapping)).toEqual(['Disabled']);
      for (const { atMs } of changed) expect(runningAt(world, atMs)).toEqual([]);
      expectWell(world);
      expect(new Set(world.book.runs.map(({ codeVersion }) => codeVersion))).toEqual(new Set(['v1', 'v2']));
    },
  );

  it('does so, too, for its settings', async () => {
    const { world, calls } = await stageOf();
    world.send('a', 20, { seconds: 5 });
    await world.pass(8);
    world.configs.put('a', { pipelineId: 'a', timeoutSeconds: 30, memoryMb: 512 });
    await world.pass(300);
    const changed = calls.filter(({ operation }) => operation === 'functions.configure');
    expect(changed.map(({ mapping }) => mapping)).toEqual(['Disabled']);
    for (const { atMs } of changed) expect(runningAt(world, atMs)).toEqual([]);
    expectWell(world, 'v1');
  });

  it('waits for tasks that run, and not for those that have failed and come back', async () => {
    const { world, calls } = await stageOf({ timeoutSeconds: 120, visibilityTimeoutSeconds: 900 });
    world.send('a', 2, { seconds: 1, failures: 1 });
    await world.pass(5);
    world.send('a', 2, { seconds: 100 });
    await world.pass(5);
    const beganMs = world.nowMs();
    await sync(world, 1_200);
    const [change] = calls.filter(({ operation }) => operation === 'functions.updateCode');
    expect(runningAt(world, change?.atMs ?? 0)).toEqual([]);
    const seconds = ((change?.atMs ?? 0) - beganMs) / 1000;
    expect(seconds).toBeGreaterThan(90);
    // A mapping is looked at again after half a minute; then, at most, the longest call.
    expect(seconds).toBeLessThan(30 + 120 + 5);
    expectWell(world);
  });

  it('stays off where it is paused', async () => {
    const { world } = await stageOf({ paused: true });
    await sync(world);
    expect(world.statuses.read('a')).toMatchObject({ phase: 'Paused', codeVersion: 'v2' });
    expect(mappingOf(world)).toBe('Disabled');
  });

  it('is off in the end where it is paused in the middle', async () => {
    const { world } = await stageOf();
    await sync(world, 5);
    world.configs.put('a', { pipelineId: 'a', timeoutSeconds: 30, paused: true });
    await world.pass(200);
    expect(world.statuses.read('a')).toMatchObject({ phase: 'Paused', codeVersion: 'v2' });
    expect(mappingOf(world)).toBe('Disabled');
  });

  it.each(['crashBefore', 'crashAfter', 'replyLost'] as const)(
    'is on again in the end where a call of its run meets with %s, whichever',
    async (fault) => {
      for (let call = 1; ; call += 1) {
        const { world } = await stageOf();
        const befalls = callOf('UpdateCode', call, fault);
        world.calls.faults = befalls.plan;
        world.send('a', 4, { seconds: 2 });
        await sync(world, 400);
        expectWell(world);
        if (!befalls.hasBefallen()) return;
        expect(call).toBeLessThan(80);
      }
    },
  );

  it('is on again in the end where its run died while it was off', async () => {
    const { world } = await stageOf();
    await sync(world, 1);
    for (;;) {
      await world.pass(1);
      if (mappingOf(world) === 'Disabled') break;
    }
    // Nobody goes on with it: what it began is over with its lease.
    const [dead] = world.executions.running;
    if (dead === undefined) throw new Error('no run');
    Object.assign(dead, { status: 'ABORTED' });
    world.executions.running.delete(dead);
    await world.pass(400);
    expect(mappingOf(world)).toBe('Disabled');
    world.executions.start('after-it', { pipelineId: 'a', verify: false, reason: 'the reconciler' });
    await world.pass(200);
    expectWell(world);
  });
});

describe('a consumer that need not rest', () => {
  it('has its code changed while tasks run, and its mapping left alone', async () => {
    const { world, calls } = await stageOf({}, {});
    world.send('a', 50, { seconds: 5 });
    await world.pass(8);
    await sync(world, 300);
    expect(calls.map(({ operation, mapping }) => [operation, mapping])).toEqual([
      ['functions.updateCode', 'Enabled'],
    ]);
    expect(runningAt(world, calls[0]?.atMs ?? 0)).not.toEqual([]);
    expectWell(world);
  });
});

/** Something befalls one call of a step, once. */
function callOf(step: string, number: number, fault: 'crashBefore' | 'crashAfter' | 'replyLost') {
  let left = number;
  const plan: FaultPlan = {
    ofCall: ({ functionName, label }) => {
      if (functionName !== 'pipeline-lifecycle' || label !== step) return undefined;
      left -= 1;
      return left === 0 ? fault : undefined;
    },
    ofRun: () => undefined,
  };
  return { plan, hasBefallen: () => left <= 0 };
}
