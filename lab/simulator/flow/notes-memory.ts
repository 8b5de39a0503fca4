import { type Ending, keepNotes, type NotesTable, type ShardAnswer } from '../../../core/burst/keep-notes.ts';
import type { BurstNotes } from '../../../core/burst/notes.ts';
import {
  endKey,
  type PartsId,
  type Place,
  shardCount,
  shardKey,
  TASKS_PER_SHARD,
} from '../../../core/burst/place.ts';
import { type OVER, readStamp, type ShardState, type Stamp, stampOf } from '../../../core/burst/shard.ts';
import { type Carry, callsOf, carried, type EffectsOf } from './carried.ts';

/** {@link NotesTable} at the moment of its effects. */
export type NotesEffects = EffectsOf<NotesTable>;

const CALLS = ['begin', 'giveBack', 'end', 'add', 'tellEnd'] as const satisfies readonly (keyof NotesTable)[];

/** The calls as functions of their own. */
export function notesEffectsOf(memory: NotesMemory): NotesEffects {
  return callsOf<NotesTable>(memory, CALLS);
}

/** {@link BurstNotes} over something that carries out one update after another. */
export function notesOver(effects: NotesEffects, carry: Carry<NotesTable>): BurstNotes {
  return keepNotes(carried<NotesTable>(effects, CALLS, carry));
}

interface Shard {
  readonly done: Set<number>;
  readonly failed: Set<number>;
  readonly dead: Set<number>;
  readonly running: Map<number, number>;
  readonly stamps: Map<number, string>;
  readonly sums: { tasks: number; ranMs: number; bytes: number; bytesMs: number };
}

/** The table of bursts in memory: each call is one step that nothing comes between. */
export class NotesMemory implements NotesEffects {
  /** Told of each task that is done, by its index, … */
  onDone: (index: number) => void = () => {};
  /** … and that a burst is over. */
  onEnded: () => void = () => {};
  readonly #shards = new Map<string, Shard>();
  readonly #sets = new Map<string, Set<number>>();
  readonly #ended = new Set<string>();

  begin(key: string, number: number, untilMs: number, nowMs: number): ShardAnswer {
    const shard = this.#shardOf(key);
    if (shard.done.has(number) || (shard.running.get(number) ?? nowMs) > nowMs) {
      return answerOf(shard, number, false);
    }
    shard.running.set(number, untilMs);
    shard.stamps.delete(number);
    return answerOf(shard, number, true);
  }

  giveBack(key: string, number: number, untilMs: number): void {
    const { running } = this.#shardOf(key);
    if (running.get(number) === untilMs) running.delete(number);
  }

  end(key: string, number: number, { how, ran }: Ending, untilMs: number | undefined): ShardAnswer {
    const shard = this.#shardOf(key);
    const isRun = untilMs !== undefined;
    if (isRun ? shard.running.get(number) !== untilMs : ran !== undefined && hasNewer(shard, number, ran)) {
      return answerOf(shard, number, false);
    }
    if (isRun) shard.running.delete(number);
    shard[how].add(number);
    if (how === 'done') this.onDone(Number(key.slice(key.lastIndexOf('#') + 1)) * TASKS_PER_SHARD + number);
    if (ran !== undefined) {
      shard.stamps.set(number, stampOf(ran));
      if (how === 'done') addRan(shard.sums, ran);
    }
    return answerOf(shard, number, true);
  }

  add(key: string, set: string, number: number): number {
    const name = `${key}/${set}`;
    const numbers = (this.#sets.get(name) ?? new Set<number>()).add(number);
    this.#sets.set(name, numbers);
    return numbers.size;
  }

  tellEnd(key: string): void {
    this.#ended.add(key);
    this.onEnded();
  }

  /** What a shard says; empty where nobody has written to it. */
  shard(partsId: PartsId, shard: number): ShardState {
    const { done, failed, dead, running, stamps, sums } = this.#shardOf(shardKey(partsId, shard));
    const ran = [...stamps].flatMap(([number, text]) => {
      const stamp = readStamp(text);
      return stamp === undefined ? [] : [[number, stamp] as const];
    });
    return {
      ...copied({ done, failed, dead }),
      refused: new Set(),
      running: new Map(running),
      ran: new Map(ran),
      ...sums,
    };
  }

  /** What a set of a block or of the end says. */
  numbers(key: string, set: (typeof OVER)['shards' | 'blocks']): ReadonlySet<number> {
    return new Set(this.#sets.get(`${key}/${set}`));
  }

  hasEnded(partsId: PartsId): boolean {
    return this.#ended.has(endKey(partsId));
  }

  /** Indexes of a burst's tasks that are in one of these sets. */
  indexes(
    { partsId, total }: Pick<Place, 'partsId' | 'total'>,
    set: 'done' | 'failed' | 'dead',
  ): ReadonlySet<number> {
    const shards = Array.from({ length: shardCount(total) }, (_, shard) => shard);
    return new Set(
      shards.flatMap((shard) =>
        [...this.shard(partsId, shard)[set]].map((number) => shard * TASKS_PER_SHARD + number),
      ),
    );
  }

  #shardOf(key: string): Shard {
    const known = this.#shards.get(key);
    if (known !== undefined) return known;
    const fresh: Shard = {
      done: new Set(),
      failed: new Set(),
      dead: new Set(),
      running: new Map(),
      stamps: new Map(),
      sums: { tasks: 0, ranMs: 0, bytes: 0, bytesMs: 0 },
    };
    this.#shards.set(key, fresh);
    return fresh;
  }
}

function answerOf(shard: Shard, number: number, isWritten: boolean): ShardAnswer {
  return {
    isWritten,
    ...copied(shard),
    refused: new Set(),
    runsUntilMs: shard.running.get(number),
    stamp: shard.stamps.get(number),
  };
}

/** Something of this task is noted that is not older. */
function hasNewer({ running, done, stamps }: Shard, number: number, ran: Stamp): boolean {
  return running.has(number) || done.has(number) || (stamps.get(number) ?? '') >= stampOf(ran);
}

function copied({ done, failed, dead }: Pick<Shard, 'done' | 'failed' | 'dead'>) {
  return { done: new Set(done), failed: new Set(failed), dead: new Set(dead) };
}

function addRan(sums: Shard['sums'], { startedAtMs, endedAtMs, bytes }: NonNullable<Ending['ran']>): void {
  const ms = Math.max(0, Math.round(endedAtMs - startedAtMs));
  sums.tasks += 1;
  sums.ranMs += ms;
  if (bytes === undefined) return;
  sums.bytes += bytes;
  sums.bytesMs += ms;
}
