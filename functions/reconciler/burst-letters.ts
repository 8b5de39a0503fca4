import { AwsError } from '../../aws/errors.ts';
import type { Ports } from '../../aws/ports.ts';
import { burstTaskOf } from '../../core/burst/letter.ts';
import type { PartsId } from '../../core/burst/place.ts';
import { putBack } from '../redrive/put-back.ts';
import { EMPTY_RECEIVES, receiveLetters } from '../redrive/receive-letters.ts';

/** Receipts are not short: what is found after them comes into sight by itself. */
export const RECEIPTS_KEPT = 2_000;

/** Tasks of bursts that lie in a dead-letter queue, by their bursts. */
export type BuriedTasks = ReadonlyMap<PartsId, readonly number[]>;

/** What a look has found. */
export interface Found {
  readonly buried: BuriedTasks;
  /** False: it was cut short, and there may be more. */
  readonly isWhole: boolean;
}

/** How far a look goes. */
export interface LookBounds {
  /** Letters. */
  readonly most: number;
  /** No further receive after this, epoch milliseconds. */
  readonly untilMs: number;
  /** Letters are out of sight for so long while they are looked through, and where the look is cut short. */
  readonly hiddenSeconds: number;
}

/** Goes through a pipeline's dead letters that are in sight, and leaves them where they are. */
export async function findBuried(
  deadLetterQueueUrl: string,
  partsIds: ReadonlySet<PartsId>,
  { most, untilMs, hiddenSeconds }: LookBounds,
  ports: Ports,
): Promise<Found> {
  const buried = new Map<PartsId, number[]>();
  const receipts: string[] = [];
  let [seen, empty] = [0, 0];
  while (empty < EMPTY_RECEIVES && seen < most && ports.clock.nowMs() < untilMs) {
    const letters = await receive(deadLetterQueueUrl, hiddenSeconds, ports);
    if (letters === 'tooManyHidden') break;
    empty = letters.length === 0 ? empty + 1 : 0;
    seen += letters.length;
    for (const { receipt, attributes } of letters) {
      if (receipts.length < RECEIPTS_KEPT) receipts.push(receipt);
      const task = burstTaskOf(attributes);
      if (task === undefined || !partsIds.has(task.partsId)) continue;
      const indexes = buried.get(task.partsId) ?? [];
      buried.set(task.partsId, indexes);
      indexes.push(task.index);
    }
  }
  const isWhole = empty >= EMPTY_RECEIVES;
  // Otherwise the next look is to see others.
  if (isWhole) await putBack(deadLetterQueueUrl, receipts, ports);
  return { buried, isWhole };
}

/** Nothing where the queue is gone. */
async function receive(url: string, hiddenSeconds: number, ports: Ports) {
  try {
    return await receiveLetters(url, hiddenSeconds, ports);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'QueueDoesNotExist') return [];
    throw error;
  }
}
