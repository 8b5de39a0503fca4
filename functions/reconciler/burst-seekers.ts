import type { Ports } from '../../aws/ports.ts';
import {
  HIDDEN_LONG_SECONDS,
  lookedInPart,
  looking,
  NOT_ALL_LETTERS,
} from '../../core/burst/letter-looks.ts';
import { numberInShard, type PartsId, partsIdOf, shardOf } from '../../core/burst/place.ts';
import type { BurstRecord, BurstTotals } from '../../core/burst/record.ts';
import { endBurst } from '../burst-listener/end-burst.ts';
import { type Found, findBuried, RECEIPTS_KEPT } from './burst-letters.ts';
import { noteLook } from './note-look.ts';
import type { Session } from './session.ts';

/** Letters looked at in one tick, all queues together, ... */
const LETTERS_A_TICK = 10_000;
/** ... and how long that may take. */
const LOOK_MS = 20_000;
/** Letters are out of sight while they are looked through; longer than a tick takes. */
const HIDDEN_SECONDS = 90;
/** Letters that somebody else keeps out of sight are waited for so long, once a burst's queue is empty. */
const PATIENCE_MS = 1_800_000;

/** A burst some of whose tasks may be dead letters that nobody has noted: SQS moves them without a word. */
export interface Seeker {
  readonly record: BurstRecord;
  readonly totals: BurstTotals;
  /** What is not among the dead letters is nowhere. */
  readonly isLost: boolean;
  readonly deadLetterQueueUrl: string | undefined;
}

/** Looks through the dead letters of each pipeline once for all of its bursts, and ends those of which nothing is left. */
export async function seekLetters(
  session: Session,
  seekers: readonly Seeker[],
): Promise<{ readonly ended: number }> {
  const untilMs = session.ports.clock.nowMs() + LOOK_MS;
  const pipelines = Map.groupBy(seekers, ({ record }) => record.pipelineId);
  let ended = 0;
  // One after the other, so that the tick's work is bounded; what it does not come to is due the longest in the next.
  for (const group of pipelines.values()) {
    if (session.ports.clock.nowMs() >= untilMs) break;
    const done = await session.each([group], (bursts) => seekInOne(session, bursts, untilMs));
    ended += done[0] ?? 0;
  }
  return { ended };
}

/** @param seekers of one pipeline; answers how many have ended */
async function seekInOne(session: Session, seekers: readonly Seeker[], untilMs: number): Promise<number> {
  const { ports } = session;
  const letters = await lettersOf(seekers, ports);
  const nowMs = ports.clock.nowMs();
  const waits =
    letters === undefined || letters.inFlight === 0 ? [] : seekers.filter((one) => isToWait(one, nowMs));
  await session.each(waits, (seeker) => waitForLetters(seeker, ports));
  const ready = seekers.filter((seeker) => !waits.includes(seeker));
  const looks = letters === undefined ? ready : await begin(session, ready);
  const found = letters === undefined ? NOTHING_BURIED : await look(letters, looks, untilMs, ports);
  const ended = await session.each(looks, (seeker) => settle(seeker, found, ports));
  return ended.filter(Boolean).length;
}

const NOTHING_BURIED: Found = { buried: new Map(), isWhole: true };

interface Letters {
  readonly url: string;
  readonly visible: number;
  readonly inFlight: number;
}

/** Approximate; undefined where there are none, or none of any use. */
async function lettersOf(seekers: readonly Seeker[], { queues }: Ports): Promise<Letters | undefined> {
  const url = seekers.find(({ record }) => record.isCounted)?.deadLetterQueueUrl;
  const state = url === undefined ? undefined : await queues.read(url);
  if (state === undefined) return undefined;
  const { visible, inFlight } = state.counts;
  return visible + inFlight === 0 ? undefined : { url: state.url, visible, inFlight };
}

/** Somebody keeps letters out of sight, and it is not the burst's own look that has seen them. */
function isToWait({ record }: Seeker, nowMs: number): boolean {
  if (!record.isCounted || record.letterLooks?.isUnbroken) return false;
  return nowMs < (record.quietSinceMs ?? 0) + PATIENCE_MS;
}

/** Notes that they are looked for. Those that somebody else writes meanwhile are left for another time. */
async function begin(session: Session, seekers: readonly Seeker[]): Promise<readonly Seeker[]> {
  const { bursts, clock } = session.ports;
  const begun = await session.each(seekers, async (seeker) => {
    if (!seeker.record.isCounted) return seeker;
    const record = looking(seeker.record, clock.nowMs());
    if ((await bursts.write(record)) === 'conflict') return undefined;
    return { ...seeker, record: { ...record, revision: record.revision + 1 } };
  });
  return begun.filter((seeker) => seeker !== undefined);
}

async function look(
  { url, visible }: Letters,
  seekers: readonly Seeker[],
  untilMs: number,
  ports: Ports,
): Promise<Found> {
  const counted = seekers.filter(({ record }) => record.isCounted);
  if (counted.length === 0) return NOTHING_BURIED;
  const goesOn = counted.some(({ record }) => (record.letterLooks?.count ?? 0) > 1);
  const hiddenSeconds = goesOn || visible > RECEIPTS_KEPT ? HIDDEN_LONG_SECONDS : HIDDEN_SECONDS;
  const ids = new Set(counted.map(({ record }) => partsIdOf(record)));
  return findBuried(url, ids, { most: LETTERS_A_TICK, untilMs, hiddenSeconds }, ports);
}

/** Counts what was found; answers whether the burst has ended. */
async function settle({ record, totals, isLost }: Seeker, found: Found, ports: Ports): Promise<boolean> {
  const partsId = partsIdOf(record);
  await addBuried(partsId, found.buried.get(partsId) ?? [], ports);
  const isWhole = found.isWhole || !record.isCounted;
  const next = isWhole ? undefined : lookedInPart({ ...record, totals }, ports.clock.nowMs());
  if (next !== undefined) {
    await ports.bursts.write(next);
    return false;
  }
  if (!isLost) {
    await noteLook(record, totals, ports);
    return false;
  }
  // If somebody else writes, it ends without saying so.
  if (!isWhole) await ports.bursts.write({ ...record, because: NOT_ALL_LETTERS });
  await endBurst(partsId, 'lost', ports);
  return true;
}

/** Those that are counted already, by a look before, cost no write. */
async function addBuried(partsId: PartsId, indexes: readonly number[], { bursts }: Ports): Promise<void> {
  const shards = await bursts.readShards(partsId, [...new Set(indexes.map(shardOf))]);
  const fresh = indexes.filter((index) => !shards.get(shardOf(index))?.dead.has(numberInShard(index)));
  await bursts.addOver(partsId, 'dead', fresh);
}

/** Unlike a look that finds the queue at work, it goes on being quiet. */
async function waitForLetters({ record, totals }: Seeker, ports: Ports): Promise<void> {
  await ports.bursts.write({ ...record, totals, checkAtMs: ports.clock.nowMs() + 60_000 });
}
