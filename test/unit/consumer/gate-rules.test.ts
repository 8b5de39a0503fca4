import { describe, expect, it } from '@jest/globals';
import { type Applicant, createGate } from '../../../consumer/gate.ts';
import type { Shared } from '../../../core/flow/shared.ts';
import { breaker, callOf, goes, hold, lease, ledger, setHold, settings, slots } from './gate-world.ts';
import { createWorld, type World } from './world.ts';

describe('a probe', () => {
  const opened = (world: World) => {
    const nowMs = world.effects.nowMs();
    const open = { state: 'open', sinceMs: nowMs - 30_000, untilMs: nowMs, opened: 1 } as const;
    world.shared.writeGroup({ breaker: open }, world.shared.readGroup().revision);
  };
  const probes = (world: World) => {
    const state = world.shared.readGroup().state.breaker;
    return state?.state === 'halfOpen' ? state.probes.length : undefined;
  };

  it('is what starts first after the breaker was open, and closes it', async () => {
    const world = createWorld();
    opened(world);
    const gate = createGate(breaker, world.effects);
    const { enter, applicant } = callOf(world);
    const entry = await enter(gate);
    expect(entry).toEqual({ kind: 'go', pass: { probeId: expect.any(String) } });
    if (entry.kind === 'go') await gate.left(entry.pass, 'succeeded', applicant);
    expect(world.shared.readGroup().state.breaker?.state).toBe('closed');
  });

  it.each<[string, (world: World) => Partial<Applicant>]>([
    [
      'whose turn comes later',
      (world) => {
        world.shared.pushTurns(world.effects.nowMs() + 60_000);
        return {};
      },
    ],
    [
      'that cannot be counted',
      () => ({
        ready: async () => {
          throw new Error('out of reach');
        },
      }),
    ],
    [
      'whose start cannot be reserved',
      (world) => {
        const failing: Partial<Shared> = {
          takeTurn: async () => {
            throw new Error('out of reach');
          },
        };
        Object.assign(world.effects.shared, failing);
        return {};
      },
    ],
  ])('%s gives its place back', async (_, change) => {
    const world = createWorld();
    opened(world);
    const gate = createGate({ ...ledger, breaker: settings }, world.effects);
    const entry = await callOf(world).enter(gate, change(world));
    expect(entry.kind).toBe('wait');
    expect(probes(world)).toBe(0);
  });

  it('that has to reserve its start anew is given back, and asked for again', async () => {
    const world = createWorld();
    opened(world);
    const gate = createGate({ ...ledger, breaker: settings }, world.effects);
    const ready = async () => {
      world.pass(1_000);
    };
    expect(await callOf(world).enter(gate, { ready })).toMatchObject({
      pass: { probeId: expect.any(String) },
    });
    expect(probes(world)).toBe(1);
  });
});

describe('a slot', () => {
  it('rests after each start, for as long as the plan says', async () => {
    const world = createWorld();
    const gate = createGate(slots, world.effects);
    const { enter } = callOf(world);
    const startedAtMs: number[] = [];
    for (let task = 0; task < 4; task += 1) {
      await enter(gate);
      startedAtMs.push(world.effects.nowMs());
      gate.started();
      world.pass(task * 300);
    }
    const apart = startedAtMs.slice(1).map((ms, index) => ms - (startedAtMs[index] ?? 0));
    expect(apart).toEqual([501, 501, 600]);
    expect(world.sharedCalls).toEqual([]);
  });

  it('keeps its call open until it may start again', async () => {
    const world = createWorld();
    const gate = createGate(slots, world.effects);
    const { enter, applicant } = callOf(world);
    await enter(gate);
    gate.started();
    await world.until(gate.close(applicant));
    expect(world.effects.nowMs()).toBe(1_800_000_000_501);
  });

  it('does not rest beyond its call', async () => {
    const world = createWorld();
    const gate = createGate(slots, world.effects);
    const { enter, applicant } = callOf(world, 'r1', 200);
    await enter(gate);
    gate.started();
    await world.until(gate.close(applicant));
    expect(world.effects.nowMs()).toBe(1_800_000_000_180);
  });

  it('needs its rest of a call for a task, too, however short that is', async () => {
    const world = createWorld();
    const gate = createGate(slots, world.effects);
    expect(gate.slowestMs()).toBeUndefined();
    gate.ran(3);
    expect(gate.slowestMs()).toBe(500);
    gate.ran(700);
    expect(gate.slowestMs()).toBe(700);
  });
});

describe('one task at a time', () => {
  it('keeps a second call waiting until the first is over', async () => {
    const world = createWorld();
    const [one, other] = [createGate(lease, world.effects), createGate(lease, world.effects)];
    const [first, second] = [callOf(world, 'r1'), callOf(world, 'r2')];
    await first.enter(one);
    const entry = other.enter(second.applicant);
    await new Promise(setImmediate);
    world.pass(4_500);
    await one.close(first.applicant);
    expect(await world.until(entry)).toEqual(goes);
    // It looks once a second.
    expect(world.effects.nowMs()).toBeGreaterThanOrEqual(1_800_000_004_500);
    expect(world.effects.nowMs()).toBeLessThanOrEqual(1_800_000_005_500);
  });

  it('gives a task back that would have to wait for too long, without an attempt', async () => {
    const world = createWorld();
    await callOf(world, 'r1').enter(createGate(lease, world.effects));
    const { enter, readied } = callOf(world, 'r2', 10_000);
    const entry = await enter(createGate(lease, world.effects));
    expect(entry).toEqual({ kind: 'wait', outcome: { kind: 'busy', afterSeconds: 1 } });
    expect(readied()).toBe(0);
  });

  it('lets nobody start who cannot be told', async () => {
    const world = createWorld();
    world.broken.add('shared');
    const entry = await callOf(world).enter(createGate(lease, world.effects));
    expect(entry).toMatchObject({ kind: 'wait', outcome: { kind: 'unready', afterSeconds: 8 } });
  });
});

describe('where the tables are out of reach', () => {
  it('a start of the ledger is not to be had', async () => {
    const world = createWorld();
    world.broken.add('shared');
    const { enter, problems } = callOf(world);
    const entry = await enter(createGate(ledger, world.effects));
    expect(entry).toMatchObject({ kind: 'wait', outcome: { kind: 'unready', error: expect.any(Error) } });
    expect(problems).toEqual(['whether the group waits is not known']);
  });

  it('a task of a group with a breaker starts all the same, and the log says what is not known', async () => {
    const world = createWorld();
    world.broken.add('shared');
    const { enter, applicant, problems } = callOf(world);
    const gate = createGate(breaker, world.effects);
    expect(await enter(gate)).toEqual(goes);
    await gate.left({}, 'failed', applicant);
    expect(problems).toEqual(['whether the group waits is not known', 'the breaker does not know of it']);
  });

  it('a call ends all the same, and the lease with it in its time', async () => {
    const world = createWorld();
    const { enter, applicant, problems } = callOf(world);
    const gate = createGate(lease, world.effects);
    await enter(gate);
    world.broken.add('shared');
    await world.until(gate.close(applicant));
    expect(problems).toEqual(['the next one waits for the lease to end']);
  });
});

describe('a breaker that does not count any more', () => {
  it.each([
    ['is forced closed', { ...breaker, breaker: { ...settings, force: 'closed' as const } }],
    ['is not in the record', slots],
  ])('holds nobody, whatever it has said: it %s', async (_, limits) => {
    const world = createWorld();
    setHold(world, hold(world, 300_000, { cause: 'breaker' }));
    expect(await callOf(world).enter(createGate(limits, world.effects))).toEqual(goes);
  });

  it('does not end a hold that the other side has asked for', async () => {
    const world = createWorld();
    setHold(world, hold(world, 300_000));
    const forced = { ...breaker, breaker: { ...settings, force: 'closed' as const } };
    const entry = await callOf(world).enter(createGate(forced, world.effects));
    expect(entry).toMatchObject({ kind: 'wait', outcome: { kind: 'held' } });
  });
});
