import type { Ports } from '../../aws/ports.ts';
import { messagesIn } from '../../core/lifecycle/rest.ts';
import { isForsaken, NOTHING_SKIPPED, type RedriveRecord, type Skipped } from '../../core/redrive/record.ts';

/** How far a redrive is. */
export interface RedriveProgress {
  readonly pipelineId: string;
  readonly redriveId?: string;
  /** `None`: there has been none. */
  readonly state: 'None' | RedriveRecord['state'];
  readonly reason?: string;
  readonly first?: number;
  readonly maxRedrives?: number;
  readonly sent: number;
  /** Messages in the dead-letter queue now, approximately. */
  readonly left: number;
  /** Letters that stayed, of the last look at the queue. */
  readonly skipped: Skipped;
  readonly waitsFor?: RedriveRecord['waitsFor'];
  /** ISO 8601. */
  readonly startedAt?: string;
  readonly updatedAt?: string;
  /** For people. */
  readonly message: string;
}

/**
 * @param left in the dead-letter queue
 * @param message what the caller's request came to, if it did something
 */
export function reportOn(
  pipelineId: string,
  record: RedriveRecord | undefined,
  left: number,
  nowMs: number,
  message?: string,
): RedriveProgress {
  if (record === undefined) {
    const none = 'this pipeline has had no redrive';
    return { pipelineId, state: 'None', sent: 0, left, skipped: NOTHING_SKIPPED, message: none };
  }
  const { redriveId, state, reason, first, maxRedrives, sent, skipped, waitsFor } = record;
  return {
    pipelineId,
    redriveId,
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(first === undefined ? {} : { first }),
    maxRedrives,
    sent,
    left,
    skipped,
    ...(waitsFor === undefined ? {} : { waitsFor }),
    startedAt: new Date(record.startedAtMs).toISOString(),
    updatedAt: new Date(record.updatedAtMs).toISOString(),
    message: message ?? messageOf(record, nowMs),
  };
}

function messageOf(record: RedriveRecord, nowMs: number): string {
  if (isForsaken(record, nowMs)) return 'nothing drives it any more: ask for the same again, and it goes on';
  switch (record.waitsFor) {
    case 'liveWork':
      return 'it waits: enough tasks wait in the queue';
    case 'hiddenLetters':
      return 'it waits for letters that are out of sight';
    case 'pace':
      return 'it goes on as fast as the group’s limits allow';
    case undefined:
      return record.because ?? 'it is under way';
  }
}

/** Messages in a pipeline's dead-letter queue, approximately; none where there is no queue. */
export async function lettersLeft(pipelineId: string, ports: Ports): Promise<number> {
  const { deadLetterQueueUrl } = (await ports.statuses.read(pipelineId)) ?? {};
  const queue = deadLetterQueueUrl === undefined ? undefined : await ports.queues.read(deadLetterQueueUrl);
  return queue === undefined ? 0 : messagesIn(queue.counts);
}
