import { lastDueMs, plannedFinish } from './due.ts';
import type { BurstRecord, BurstTotals, SentMark } from './record.ts';
import { tasksLeft } from './totals.ts';

/** What is to be done about a burst that has not ended, from its record and its tasks alone. */
export type Care =
  /** All of its tasks are over: whoever should have said so did not. */
  | { readonly kind: 'end' }
  /** It is not all sent, and nobody sends it: another execution goes on. */
  | { readonly kind: 'drive' }
  /** The same, and nobody can, or will: what was sent is all there will be. */
  | { readonly kind: 'giveUp' }
  /** All its tasks are due, and some are not over: is there anything left of them in a queue? */
  | { readonly kind: 'seek' }
  | { readonly kind: 'wait' };

/** No step of the machine that sends takes longer, with all that it does to try it again; nor does a call of the trigger. */
const SILENCE_MS = 1_200_000;
/** So long, and nobody has called again with tasks that only the caller has, or nobody has sent what was due. */
const GIVE_UP_MS = 86_400_000;
/** What is paused and forgotten: how far it is sent is kept for little longer, whatever else is written meanwhile. */
const FORGOTTEN_MS = 28 * 86_400_000;
/** Tasks that were due a moment ago are on their way. */
const ON_THEIR_WAY_MS = 60_000;

type Kept = Pick<
  BurstRecord,
  | 'state'
  | 'source'
  | 'segments'
  | 'total'
  | 'driver'
  | 'sending'
  | 'createdAtMs'
  | 'updatedAtMs'
  | 'pausedAtMs'
>;

export function careOf(record: Kept, totals: BurstTotals, nowMs: number): Care {
  if (tasksLeft(totals) === 0) return { kind: 'end' };
  switch (record.state) {
    case 'Paused':
      return { kind: nowMs - (record.pausedAtMs ?? record.updatedAtMs) > FORGOTTEN_MS ? 'giveUp' : 'wait' };
    case 'Sending':
      return careOfSending(record, nowMs);
    default:
      return { kind: nowMs > lastDueMs(record) + ON_THEIR_WAY_MS ? 'seek' : 'wait' };
  }
}

function careOfSending(record: Kept, nowMs: number): Care {
  const { driver, sending, source } = record;
  const heardAtMs = Math.max(record.updatedAtMs, driver?.dueAtMs ?? 0, sending?.untilMs ?? 0);
  if (nowMs - heardAtMs <= SILENCE_MS) return { kind: 'wait' };
  const expectedMs = Math.max(lastDueMs(record), record.createdAtMs);
  // One that was cancelled is ended by an execution, which needs no tasks for that.
  if (source.kind === 'inline' && driver === undefined)
    return { kind: nowMs - heardAtMs > GIVE_UP_MS ? 'giveUp' : 'wait' };
  return { kind: nowMs - expectedMs > GIVE_UP_MS ? 'giveUp' : 'drive' };
}

/** Whether how far a burst was sent is not known any more: whoever went on with it would begin anew. */
export function isMarkLost({ hasBegun }: BurstRecord, mark: SentMark): boolean {
  return hasBegun === true && isNothingSent(mark);
}

/** Whether no call of the burst is noted. */
export function isNothingSent({ fromIndex, calls }: SentMark): boolean {
  return fromIndex === 0 && calls.length === 0;
}

/**
 * The record of a burst that nobody sends on. Between two rounds it is known which tasks were sent; in the midst of one,
 * or without a mark, it is not, and those that were not will be unaccounted for.
 */
export function givenUp(record: BurstRecord, mark: SentMark, nowMs: number): BurstRecord {
  const { driver: _none, sending: _over, replan: _never, stuckSinceMs: _past, ...rest } = record;
  return {
    ...rest,
    state: 'Sent',
    isCancelled: true,
    total: mark.calls.length === 0 && !isMarkLost(record, mark) ? mark.fromIndex : record.total,
    updatedAtMs: nowMs,
  };
}

/** What the queues say of a burst whose tasks are all due. */
export interface Sight {
  /** What is in the pipeline's queue: absent where there is no queue. Approximate. */
  readonly waiting: number | undefined;
  /** How long SQS keeps what nobody takes out, seconds. */
  readonly retentionSeconds: number;
}

export type Verdict =
  /** There is still something that may be of the burst. */
  | { readonly kind: 'wait'; readonly seeksLetters: boolean }
  /** The queue is empty: for how long is to be seen. */
  | { readonly kind: 'quiet' }
  /** Whatever is left of the burst is among the dead letters, or nowhere. */
  | { readonly kind: 'left' };

/** What the runtime has sent anew lives on for another retention; nobody does that a second time. */
const LIVES = 2;
/** So much later than planned, dead letters are looked for though the pipeline has other work. */
const LATE_MS = 600_000;

/** Decides by the queues of a burst whose tasks are all due. */
export function verdictOn(
  record: Pick<BurstRecord, 'segments' | 'quietSinceMs'>,
  { waiting, retentionSeconds }: Sight,
  emptySpanSeconds: number,
  nowMs: number,
): Verdict {
  const lost = nowMs > lastDueMs(record) + LIVES * retentionSeconds * 1000;
  if (lost || waiting === undefined) return { kind: 'left' };
  if (waiting > 0) return { kind: 'wait', seeksLetters: nowMs > plannedFinish(record).toMs + LATE_MS };
  const quietMs = nowMs - (record.quietSinceMs ?? nowMs);
  return { kind: quietMs >= emptySpanSeconds * 1000 && record.quietSinceMs !== undefined ? 'left' : 'quiet' };
}

const SUMS = 20;
const SUM_LEAST_MS = 60_000;

/**
 * Whether the shards of a burst are to be read: some twenty times until it is planned to be over, and seldom once it is
 * late. Each time costs a read for each shard, and only people look at sums before the end.
 * @param isOver whether its blocks say that all of its tasks are over
 */
export function isSumDue(
  record: Pick<BurstRecord, 'segments' | 'total' | 'totals' | 'summedAtMs' | 'createdAtMs'>,
  isOver: boolean,
  nowMs: number,
): boolean {
  const { totals, total, summedAtMs, createdAtMs } = record;
  // One that was cancelled has fewer tasks than before.
  if (isOver || totals?.total !== total || summedAtMs === undefined) return true;
  const spanMs = Math.max(plannedFinish(record).atMs, nowMs) - createdAtMs;
  return nowMs - summedAtMs >= Math.max(SUM_LEAST_MS, spanMs / SUMS);
}

const CHECK_LEAST_MS = 60_000;
const CHECK_MOST_MS = 300_000;
const CHECK_LATE_MOST_MS = 3_600_000;

/** When to look at a burst again: seldom while much is ahead, ever more seldom the later it is. Epoch milliseconds. */
export function nextCheckMs(record: Pick<BurstRecord, 'segments'>, nowMs: number): number {
  const aheadMs = plannedFinish(record).atMs - nowMs;
  const waitMs =
    aheadMs > 0 ? Math.min(aheadMs / 20, CHECK_MOST_MS) : Math.min(-aheadMs / 10, CHECK_LATE_MOST_MS);
  return Math.ceil(nowMs + Math.max(CHECK_LEAST_MS, waitMs));
}
