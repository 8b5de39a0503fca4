import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

const processor = new BatchProcessor(EventType.SQS);

/** Does nothing, and writes nothing. */
export const handler = (event: SQSEvent, context: Context) =>
  processPartialResponse(event, readAndWork, processor, { context });

async function readAndWork({ body }: SQSRecord): Promise<void> {
  await work(JSON.parse(body));
}

async function work(_task: unknown): Promise<void> {}
