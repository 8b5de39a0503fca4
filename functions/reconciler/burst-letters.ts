import { AwsError } from '../../aws/errors.ts';
import type { Ports, QueueMessage } from '../../aws/ports.ts';
import { burstTaskOf } from '../../core/burst/letter.ts';
import type { PartsId } from '../../core/burst/place.ts';
import { putBack } from '../redrive/put-back.ts';

/** Receives in a row that find nothing: SQS asks only some of its servers each time. */
const EMPTY_RECEIVES = 5;
/** Letters out of sight while they are looked through; longer than a tick takes. */
const HIDDEN_SECONDS = 90;
/** Receipts are not short: what is found after them comes into sight by itself. */
const RECEIPTS_KEPT = 2_000;

/** Tasks of bursts that lie in a dead-letter queue, by their bursts. */
export type BuriedTasks = ReadonlyMap<PartsId, readonly number[]>;

/**
 * Goes through a pipeline's dead letters once, and leaves them where they are.
 * @param most letters to look at
 * @param untilMs no further receive after this, epoch milliseconds
 */
export async function findBuried(
  deadLetterQueueUrl: string,
  partsIds: ReadonlySet<PartsId>,
  most: number,
  untilMs: number,
  ports: Ports,
): Promise<BuriedTasks> {
  const buried = new Map<PartsId, number[]>();
  const receipts: string[] = [];
  let [seen, empty] = [0, 0];
  while (empty < EMPTY_RECEIVES && seen < most && ports.clock.nowMs() < untilMs) {
    const letters = await receive(deadLetterQueueUrl, ports);
    empty = letters.length === 0 ? empty + 1 : 0;
    seen += letters.length;
    for (const { receipt, attributes } of letters) {
      if (receipts.length < RECEIPTS_KEPT) receipts.push(receipt);
      const task = burstTaskOf(attributes);
      if (task === undefined || !partsIds.has(task.partsId)) continue;
      buried.set(task.partsId, [...(buried.get(task.partsId) ?? []), task.index]);
    }
  }
  await putBack(deadLetterQueueUrl, receipts, ports);
  return buried;
}

/** Nothing where the queue is gone, or too many of its letters are out of sight. */
async function receive(url: string, { queues }: Ports): Promise<readonly QueueMessage[]> {
  try {
    return await queues.receive(url, HIDDEN_SECONDS);
  } catch (error) {
    if (error instanceof AwsError && ['OverLimit', 'QueueDoesNotExist'].includes(error.code)) return [];
    throw error;
  }
}
