import { describe, expect, it } from '@jest/globals';
import type { Call } from '../../../consumer/call.ts';
import { type Applicant, createGate, type Entry, type Gate } from '../../../consumer/gate.ts';
import type { BreakerSettings } from '../../../core/flow/breaker.ts';
import type { Hold } from '../../../core/flow/hold.ts';
import { type ConsumerLimits, NO_LIMITS } from '../../../core/flow/limits.ts';
import type { Shared } from '../../../core/flow/shared.ts';
import { createWorld, type World } from './world.ts';

const ledger: ConsumerLimits = { ...NO_LIMITS, pace: { kind: 'ledger', spacingMs: 200, toleranceMs: 18 } };
const slots: ConsumerLimits = { ...NO_LIMITS, pace: { kind: 'slots', holdMs: 500 } };
const lease: ConsumerLimits = { ...NO_LIMITS, lease: true };
const settings: BreakerSettings = {
  failureShare: 0.5,
  windowSeconds: 60,
  minTasks: 1,
  openSeconds: 30,
  probes: 1,
};
const breaker: ConsumerLimits = { ...NO_LIMITS, breaker: settings };

/** One call of an environment, and what its tasks are told. */
function callOf(world: World, requestId = 'r1', callMs = 30_000) {
  const call: Call = {
    requestId,
    callMs,
    deadlineMs: world.effects.nowMs() + callMs,
    marginMs: Math.min(1_000, callMs / 10),
  };
  const problems: string[] = [];
  let isReady = 0;
  const applicant: Applicant = {
    call,
    signal: new AbortController().signal,
    problem: (text) => problems.push(text),
    isFresh: true,
    ready: async () => {
      isReady += 1;
    },
  };
  const enter = (gate: Gate, changes: Partial<Applicant> = {}) =>
    world.until(gate.enter({ ...applicant, ...changes }));
  return { applicant, enter, problems, readied: () => isReady };
}

const hold = (world: World, forMs: number, changes: Partial<Hold> = {}): Hold => {
  const nowMs = world.effects.nowMs();
  return { sinceMs: nowMs, untilMs: nowMs + forMs, cause: 'throttled', guesses: 0, ...changes };
};
const setHold = (world: World, given: Hold) => {
  const { state, revision } = world.shared.readGroup();
  world.shared.writeGroup({ ...state, hold: given }, revision);
};
const goes: Entry = { kind: 'go', pass: {} };

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

  it('pushes the ledger, so that nobody’s start lies within it', async () => {
    const world = createWorld();
    const gate = createGate(ledger, world.effects);
    const { applicant, enter } = callOf(world);
    await gate.throttled({ startedAtMs: world.effects.nowMs(), retryAfterMs: 4_000 }, applicant);
    expect(world.sharedCalls).toEqual(['readGroup', 'writeGroup', 'pushTurns']);
    expect(await enter(createGate(ledger, world.effects))).toEqual(goes);
    expect(world.effects.nowMs()).toBeGreaterThanOrEqual(1_800_000_004_000);
  });

  it('holds the environment that met it also where nobody could be told', async () => {
    const world = createWorld();
    const gate = createGate(slots, world.effects);
    const { applicant, enter, problems } = callOf(world);
    world.broken.add('shared');
    await gate.throttled({ startedAtMs: world.effects.nowMs(), retryAfterMs: 5_000 }, applicant);
    expect(problems).toEqual(['the others do not know that the group waits']);
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

  it('is not to be had where others wait for theirs: the task comes back with a ticket', async () => {
    const world = createWorld();
    const gate = createGate(ledger, world.effects);
    await world.effects.shared.pushTurns(world.effects.nowMs() + 60_000, new AbortController().signal);
    const { enter, readied } = callOf(world);
    expect(await enter(gate)).toEqual({ kind: 'wait', outcome: { kind: 'early', afterSeconds: 58 } });
    expect(readied()).toBe(0);
  });
});

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
