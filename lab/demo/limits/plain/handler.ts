import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { LimitsTask } from '../groups.ts';

/** The same task without a runtime around it: what throws is reported as failed, and comes back. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of event.Records) {
    try {
      await work(JSON.parse(body) as LimitsTask);
    } catch (error) {
      batchItemFailures.push({ itemIdentifier: messageId });
      console.log(String(error));
    }
  }
  return { batchItemFailures };
}

async function work({ group, task }: LimitsTask): Promise<void> {
  const startedAtMs = Date.now();
  const body = JSON.stringify({ task, startedAtMs });
  const answer = await fetch(`${process.env.API_URL}/${group}`, { method: 'POST', body });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`);
}
