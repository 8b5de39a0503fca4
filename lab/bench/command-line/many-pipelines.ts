import { DisableRuleCommand } from '@aws-sdk/client-eventbridge';
import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { pipelineNames } from '../../../core/names.ts';
import type { BenchStage } from '../bench-stage.ts';

const STAGE = 'bench';
/** The one pipeline that is made as pipelines are made. */
const MODEL = 'model';
const BATCH = 25;
const AT_ONCE = 8;

/**
 * Fills a stage with pipelines as an operator’s tools see them: records, statuses and queues, each as the one has them
 * that is really made. Their functions and mappings, which such tools do not look at, are not there.
 * @returns the urls of their queues, two each
 */
export async function fillStage({ driver, outputs }: BenchStage, count: number): Promise<readonly string[]> {
  await driver.putConfigRecord({ pipelineId: MODEL, concurrency: 5 });
  const { clients } = driver;
  const model = await driver.until(MODEL, ({ phase }) => phase === 'Active');
  await silence({ driver });
  const ids = Array.from({ length: count }, (_, at) => `group-${String(at + 1).padStart(5, '0')}`);
  const limit = pLimit(AT_ONCE);
  const made = ids.map((pipelineId) =>
    limit(async () => {
      const { queue, deadLetterQueue } = pipelineNames(STAGE, pipelineId);
      const [one, other] = await Promise.all(
        [queue, deadLetterQueue].map((name) => clients.sqs.send(new CreateQueueCommand({ QueueName: name }))),
      );
      return { ...model, pipelineId, queueUrl: one?.QueueUrl, deadLetterQueueUrl: other?.QueueUrl };
    }),
  );
  const statuses = await Promise.all(made);
  const records = ids.map((pipelineId) => ({ pipelineId, concurrency: 5 }));
  await write(outputs.StatusTable ?? '', statuses);
  await write(outputs.PipelinesTable ?? '', records);
  return statuses.flatMap(({ queueUrl, deadLetterQueueUrl }) => [queueUrl ?? '', deadLetterQueueUrl ?? '']);

  async function write(table: string, items: readonly object[]): Promise<void> {
    for (let from = 0; from < items.length; from += BATCH) {
      const puts = items.slice(from, from + BATCH).map((Item) => ({ PutRequest: { Item } }));
      await clients.documents.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
    }
  }
}

/** Lets nothing come of records, so that what is measured is the tool alone. */
async function silence({ driver: { clients } }: Pick<BenchStage, 'driver'>): Promise<void> {
  const { EventSourceMappings = [] } = await clients.lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: `sluice-${STAGE}-config-listener` }),
  );
  for (const { UUID } of EventSourceMappings) {
    await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
  }
  await clients.events.send(new DisableRuleCommand({ Name: `sluice-${STAGE}-reconciler` }));
}
