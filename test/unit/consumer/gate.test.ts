import { describe, expect, it } from '@jest/globals';
import { createGate, type Entry } from '../../../consumer/gate.ts';
import { type ConsumerLimits, NO_LIMITS } from '../../../core/flow/limits.ts';
import { breaker, callOf, goes, hold, ledger, setHold, settings, slots } from './gate-world.ts';
import { createWorld } from './world.ts';

describe('a group without limits', () => {
  it('lets its tasks start at once, and asks nobody', async () => {
    const world = createWorld();
    const { enter, applicant, readied } = callOf(world);
    const gate = createGate(NO_LIMITS, world.effects);
    expect(await enter(gate)).toEqual(goes);
    gate.started();
    await gate.left({}, 'succeeded', applicant);
    await world.until(gate.close(applicant));
    expect(world.sharedCalls).toEqual([]);
    expect(readied()).toBe(1);
  });
});

describe('the rules', () => {
  it('are asked in their order: one at a time, hold, breaker, start; and what must be done is done before the start', async () => {
    const world = createWorld();
    const gate = createGate({ ...ledger, lease: true, breaker: settings }, world.effects);
    const { enter } = callOf(world);
    const ready = async () => {
      world.sharedCalls.push('ready');
    };
    expect(await enter(gate, { ready })).toEqual(goes);
    expect(world.sharedCalls).toEqual(['takeLease', 'readGroup', 'takeTurn', 'ready']);
  });

  it('are all asked again after each wait, and who has waited has a ticket’s right', async () => {
    const world = createWorld();
    setHold(world, hold(world, 5_000));
    const fresh: boolean[] = [];
    const { takeTurn } = world.effects.shared;
    world.effects.shared.takeTurn = (request, ...more) => {
      fresh.push(request.isFresh);
      return takeTurn(request, ...more);
    };
    const { enter } = callOf(world);
    const gate = createGate({ ...ledger, lease: true }, world.effects);
    expect(await enter(gate)).toEqual(goes);
    expect(fresh).toEqual([false]);
    expect(world.effects.nowMs()).toBeGreaterThanOrEqual(1_800_000_005_000);
  });

  it('that one task has to wait by count for it as one wait: nothing is done twice before its start', async () => {
    const world = createWorld();
    const { enter, readied } = callOf(world);
    const gate = createGate(ledger, world.effects);
    let looks = 0;
    const { readGroup } = world.effects.shared;
    world.effects.shared.readGroup = (signal) => {
      looks += 1;
      // Somebody is refused while the task waits for its start.
      if (looks === 2) setHold(world, hold(world, 2_000));
      return readGroup(signal);
    };
    await world.effects.shared.pushTurns(world.effects.nowMs() + 2_000, new AbortController().signal);
    expect(await enter(gate, { isFresh: false })).toEqual(goes);
    expect(readied()).toBe(1);
    expect(world.sharedCalls.filter((name) => name === 'takeTurn').length).toBeGreaterThan(1);
  });
});

describe('a hold', () => {
  it('that is short is slept through, and the start after it is in the ramp', async () => {
    const world = createWorld();
    const gate = createGate(breaker, world.effects);
    setHold(world, hold(world, 10_000));
    expect(await callOf(world).enter(gate)).toEqual(goes);
    // A ramp of a second, and chance in the middle of it.
    expect(world.effects.nowMs()).toBe(1_800_000_010_500);
  });

  it('has one end for an environment, drawn once, however many of its tasks wait for it', async () => {
    const world = createWorld();
    let draws = 0;
    const random = () => {
      draws += 1;
      return draws / 10;
    };
    const gate = createGate(breaker, { ...world.effects, random });
    setHold(world, hold(world, 60_000));
    for (const requestId of ['r1', 'r2', 'r3']) {
      const { enter, applicant } = callOf(world, requestId, 1_000);
      expect(await enter(gate)).toMatchObject({ kind: 'wait', outcome: { kind: 'held' } });
      await gate.close(applicant);
    }
    world.pass(60_600 - (world.effects.nowMs() - 1_800_000_000_000));
    // 0.1 of a ramp of 6 s.
    expect(await callOf(world).enter(gate)).toEqual(goes);
    expect(world.effects.nowMs()).toBe(1_800_000_060_600);
  });

  it('that is long is waited for in the queue', async () => {
    const world = createWorld();
    setHold(world, hold(world, 3_600_000));
    const { enter, readied } = callOf(world);
    expect(await enter(createGate(breaker, world.effects))).toEqual({
      kind: 'wait',
      // 14 s of the call have been slept, and a ramp is 10 s at most.
      outcome: { kind: 'held', afterSeconds: 3_600 + 5 - 14 },
    });
    expect(readied()).toBe(0);
  });

  it('of a breaker is minded only where there is one that may open', async () => {
    for (const limits of [ledger, { ...ledger, breaker: { ...settings, force: 'closed' as const } }]) {
      const world = createWorld();
      setHold(world, hold(world, 60_000, { cause: 'breaker' }));
      expect(await callOf(world).enter(createGate(limits, world.effects))).toEqual(goes);
      expect(world.effects.nowMs()).toBeLessThan(1_800_000_001_000);
    }
    const world = createWorld();
    setHold(world, hold(world, 60_000, { cause: 'breaker' }));
    const entry = await callOf(world).enter(createGate({ ...ledger, breaker: settings }, world.effects));
    expect(entry).toMatchObject({ outcome: { kind: 'held' } });
  });

  it('pushes the ledger, so that nobody’s start lies within it', async () => {
    const world = createWorld();
    const gate = createGate(ledger, world.effects);
    const { applicant, enter } = callOf(world);
    await gate.throttled({ startedAtMs: world.effects.nowMs(), retryAfterMs: 4_000 }, applicant);
    expect(world.sharedCalls).toEqual(['readGroup', 'writeGroup', 'pushTurns']);
    expect(await enter(createGate(ledger, world.effects))).toEqual(goes);
    expect(world.effects.nowMs()).toBeGreaterThanOrEqual(1_800_000_004_000);
  });

  it.each<[string, ConsumerLimits, number, Entry]>([
    ['has ended it, it goes on', ledger, 0, goes],
    ['has ended it, it goes on without a ledger, too', breaker, 0, goes],
    [
      'has not, it comes back when the group goes on',
      ledger,
      3_600_000,
      { kind: 'wait', outcome: { kind: 'held', afterSeconds: 3_584 } },
    ],
  ])(
    'is looked at once more by who slept as long as a slot does: where somebody %s',
    async (_what, limits, leftMs, entry) => {
      const world = createWorld();
      setHold(world, hold(world, 3_600_000));
      const { readGroup } = world.effects.shared;
      let looks = 0;
      world.effects.shared.readGroup = (signal) => {
        looks += 1;
        if (looks === 2 && leftMs === 0) world.shared.removeGroup();
        return readGroup(signal);
      };
      expect(await callOf(world).enter(createGate(limits, world.effects))).toEqual(entry);
      const tickets = world.sharedCalls.filter((name) => name === 'drawTickets');
      expect(tickets).toHaveLength(entry.kind === 'wait' ? 1 : 0);
    },
  );

  it('holds the environment that met it also where nobody could be told', async () => {
    const world = createWorld();
    const gate = createGate(slots, world.effects);
    const { applicant, enter, problems } = callOf(world);
    world.broken.add('shared');
    await gate.throttled({ startedAtMs: world.effects.nowMs(), retryAfterMs: 5_000 }, applicant);
    expect(problems).toEqual(['the others do not know that the group waits']);
    world.pass(2_000);
    expect(await enter(gate)).toEqual(goes);
    expect(world.effects.nowMs()).toBeGreaterThanOrEqual(1_800_000_005_000);
    expect(problems).toContain('whether the group waits is not known');
  });
});

describe('a reserved start', () => {
  it('that comes too late is given up, and another one reserved', async () => {
    const world = createWorld();
    const gate = createGate(ledger, world.effects);
    let times = 0;
    const ready = async () => {
      times += 1;
      world.pass(1_000);
    };
    expect(await callOf(world).enter(gate, { ready })).toEqual(goes);
    expect(world.sharedCalls.filter((name) => name === 'takeTurn')).toHaveLength(2);
    expect(times).toBe(1);
  });

  it('is looked at once more shortly before it comes: a hold of meanwhile stands', async () => {
    const world = createWorld();
    const gate = createGate(ledger, world.effects);
    await world.effects.shared.pushTurns(world.effects.nowMs() + 2_500, new AbortController().signal);
    const looks: number[] = [];
    const { readGroup } = world.effects.shared;
    world.effects.shared.readGroup = (signal) => {
      looks.push(world.effects.nowMs() - 1_800_000_000_000);
      return readGroup(signal);
    };
    expect(await callOf(world).enter(gate, { isFresh: false })).toEqual(goes);
    expect(looks).toEqual([0, 2_400]);
  });

  it('that is near, but too far ahead for the call, is asked for again in time: the task sleeps the part of a second', async () => {
    const world = createWorld();
    const gate = createGate(ledger, world.effects);
    await world.effects.shared.pushTurns(world.effects.nowMs() + 900, new AbortController().signal);
    const { enter, readied } = callOf(world, 'r1', 1_000);
    expect(await enter(gate, { isFresh: false })).toEqual({
      kind: 'wait',
      outcome: { kind: 'early', isNear: true, afterSeconds: 0 },
    });
    // A call of a second leaves 400 ms, 30 ms less for the answer and the timer; half of that, and 30 ms to be back.
    expect(world.effects.nowMs() - 1_800_000_000_000).toBe(900 - 185 - 30);
    expect(readied()).toBe(0);
  });

  it('is not to be had where others wait for theirs: the task comes back with a ticket', async () => {
    const world = createWorld();
    const gate = createGate(ledger, world.effects);
    await world.effects.shared.pushTurns(world.effects.nowMs() + 60_000, new AbortController().signal);
    const { enter, readied } = callOf(world);
    expect(await enter(gate)).toEqual({ kind: 'wait', outcome: { kind: 'early', afterSeconds: 58 } });
    expect(readied()).toBe(0);
  });
});
