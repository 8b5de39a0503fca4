import { readShardsInto } from '../../aws/burst-progress.ts';
import type { Ports } from '../../aws/ports.ts';
import { partsIdOf } from '../../core/burst/place.ts';
import type { BurstRecord, SentMark } from '../../core/burst/record.ts';
import { shardsBegun, type Tally, tallyOf } from '../../core/burst/tally.ts';

/** What came of a burst so far. */
export interface SumUp {
  readonly mark: SentMark;
  readonly tally: Tally;
}

/** Reads all shards of a burst: a million tasks are 31,250 of them, 313 calls. */
export async function sumUp(record: BurstRecord, ports: Ports): Promise<SumUp> {
  const partsId = partsIdOf(record);
  const mark = await ports.bursts.readSent(partsId);
  const tally = tallyOf(record);
  const shards = record.isCounted ? shardsBegun(record, mark) : 0;
  await readShardsInto(tally, partsId, [...Array(shards).keys()], ports);
  return { mark, tally };
}
