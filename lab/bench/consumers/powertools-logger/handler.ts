import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

const processor = new BatchProcessor(EventType.SQS);
const logger = new Logger({ serviceName: 'bench' });

/** Does nothing, and writes a line for each task that says as much as the runtime's. */
export const handler = (event: SQSEvent, context: Context) =>
  processPartialResponse(event, (record: SQSRecord) => readAndWork(record, context), processor, { context });

async function readAndWork(record: SQSRecord, { awsRequestId }: Context): Promise<void> {
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
}

async function work(_task: unknown): Promise<void> {}
