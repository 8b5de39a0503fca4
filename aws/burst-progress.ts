import { type PartsId, partsIdOf } from '../core/burst/place.ts';
import { type BurstProgress, progressOf } from '../core/burst/progress.ts';
import type { BurstRecord } from '../core/burst/record.ts';
import { shardsBegun, type Tally, tallyOf } from '../core/burst/tally.ts';
import { chunks } from '../core/chunks.ts';
import type { CurvePoint } from '../core/spread/curve.ts';
import type { Bursts, Clock } from './ports.ts';

/** Shards that are in memory at the same time. */
const SLICE = 3_200;
/** Shards that one look reads: ten calls of 100. */
const A_LOOK = 1_000;

/** Reads shards into a tally, some at a time: however many there are, the memory stays the same. */
export async function readShardsInto(
  tally: Tally,
  partsId: PartsId,
  shards: readonly number[],
  { bursts, clock }: { readonly bursts: Pick<Bursts, 'readShards'>; readonly clock: Pick<Clock, 'nowMs'> },
): Promise<void> {
  for (const slice of chunks(shards, SLICE)) {
    const found = await bursts.readShards(partsId, slice);
    for (const [shard, state] of found) tally.see(shard, state, clock.nowMs());
  }
}

/** Watches one burst. */
export interface ProgressReader {
  /** How it is now; undefined if there is no such burst. */
  read(): Promise<BurstProgress | undefined>;
  /** How many ran at once, as far as it has been read: of tasks that are over. */
  curve(points: number): readonly CurvePoint[];
}

/**
 * Reads a burst's progress again and again, each time only what may have changed: shards that are over are not read
 * again. Of a burst that has too many others it reads a thousand at a time, in turn; `isWhole` then is false.
 */
export function createProgressReader(
  ports: {
    readonly bursts: Pick<Bursts, 'read' | 'readSent' | 'readShards'>;
    readonly clock: Pick<Clock, 'nowMs'>;
  },
  burstId: string,
): ProgressReader {
  let tally: Tally | undefined;
  let of: Pick<BurstRecord, 'total' | 'createdAtMs'> | undefined;
  let next = 0;

  return {
    async read() {
      const record = await ports.bursts.read(burstId);
      if (record === undefined) return undefined;
      const partsId = partsIdOf(record);
      const mark = await ports.bursts.readSent(partsId);
      // One that was cancelled has fewer tasks than before; another one may have the same id.
      if (tally === undefined || of?.total !== record.total || of.createdAtMs !== record.createdAtMs)
        tally = tallyOf(record);
      of = record;
      const seen = tally;
      const open = range(record.isCounted ? shardsBegun(record, mark) : 0).filter(
        (shard) => !seen.isSettled(shard),
      );
      const turn = [...open.filter((shard) => shard >= next), ...open.filter((shard) => shard < next)];
      const look = turn.slice(0, A_LOOK);
      await readShardsInto(seen, partsId, look, ports);
      next = (look.at(-1) ?? -1) + 1;
      return progressOf(record, mark, seen, look.length === open.length, ports.clock.nowMs());
    },
    curve: (points) => tally?.timeline.curve(points) ?? [],
  };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}
