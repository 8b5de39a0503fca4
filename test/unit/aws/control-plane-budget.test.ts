import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PermitAnswer, requestIdlePermit, requestPermit } from '../../../aws/control-plane-budget.ts';
import type { Ledgers } from '../../../aws/ports.ts';
import { BUDGET_TOLERANCE_MS, LANE_HORIZON_MS, type Lane, TICKET_SHARE } from '../../../core/lanes.ts';
import { type LedgerState, reserve } from '../../../core/pacing.ts';

const PER_SECOND = 10;

/** Virtual time: sleepers wake in order, and time passes only while everybody sleeps. */
function createWorld(seed = 1) {
  const START_MS = 1_000_000;
  let nowMs = START_MS;
  let state = seed | 1;
  const sleepers: { atMs: number; wake: () => void }[] = [];
  const ledgers = new Map<string, LedgerState | undefined>();
  const asked = new Map<string, number>();
  const sleep = (ms: number) =>
    new Promise<void>((wake) => {
      sleepers.push({ atMs: nowMs + Math.max(0, ms), wake });
    });
  return {
    startMs: START_MS,
    asked,
    now: () => nowMs,
    sleep,
    ports: {
      clock: { nowMs: () => nowMs, sleep },
      random: () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
        return state / 0x80000000;
      },
      ledgers: {
        async reserve(id, request) {
          asked.set(id, (asked.get(id) ?? 0) + 1);
          const answer = reserve(ledgers.get(id), request);
          ledgers.set(id, answer.state);
          return answer.result;
        },
        read: async () => undefined,
        write: async () => 'conflict',
      } satisfies Ledgers,
    },
    async run(work: readonly Promise<unknown>[], untilMs = Number.POSITIVE_INFINITY) {
      let over = false;
      const all = Promise.all(work).then(() => {
        over = true;
      });
      for (;;) {
        for (let settled = 0; settled < 20; settled += 1) await Promise.resolve();
        if (over || sleepers.length === 0) break;
        sleepers.sort((a, b) => a.atMs - b.atMs);
        const next = sleepers[0]?.atMs ?? 0;
        if (next > untilMs) return;
        nowMs = Math.max(nowMs, next);
        for (const sleeper of sleepers.splice(0, sleepers.filter(({ atMs }) => atMs <= nowMs).length)) {
          sleeper.wake();
        }
      }
      await all;
    },
  };
}

type World = ReturnType<typeof createWorld>;

/** A machine that wants `calls` calls one after another: it comes back when told to, with its ticket. */
async function machine(
  world: World,
  lane: Lane,
  {
    atMs = 0,
    calls = 1,
    longestWaitSeconds = 120,
  }: { atMs?: number; calls?: number; longestWaitSeconds?: number },
  started: number[],
): Promise<void> {
  await world.sleep(atMs);
  for (let made = 0; made < calls; ) {
    let ticketMs: number | undefined;
    for (;;) {
      const answer: PermitAnswer = await requestPermit(world.ports, PER_SECOND, lane, ticketMs);
      if (answer.kind === 'granted') break;
      ticketMs = answer.ticketMs;
      await world.sleep(Math.min(longestWaitSeconds, answer.afterSeconds) * 1000);
    }
    started.push(world.now());
    made += 1;
  }
}

function mostInASecond(starts: readonly number[]): number {
  const sorted = [...starts].sort((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (let last = 0; last < sorted.length; last += 1) {
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) >= 1000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

describe('requestPermit', () => {
  it('never lets more calls start in any second than the budget, whoever comes when in whichever lane', async () => {
    const caller = fc.record({
      lane: fc.constantFrom<Lane>('pause', 'delete', 'edit', 'bulk'),
      atMs: fc.nat(4000),
      calls: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(caller, { minLength: 1, maxLength: 60 }), fc.nat(), async (callers, seed) => {
        const world = createWorld(seed);
        const started: number[] = [];
        await world.run(callers.map((one) => machine(world, one.lane, one, started)));
        expect(started).toHaveLength(callers.reduce((sum, { calls }) => sum + calls, 0));
        expect(mostInASecond(started)).toBeLessThanOrEqual(PER_SECOND);
      }),
      { numRuns: 60 },
    );
  });

  it('uses nine tenths of the budget under a bulk load, and asks the ledger little more than once a call', async () => {
    const world = createWorld();
    const started: number[] = [];
    await world.run(Array.from({ length: 2000 }, () => machine(world, 'bulk', {}, started)));
    const seconds = (world.now() - world.startMs) / 1000;
    expect(mostInASecond(started)).toBeLessThanOrEqual(PER_SECOND);
    expect(started.length / seconds).toBeGreaterThanOrEqual(0.9 * PER_SECOND);
    expect(world.asked.get('budget#lambda')).toBeLessThan(2500);
  });

  it('wastes neither time nor questions where a stream of edits takes half the budget from a bulk load', async () => {
    const world = createWorld();
    const started: number[] = [];
    const bulk = Array.from({ length: 1500 }, () => machine(world, 'bulk', {}, started));
    const edits = Array.from({ length: 1000 }, (_, n) => machine(world, 'edit', { atMs: n * 200 }, started));
    await world.run([...bulk, ...edits]);
    const seconds = (world.now() - world.startMs) / 1000;
    expect(mostInASecond(started)).toBeLessThanOrEqual(PER_SECOND);
    expect(started.length / seconds).toBeGreaterThanOrEqual(0.9 * PER_SECOND);
    expect(world.asked.get('budget#lambda')).toBeLessThan(3 * started.length);
  });

  it('sends hardly anybody of a bulk load back to its end for the few calls a minute that take no ticket', async () => {
    const world = createWorld();
    const started: number[] = [];
    const bulk = Array.from({ length: 3000 }, () => machine(world, 'bulk', {}, started));
    const pauses = Array.from({ length: 60 }, (_, n) => machine(world, 'pause', { atMs: n * 5000 }, started));
    await world.run([...bulk, ...pauses]);
    const drawnAgain = (world.asked.get('budget#lambda#bulk') ?? 0) - bulk.length;
    expect(drawnAgain).toBeLessThan(pauses.length / 20);
  });

  it('lets a pause start within seconds in the middle of a bulk load', async () => {
    const world = createWorld();
    const paused: number[] = [];
    const bulk = Array.from({ length: 500 }, () => machine(world, 'bulk', {}, []));
    const pauses = [5000, 12_000, 20_000].map((atMs) => machine(world, 'pause', { atMs }, paused));
    await world.run([...bulk, ...pauses]);
    for (const [index, atMs] of paused.entries()) {
      const askedMs = world.startMs + ([5000, 12_000, 20_000][index] ?? 0);
      expect(atMs - askedMs).toBeLessThanOrEqual(LANE_HORIZON_MS.bulk + 200);
    }
  });

  it('keeps an edit ahead of everything that is loaded in bulk', async () => {
    const world = createWorld();
    const edited: number[] = [];
    const bulk = Array.from({ length: 500 }, () => machine(world, 'bulk', {}, []));
    await world.run([...bulk, machine(world, 'edit', { atMs: 10_000 }, edited)]);
    expect((edited[0] ?? 0) - world.startMs - 10_000).toBeLessThanOrEqual(LANE_HORIZON_MS.edit);
  });

  it('sends whoever comes back before the time of its ticket away again, without asking the budget', async () => {
    const world = createWorld();
    const ticketMs = world.now() + 300_000;
    const answer = await requestPermit(world.ports, PER_SECOND, 'bulk', ticketMs);
    expect(answer).toEqual({ kind: 'later', afterSeconds: 298, ticketMs });
    expect(world.asked.size).toBe(0);
  });

  it('spreads the tickets of those who come together evenly over the time they need', async () => {
    const world = createWorld();
    const waits: number[] = [];
    const ask = async () => {
      const answer = await requestPermit(world.ports, PER_SECOND, 'bulk');
      if (answer.kind === 'later') waits.push(answer.ticketMs ?? 0);
    };
    await world.run(Array.from({ length: 300 }, ask).map((one) => one));
    const gaps = waits.slice(1).map((ms, index) => ms - (waits[index] ?? 0));
    expect(waits.length).toBeGreaterThan(250);
    const spacingMs = (1000 + BUDGET_TOLERANCE_MS) / PER_SECOND / TICKET_SHARE;
    for (const gap of gaps) expect(gap).toBeCloseTo(spacingMs, 6);
  });
});

describe('requestIdlePermit', () => {
  it('is granted only where nobody else waits, and neither waits nor draws a ticket', async () => {
    const world = createWorld();
    const look = () => requestIdlePermit(world.ports, PER_SECOND);
    expect(await look()).toEqual({ lane: 'bulk', startMs: world.startMs });
    // The budget's next start lies a tenth of a second ahead.
    expect(await look()).toBeUndefined();
    expect(world.now()).toBe(world.startMs);
    expect([...world.asked.keys()]).toEqual(['budget#lambda']);
  });

  it('keeps no pause waiting for more than the one call that it is', async () => {
    const world = createWorld();
    const paused: number[] = [];
    const looks = Array.from({ length: 100 }, async () => {
      for (let again = 0; again < 100; again += 1) {
        await requestIdlePermit(world.ports, PER_SECOND);
        await world.sleep(10);
      }
    });
    await world.run([...looks, machine(world, 'pause', { atMs: 505 }, paused)]);
    expect((paused[0] ?? 0) - world.startMs - 505).toBeLessThanOrEqual(
      (1000 + BUDGET_TOLERANCE_MS) / PER_SECOND,
    );
  });
});
