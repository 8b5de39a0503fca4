import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BurstNotes, TaskEnd } from '../../core/burst/notes.ts';
import type { PartsId } from '../../core/burst/place.ts';
import type { ShardState } from '../../core/burst/shard.ts';
import { NotesMemory, notesEffectsOf, notesOver } from '../../lab/simulator/flow/notes-memory.ts';

const NOW_MS = 1_800_000_000_000;
const UNTIL_MS = NOW_MS + 31_000.123;
const RAN = { startedAtMs: NOW_MS, endedAtMs: NOW_MS + 1_500 };
const signal = new AbortController().signal;

/** Where the tasks of bursts are noted, and how that is read. */
export interface NotesWorld {
  readonly notes: BurstNotes;
  shard(partsId: PartsId, shard: number): Promise<ShardState | undefined>;
  hasEnded(partsId: PartsId): Promise<boolean>;
  stop(): Promise<void>;
}

/** The rules that everything keeps in which the runtime notes what becomes of the tasks of bursts. */
export function describeNotes(name: string, makeWorld: () => Promise<NotesWorld>): void {
  describe(`what becomes of the tasks of bursts, ${name}`, () => {
    let world: NotesWorld;
    let last = 0;
    /** A task of a fresh burst. */
    const fresh = (index = 0, total = 2) => {
      last += 1;
      return taskOf(world, `burst-${last}#1`, index, total);
    };
    beforeAll(async () => {
      world = await makeWorld();
    }, 120_000);
    afterAll(async () => {
      await world?.stop();
    }, 30_000);

    it('lets a task run once at a time', async () => {
      const task = fresh();
      expect(await task.begin()).toEqual({ kind: 'begun' });
      expect(await task.begin(UNTIL_MS + 5)).toEqual({ kind: 'running', untilMs: UNTIL_MS });
      expect((await task.shard())?.running).toEqual(new Map([[0, UNTIL_MS]]));
    });

    it('takes the same run for one, whose reply was lost', async () => {
      const task = fresh();
      await task.begin();
      expect(await task.begin()).toEqual({ kind: 'begun' });
    });

    it('lets a task begin anew once its former run must be over', async () => {
      const task = fresh();
      await task.begin();
      expect(await task.begin(UNTIL_MS + 60_000, UNTIL_MS - 1)).toMatchObject({ kind: 'running' });
      expect(await task.begin(UNTIL_MS + 60_000, UNTIL_MS)).toEqual({ kind: 'begun' });
    });

    it('lets no task begin that is done, also long after', async () => {
      const task = fresh();
      await task.begin();
      await task.end('done');
      expect(await task.begin(UNTIL_MS + 1)).toEqual({ kind: 'done' });
      expect(await task.begin(2 * UNTIL_MS, 1.5 * UNTIL_MS)).toEqual({ kind: 'done' });
      expect(await task.shard()).toMatchObject({ done: new Set([0]), running: new Map() });
    });

    it.each(['failed', 'dead', 'givenBack'] as const)('lets one begin again that is %s', async (how) => {
      const task = fresh();
      await task.begin();
      await task.end(how);
      expect(await task.begin(UNTIL_MS + 1)).toEqual({ kind: 'begun' });
    });

    it('counts a dead letter that was sent again, and is done, as done, too', async () => {
      const task = fresh();
      await task.begin();
      await task.end('dead');
      await task.begin(UNTIL_MS + 1);
      await task.end('done', UNTIL_MS + 1);
      expect(await task.shard()).toMatchObject({ done: new Set([0]), dead: new Set([0]) });
    });

    it('takes one that was given back as if it had never begun', async () => {
      const task = fresh();
      await task.begin();
      await task.end('givenBack');
      const state = await task.shard();
      expect([...(state?.running ?? []), ...(state?.done ?? []), ...(state?.failed ?? [])]).toEqual([]);
      expect(state?.tasks).toBe(0);
    });

    it.each(['done', 'failed', 'dead', 'givenBack'] as const)(
      'lets a run go on that began since the one that is %s',
      async (how) => {
        const task = fresh();
        await task.begin();
        await task.begin(UNTIL_MS + 60_000, UNTIL_MS + 1);
        await task.end(how);
        const state = await task.shard();
        expect(state?.running).toEqual(new Map([[0, UNTIL_MS + 60_000]]));
        if (how !== 'givenBack') expect(state?.[how]).toEqual(new Set([0]));
      },
    );

    it('counts one whose begin was never noted, and whose end is', async () => {
      const task = fresh();
      await task.end('done', undefined);
      expect(await task.shard()).toMatchObject({ done: new Set([0]), tasks: 1 });
    });

    it('counts a task once however often its end is told, and sums up what it ran once', async () => {
      const task = fresh();
      await task.begin();
      for (let times = 0; times < 3; times += 1) await task.end('done', UNTIL_MS, { ...RAN, bytes: 2_000 });
      expect(await task.shard()).toMatchObject({
        done: new Set([0]),
        tasks: 1,
        ranMs: 1_500,
        bytes: 2_000,
        bytesMs: 1_500,
      });
    });

    it.each([undefined, UNTIL_MS])(
      'sums up once what one ran whose begin was never noted, however often its end is told, as run %s',
      async (untilMs) => {
        const task = fresh();
        for (let times = 0; times < 3; times += 1) await task.end('done', untilMs);
        expect(await task.shard()).toMatchObject({ done: new Set([0]), tasks: 1, ranMs: 1_500 });
      },
    );

    it.each(['done', 'failed', 'dead', 'givenBack'] as const)(
      'keeps what a newer run has left where it is told late that an older one is %s',
      async (how) => {
        const task = fresh();
        const later = { startedAtMs: NOW_MS + 60_000, endedAtMs: NOW_MS + 61_000 };
        await task.begin();
        await task.begin(UNTIL_MS + 60_000, UNTIL_MS + 1);
        await task.end('done', UNTIL_MS + 60_000, later);
        for (let times = 0; times < 2; times += 1) await task.end(how);
        expect(await task.shard()).toMatchObject({
          ran: new Map([[0, later]]),
          running: new Map(),
          ...{ tasks: 1, ranMs: 1_000, done: new Set([0]) },
          ...(how !== 'givenBack' && { [how]: new Set([0]) }),
        });
      },
    );

    it.each(['failed', 'dead'] as const)(
      'keeps the stamps of a later attempt where it is told late that an earlier one is %s',
      async (how) => {
        const task = fresh();
        const later = { startedAtMs: NOW_MS + 60_000, endedAtMs: NOW_MS + 61_000 };
        await task.end('failed', undefined, later);
        await task.end(how, undefined);
        expect(await task.shard()).toMatchObject({ ran: new Map([[0, later]]), [how]: new Set([0]) });
        await task.end('dead', undefined, { startedAtMs: NOW_MS + 70_000, endedAtMs: NOW_MS + 70_001 });
        expect((await task.shard())?.ran.get(0)?.endedAtMs).toBe(NOW_MS + 70_001);
      },
    );

    it('leaves no stamp where it is told late how a run ended, and another one runs', async () => {
      const task = fresh();
      await task.begin();
      await task.begin(UNTIL_MS + 60_000, UNTIL_MS + 1);
      await task.end('done');
      const state = await task.shard();
      expect(state).toMatchObject({ done: new Set([0]), ran: new Map() });
      expect(state?.running).toEqual(new Map([[0, UNTIL_MS + 60_000]]));
    });

    it('sums up no bytes of tasks that do not say their size, and nothing of attempts that failed', async () => {
      const task = fresh();
      await task.begin();
      await task.end('failed', UNTIL_MS, { ...RAN, bytes: 7 });
      expect(await task.shard()).toMatchObject({ tasks: 0, ranMs: 0, bytes: 0, bytesMs: 0 });
      await task.begin(UNTIL_MS + 1);
      await task.end('done', UNTIL_MS + 1);
      expect(await task.shard()).toMatchObject({ tasks: 1, ranMs: 1_500, bytes: 0, bytesMs: 0 });
    });

    it('keeps the stamps of the last attempt, and none while one runs', async () => {
      const task = fresh();
      await task.begin();
      await task.end('failed');
      expect((await task.shard())?.ran).toEqual(new Map([[0, RAN]]));
      await task.begin(UNTIL_MS + 1);
      expect((await task.shard())?.ran).toEqual(new Map());
      const later = { startedAtMs: NOW_MS + 9_000, endedAtMs: NOW_MS + 9_001 };
      await task.end('dead', UNTIL_MS + 1, later);
      expect((await task.shard())?.ran).toEqual(new Map([[0, later]]));
    });

    it.each([
      [1, []],
      [33, [31]],
      [64 * 32 + 1, [5, 64 * 32 - 1]],
    ])(
      'of a burst of %i tells the end when the last is over, and not before',
      async (total, late) => {
        const first = fresh(0, total);
        const tasks = Array.from({ length: total }, (_, index) => taskOf(world, first.partsId, index, total));
        const early = tasks.filter(({ index }) => !late.includes(index as never) && index > 0);
        for (let from = 0; from < early.length; from += 64) {
          await Promise.all(early.slice(from, from + 64).map((task) => task.end('done', undefined)));
        }
        for (const index of late) await tasks[index]?.end('dead', undefined);
        await first.end('failed', undefined);
        expect(await world.hasEnded(first.partsId)).toBe(false);
        await first.end('done', undefined);
        expect(await world.hasEnded(first.partsId)).toBe(true);
      },
      60_000,
    );

    it('tells the end, where whoever had to died before, when a task of the last shard comes again', async () => {
      const [one, two] = [fresh(0, 33), 32] as const;
      const all = Array.from({ length: 32 }, (_, index) => taskOf(world, one.partsId, index, 33));
      for (const task of all) await task.end('done', undefined);
      // Whoever has noted it knew of more tasks: as if it had told nobody that the shard is over.
      await taskOf(world, one.partsId, two, 64).end('done', undefined);
      expect(await world.hasEnded(one.partsId)).toBe(false);
      expect(await taskOf(world, one.partsId, two, 33).begin()).toEqual({ kind: 'done' });
      expect(await world.hasEnded(one.partsId)).toBe(true);
    });

    it('answers and counts as a table in memory does, whatever comes after whatever', async () => {
      const step = fc.record({
        index: fc.constantFrom(0, 1, 40),
        what: fc.constantFrom('begin' as const, 'begin' as const, ...ENDS),
        run: fc.integer({ min: 0, max: 3 }),
        isNoted: fc.boolean(),
        nowMs: fc.constantFrom(0, 1_500, 5_000),
        ranMs: fc.constantFrom(0, 1_000, 2_000),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const memory = new NotesMemory();
          const model = {
            notes: notesOver(notesEffectsOf(memory), async (_name, _signal, effect) => effect()),
          };
          const { partsId } = fresh();
          for (const { index, what, run, isNoted, nowMs, ranMs } of steps) {
            const [real, modelled] = [world, model].map(({ notes }) => {
              const task = taskOf({ notes }, partsId, index, 41);
              const untilMs = NOW_MS + run * 1_000 + 0.5;
              if (what === 'begin') return task.begin(untilMs, NOW_MS + nowMs);
              const ran = { startedAtMs: NOW_MS + ranMs, endedAtMs: NOW_MS + ranMs + 700 };
              return task.end(what, isNoted ? untilMs : undefined, ran);
            });
            expect(await real).toEqual(await modelled);
          }
          for (const shard of [0, 1]) {
            const read = (await world.shard(partsId, shard)) ?? new NotesMemory().shard(partsId, shard);
            expect(read).toEqual(memory.shard(partsId, shard));
          }
        }),
        { numRuns: 40 },
      );
    }, 90_000);
  });
}

const ENDS = ['done', 'failed', 'dead', 'givenBack'] as const satisfies readonly TaskEnd['kind'][];

function taskOf(
  { notes, shard }: Pick<NotesWorld, 'notes'> & Partial<Pick<NotesWorld, 'shard'>>,
  partsId: PartsId,
  index: number,
  total: number,
) {
  const place = { partsId, index, total };
  return {
    ...place,
    begin: (untilMs = UNTIL_MS, nowMs = NOW_MS) => notes.begin(place, untilMs, nowMs, signal),
    end: (
      kind: TaskEnd['kind'],
      ...more: readonly [untilMs?: number | undefined, ran?: typeof RAN & { bytes?: number }]
    ) => notes.end(place, more.length > 0 ? more[0] : UNTIL_MS, { kind }, more[1] ?? RAN, signal),
    shard: async () => shard?.(partsId, Math.floor(index / 32)),
  };
}
