import type { Begun, BurstNotes, TaskEnd, TaskRan } from './notes.ts';
import {
  blockCount,
  blockKey,
  blockOf,
  endKey,
  numberInShard,
  type Place,
  shardKey,
  shardOf,
  shardsInBlock,
} from './place.ts';
import { isShardOver, OVER, type ShardState, stampOf } from './shard.ts';

/** What a shard says after an update of one of its tasks; where the update's condition failed, as it was before. */
export interface ShardAnswer extends Pick<ShardState, 'done' | 'failed' | 'dead' | 'refused'> {
  readonly isWritten: boolean;
  /** When the task's run is over at the latest, epoch milliseconds; undefined: none is noted. */
  readonly runsUntilMs: number | undefined;
  /** `stampOf` its last attempt. */
  readonly stamp: string | undefined;
}

/** A task's end that counts. */
export interface Ending {
  readonly how: Exclude<TaskEnd['kind'], 'givenBack'>;
  readonly ran: TaskRan | undefined;
}

/** Single updates of the table of bursts: each of them is one step that nothing comes between. */
export interface NotesTable {
  /** Notes that the task of a shard runs until this moment, unless it is done or runs past `nowMs`; drops its stamp. */
  begin(
    shard: string,
    number: number,
    untilMs: number,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<ShardAnswer>;
  /** The task does not run, if it was this run. */
  giveBack(shard: string, number: number, untilMs: number, signal: AbortSignal): Promise<void>;
  /**
   * Adds the task to a set, and what it ran, if it did, to the sums, and leaves its stamp: with `untilMs` only if it is
   * this run that ends with it; without, what ran only if the task is not done, no run of it is noted, and no later one
   * has left its stamp. So it is one that has not been added yet.
   */
  end(
    shard: string,
    number: number,
    ending: Ending,
    untilMs: number | undefined,
    signal: AbortSignal,
  ): Promise<ShardAnswer>;
  /** Adds a number to a set of a block or of the end. @returns how many are in it */
  add(key: string, set: string, number: number, signal: AbortSignal): Promise<number>;
  /** Writes, once, that the burst is over. */
  tellEnd(key: string, signal: AbortSignal): Promise<void>;
}

/** {@link BurstNotes} from single updates, any of which may be the last that a process makes. */
export function keepNotes(table: NotesTable): BurstNotes {
  /** Tells the block that the shard is over, and so on up; each of them where it is, and only then. */
  const tellOver = async (place: Place, state: ShardAnswer, signal: AbortSignal): Promise<void> => {
    const { partsId, index, total } = place;
    const shard = shardOf(index);
    if (!isShardOver(state, shard, total)) return;
    const block = blockOf(shard);
    const shards = await table.add(blockKey(partsId, block), OVER.shards, shard, signal);
    if (shards < shardsInBlock(block, total)) return;
    const blocks = await table.add(endKey(partsId), OVER.blocks, block, signal);
    if (blocks >= blockCount(total)) await table.tellEnd(endKey(partsId), signal);
  };

  const noteEnd = async (
    { partsId, index }: Place,
    untilMs: number | undefined,
    ending: Ending,
    signal: AbortSignal,
  ): Promise<ShardAnswer> => {
    const key = shardKey(partsId, shardOf(index));
    const number = numberInShard(index);
    if (untilMs !== undefined) {
      const answer = await table.end(key, number, ending, untilMs, signal);
      if (answer.isWritten || isNoted(answer, number, ending)) return answer;
    }
    // Its begin was never noted, or it is told late.
    const answer = await table.end(key, number, ending, undefined, signal);
    if (answer.isWritten || answer[ending.how].has(number)) return answer;
    // Another run has begun since, and goes on or has ended: what that one leaves stays.
    return table.end(key, number, { how: ending.how, ran: undefined }, undefined, signal);
  };

  return {
    async begin(place, untilMs, nowMs, signal): Promise<Begun> {
      const number = numberInShard(place.index);
      const key = shardKey(place.partsId, shardOf(place.index));
      const answer = await table.begin(key, number, untilMs, nowMs, signal);
      if (answer.isWritten) return { kind: 'begun' };
      if (answer.done.has(number)) {
        // Who was to tell that all are over may have died before. If nobody can, the reconciler finds out.
        await tellOver(place, answer, signal).catch(() => undefined);
        return { kind: 'done' };
      }
      const { runsUntilMs = nowMs } = answer;
      return runsUntilMs === untilMs ? { kind: 'begun' } : { kind: 'running', untilMs: runsUntilMs };
    },

    async end(place, untilMs, { kind: how }, ran, signal) {
      if (how !== 'givenBack') {
        await tellOver(place, await noteEnd(place, untilMs, { how, ran }, signal), signal);
      } else if (untilMs !== undefined) {
        const key = shardKey(place.partsId, shardOf(place.index));
        await table.giveBack(key, numberInShard(place.index), untilMs, signal);
      }
    },
  };
}

/** Whether this very end stands there: the reply to it was lost, and it was told again. */
function isNoted(answer: ShardAnswer, number: number, { how, ran }: Ending): boolean {
  return answer[how].has(number) && answer.stamp === (ran && stampOf(ran));
}
