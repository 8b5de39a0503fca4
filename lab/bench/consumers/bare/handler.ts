import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** The least that a handler of a queue can be: reads every task, and does nothing. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  for (const { body } of Records) await work(JSON.parse(body));
  return { batchItemFailures: [] };
}

async function work(_task: unknown): Promise<void> {}
