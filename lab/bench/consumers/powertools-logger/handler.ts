import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { readAndWork } from '../logged-task.ts';

const processor = new BatchProcessor(EventType.SQS);

/** Does nothing, and writes a line for each task that says as much as the runtime's. */
export const handler = (event: SQSEvent, context: Context) =>
  processPartialResponse(event, (record: SQSRecord) => readAndWork(record, context), processor, { context });
