import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Flow } from '../../aws/ports.ts';
import type { Ended } from '../../core/flow/breaker.ts';
import { type HeldTurns, pullTurns, pushTurns } from '../../core/flow/held-turns.ts';
import type { GroupState } from '../../core/flow/hold.ts';
import type { Shared } from '../../core/flow/shared.ts';
import { drawTickets, type TicketRequest, type TurnRequest, takeTurn } from '../../core/flow/turns.ts';

const NOW_MS = 1_800_000_000_000;
const RAN = { tasks: 0, ms: 0 };

/** A place where the environments of pipelines meet. */
export interface SharedWorld {
  sharedOf(pipelineId: string): Shared;
  /** What the hold-listener does, who is none of them. */
  pullTurns: Flow['pullTurns'];
  stop(): Promise<void>;
}

/** The rules that everything keeps which stands for what the environments of one pipeline share. */
export function describeShared(name: string, makeWorld: () => Promise<SharedWorld>): void {
  describe(`what environments share, ${name}`, () => {
    let world: SharedWorld | undefined;
    let last = 0;
    const fresh = (): Shared => {
      if (world === undefined) throw new Error('the world is made before the first test');
      last += 1;
      return world.sharedOf(`group-${last}`);
    };
    beforeAll(async () => {
      world = await makeWorld();
    }, 120_000);
    afterAll(async () => {
      await world?.stop();
    }, 30_000);

    describeTurns(fresh, async (endedMs, untilMs) => world?.pullTurns(`group-${last}`, endedMs, untilMs));
    describeGroup(fresh);
    describeEnded(fresh, (pipelineId) => world?.sharedOf(pipelineId) as Shared);
    describeLease(fresh);
    describeKeys(fresh);
  });
}

type Fresh = () => Shared;
const signal = new AbortController().signal;

function describeTurns(fresh: Fresh, pullLast: (endedMs: number, untilMs: number) => Promise<void>): void {
  const request: TurnRequest = { earliestMs: NOW_MS, spacingMs: 102.2, horizonMs: 3_000, isFresh: true };

  it('answers for turns and tickets as core/flow/turns does, whatever came before', async () => {
    const turn = fc.record({
      kind: fc.constant('turn' as const),
      afterMs: fc.constantFrom(0, 0, 0, 150, 4_000),
      horizonMs: fc.constantFrom(0, 500, 3_000),
      isFresh: fc.boolean(),
    });
    const tickets = fc.record({
      kind: fc.constant('tickets' as const),
      line: fc.constantFrom('ticketMs' as const, 'placeMs' as const),
      aheadMs: fc.constantFrom(-500, 0, 700),
      mostMs: fc.constantFrom(200, 3_600_000),
      count: fc.integer({ min: 1, max: 10 }),
    });
    const push = fc.record({
      kind: fc.constant('push' as const),
      aheadMs: fc.constantFrom(-1_000, 900, 2_000, 9_000),
    });
    /** Its hold ends, or the one before it, wholly or save for a while. */
    const pull = fc.record({
      kind: fc.constant('pull' as const),
      back: fc.integer({ min: 0, max: 1 }),
      leftMs: fc.constantFrom(-1_000_000, 0, 500, 20_000),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(turn, turn, tickets, push, pull), { maxLength: 16 }),
        async (sequence) => {
          const shared = fresh();
          let state: HeldTurns = {};
          let nowMs = NOW_MS;
          const holds = [NOW_MS];
          for (const step of sequence) {
            if (step.kind === 'turn') {
              nowMs += step.afterMs;
              const asked = {
                ...request,
                earliestMs: nowMs,
                horizonMs: step.horizonMs,
                isFresh: step.isFresh,
              };
              const expected = takeTurn(state, asked);
              state = expected.state;
              const answer = await shared.takeTurn(asked, RAN, signal);
              expect(rounded(answer)).toEqual(rounded(expected.answer));
            } else if (step.kind === 'tickets') {
              const asked: TicketRequest = {
                line: step.line,
                floorMs: nowMs + step.aheadMs,
                mostMs: nowMs + step.mostMs,
                count: step.count,
                apartMs: 102.5,
              };
              const expected = drawTickets(state, asked);
              state = expected.state;
              const firstMs = await shared.drawTickets(asked, signal);
              if (expected.firstMs === undefined) expect(firstMs).toBeUndefined();
              else expect(firstMs).toBeCloseTo(expected.firstMs, 2);
            } else if (step.kind === 'pull') {
              const endedMs = holds[step.back] ?? NOW_MS;
              const untilMs = Math.max(0, nowMs + step.leftMs);
              state = pullTurns(state, endedMs, untilMs);
              await pullLast(endedMs, untilMs);
            } else {
              const untilMs = nowMs + step.aheadMs;
              holds.unshift(untilMs);
              state = pushTurns(state, untilMs);
              await shared.pushTurns(untilMs, signal);
            }
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('gives every one of many who ask at once a start of its own', async () => {
    const shared = fresh();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        shared.takeTurn({ ...request, earliestMs: NOW_MS + (index % 5) * 30 }, RAN, signal),
      ),
    );
    const starts = answers.flatMap((answer) => (answer.kind === 'granted' ? [answer.startMs] : []));
    const gaps = starts
      .sort((a, b) => a - b)
      .map((start, index) => (starts[index + 1] ?? start + 200) - start);
    expect(starts).toHaveLength(20);
    expect(Math.min(...gaps)).toBeGreaterThan(102);
  });

  it('keeps the ledgers of two pipelines apart', async () => {
    const [one, other] = [fresh(), fresh()];
    await one.pushTurns(NOW_MS + 60_000, signal);
    expect(await other.takeTurn(request, RAN, signal)).toEqual({ kind: 'granted', startMs: NOW_MS });
  });
}

function rounded(answer: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [
      name,
      typeof value === 'number' ? Math.round(value * 10) / 10 : value,
    ]),
  );
}

function describeGroup(fresh: Fresh): void {
  const state: GroupState = {
    hold: { sinceMs: NOW_MS, untilMs: NOW_MS + 1_500.5, cause: 'throttled', guesses: 2 },
    breaker: {
      state: 'halfOpen',
      sinceMs: NOW_MS,
      opened: 1,
      probes: [{ id: 'probe', untilMs: NOW_MS + 30_000 }],
      succeeded: 0,
    },
  };

  it('keeps what the group shares, with a revision', async () => {
    const shared = fresh();
    expect(await shared.readGroup(signal)).toEqual({ state: {}, revision: 0 });
    expect(await shared.writeGroup(state, 0, signal)).toBe('written');
    expect(await shared.readGroup(signal)).toEqual({ state, revision: 1 });
    expect(await shared.writeGroup({}, 1, signal)).toBe('written');
    expect(await shared.readGroup(signal)).toEqual({ state: {}, revision: 2 });
  });

  it('writes nothing over what others have written since', async () => {
    const shared = fresh();
    const answers = await Promise.all(Array.from({ length: 6 }, () => shared.writeGroup(state, 0, signal)));
    expect(answers.filter((answer) => answer === 'written')).toHaveLength(1);
    expect(await shared.writeGroup({}, 0, signal)).toBe('conflict');
    expect(await shared.writeGroup({}, 2, signal)).toBe('conflict');
    expect(await shared.readGroup(signal)).toEqual({ state, revision: 1 });
  });
}

function describeEnded(fresh: Fresh, sharedOf: (pipelineId: string) => Shared): void {
  const expiresAtSeconds = Math.ceil(Date.now() / 1000) + 600;

  it('adds up how tasks ended, part by part', async () => {
    const shared = fresh();
    const add = (part: string, more: Ended) => shared.addEnded(part, more, expiresAtSeconds, signal);
    expect(await shared.readEnded(['0-1'], signal)).toEqual({ tasks: 0, failed: 0 });
    await Promise.all([
      add('0-1', { tasks: 3, failed: 1 }),
      add('0-1', { tasks: 4, failed: 0 }),
      add('0-2', { tasks: 5, failed: 5 }),
    ]);
    expect(await shared.readEnded(['0-1'], signal)).toEqual({ tasks: 7, failed: 1 });
    expect(await shared.readEnded(['0-2', '0-1', '0-3'], signal)).toEqual({ tasks: 12, failed: 6 });
  });

  it('counts nothing of another pipeline', async () => {
    await sharedOf('counted').addEnded('0-1', { tasks: 1, failed: 1 }, expiresAtSeconds, signal);
    expect(await fresh().readEnded(['0-1'], signal)).toEqual({ tasks: 0, failed: 0 });
  });
}

function describeLease(fresh: Fresh): void {
  const untilMs = NOW_MS + 30_000;
  const taken = { kind: 'taken' };
  const take = (shared: Shared, owner: string, nowMs = NOW_MS) =>
    shared.takeLease(owner, nowMs + 30_000, nowMs, signal);

  it('lends the lease to one at a time, who may renew it', async () => {
    const shared = fresh();
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => take(shared, owner)));
    expect(answers.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
    const holder = 'abcd'[answers.findIndex(({ kind }) => kind === 'taken')] ?? '';
    expect(await take(shared, holder)).toEqual(taken);
    expect(await take(shared, 'e')).toEqual({ kind: 'held', untilMs });
  });

  it('ends the lease of a dead owner at its time, and not before', async () => {
    const shared = fresh();
    await take(shared, 'dead');
    expect(await take(shared, 'heir', untilMs - 1)).toEqual({ kind: 'held', untilMs });
    expect(await take(shared, 'heir', untilMs)).toEqual(taken);
  });

  it('takes a lease back from its owner only', async () => {
    const shared = fresh();
    await take(shared, 'owner');
    await shared.freeLease('somebody', signal);
    expect(await take(shared, 'next')).toEqual({ kind: 'held', untilMs });
    await shared.freeLease('owner', signal);
    expect(await take(shared, 'next')).toEqual(taken);
    await shared.freeLease('owner', signal);
    expect(await take(shared, 'other')).toEqual({ kind: 'held', untilMs });
  });
}

function describeKeys(fresh: Fresh): void {
  const untilMs = NOW_MS + 30_000;
  const claimed = { kind: 'claimed' };
  const claim = (shared: Shared, owner: string, nowMs = NOW_MS) =>
    shared.claimKey('key', owner, nowMs + 30_000, nowMs, signal);

  it('gives a key to one at a time, and each key for itself', async () => {
    const shared = fresh();
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => claim(shared, owner)));
    expect(answers.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(await claim(shared, 'e')).toEqual({ kind: 'running', untilMs });
    expect(await shared.claimKey('other', 'e', untilMs, NOW_MS, signal)).toEqual(claimed);
  });

  it('knows for as long as it was told that a key is done', async () => {
    const shared = fresh();
    await claim(shared, 'owner');
    await shared.finishKey('key', 'owner', NOW_MS + 600_000, signal);
    expect(await claim(shared, 'next', NOW_MS + 599_999)).toEqual({ kind: 'done' });
    expect(await claim(shared, 'next', NOW_MS + 600_000)).toEqual(claimed);
    expect(await claim(shared, 'other', NOW_MS + 600_001)).toEqual({
      kind: 'running',
      untilMs: NOW_MS + 630_000,
    });
  });

  it('gives the key of a dead owner away at its time, and lets the dead finish nothing', async () => {
    const shared = fresh();
    await claim(shared, 'dead');
    expect(await claim(shared, 'heir', untilMs - 1)).toEqual({ kind: 'running', untilMs });
    expect(await claim(shared, 'heir', untilMs)).toEqual(claimed);
    await shared.finishKey('key', 'dead', NOW_MS + 600_000, signal);
    await shared.dropKey('key', 'dead', signal);
    expect((await claim(shared, 'other', untilMs)).kind).toBe('running');
  });

  it('gives a key that was dropped to the next, and never one that is done', async () => {
    const shared = fresh();
    await claim(shared, 'owner');
    await shared.dropKey('key', 'owner', signal);
    expect(await claim(shared, 'next')).toEqual(claimed);
    await shared.finishKey('key', 'next', NOW_MS + 600_000, signal);
    await shared.dropKey('key', 'next', signal);
    expect(await claim(shared, 'other')).toEqual({ kind: 'done' });
  });
}
