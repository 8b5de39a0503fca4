import { PurgeQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { ask } from './errors.ts';

/**
 * Deletes all messages of a queue; SQS takes up to a minute for it. IAM: sqs:PurgeQueue on the queue.
 * @returns `busy`: one is under way already, SQS takes one a minute
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html
 */
export function purgeQueue(client: SQSClient, url: string): Promise<'purged' | 'busy' | 'gone'> {
  return ask<unknown, 'purged' | 'busy' | 'gone'>(
    'sqs:PurgeQueue',
    client.send(new PurgeQueueCommand({ QueueUrl: url })),
    () => 'purged',
    {
      PurgeQueueInProgress: () => 'busy',
      'AWS.SimpleQueueService.PurgeQueueInProgress': () => 'busy',
      QueueDoesNotExist: () => 'gone',
    },
  );
}
