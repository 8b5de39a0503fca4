import type { Ports, QueueCounts } from '../../aws/ports.ts';
import { isReady, type ReadyStatus } from '../../core/readiness.ts';

/** A group whose dead letters can be sent again. */
export interface Group {
  readonly status: ReadyStatus;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** What is in its queue, and in its dead-letter queue; approximate. */
  readonly live: QueueCounts;
  readonly dead: QueueCounts;
}

/** @returns why nothing can be sent to it, in words, where that is so */
export async function lookAtGroup(pipelineId: string, ports: Ports): Promise<Group | string> {
  const status = await ports.statuses.read(pipelineId);
  if (status === undefined) return 'the pipeline is gone';
  if (!isReady(status)) return `the pipeline is ${status.phase} and takes no tasks`;
  const { queueUrl, deadLetterQueueUrl } = status;
  const [live, dead] = [await ports.queues.read(queueUrl), await ports.queues.read(deadLetterQueueUrl)];
  if (live === undefined || dead === undefined) return 'a queue of the pipeline is gone';
  return { status, queueUrl, deadLetterQueueUrl, live: live.counts, dead: dead.counts };
}
