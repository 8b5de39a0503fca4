import { BatchProcessorSync, EventType, processPartialResponseSync } from '@aws-lambda-powertools/batch';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

const processor = new BatchProcessorSync(EventType.SQS);

/** Does nothing, and writes nothing; a handler of it cannot wait for anything. */
export const handler = async (event: SQSEvent, context: Context) =>
  processPartialResponseSync(event, readAndWork, processor, { context });

function readAndWork({ body }: SQSRecord): void {
  work(JSON.parse(body));
}

function work(_task: unknown): void {}
