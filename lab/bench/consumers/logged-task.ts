import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSRecord } from 'aws-lambda';

const logger = new Logger({ serviceName: 'bench' });

/**
 * Does nothing with a task, and writes a line that says as much as the runtime's.
 * @returns when it began and ended, epoch milliseconds
 */
export async function readAndWork(record: SQSRecord, { awsRequestId }: Context) {
  const startedAtMs = Date.now();
  await work(JSON.parse(record.body));
  const endedAtMs = Date.now();
  logger.info('task', {
    outcome: 'returned',
    messageId: record.messageId,
    requestId: awsRequestId,
    receives: Number(record.attributes.ApproximateReceiveCount),
    startedAtMs,
    endedAtMs,
    durationMs: endedAtMs - startedAtMs,
  });
  return { startedAtMs, endedAtMs };
}

async function work(_task: unknown): Promise<void> {}
