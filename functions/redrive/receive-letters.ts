import { AwsError } from '../../aws/errors.ts';
import type { Ports, QueueMessage } from '../../aws/ports.ts';

/** A receive may find nothing though there is something, as SQS asks only some of its servers; hardly so many in a row. */
export const EMPTY_RECEIVES = 5;

/** SQS hands out no more while 120,000 messages of a queue are out of sight. */
export async function receiveLetters(
  deadLetterQueueUrl: string,
  hiddenSeconds: number,
  ports: Ports,
): Promise<readonly QueueMessage[] | 'tooManyHidden'> {
  try {
    return await ports.queues.receive(deadLetterQueueUrl, hiddenSeconds);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'OverLimit') return 'tooManyHidden';
    throw error;
  }
}
