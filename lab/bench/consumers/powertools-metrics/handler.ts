import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

const processor = new BatchProcessor(EventType.SQS);
const logger = new Logger({ serviceName: 'bench' });
const metrics = new Metrics({
  namespace: 'Bench',
  serviceName: 'bench',
  defaultDimensions: { stage: 'bench' },
});

/** Does nothing, and writes a line for each task and metrics of each call that say as much as the runtime's. */
export async function handler(event: SQSEvent, context: Context) {
  const one = (record: SQSRecord) => readAndWork(record, context);
  const answer = await processPartialResponse(event, one, processor, { context });
  metrics.addMetadata('pipelineId', 'customer-a');
  metrics.publishStoredMetrics();
  return answer;
}

async function readAndWork(record: SQSRecord, { awsRequestId }: Context): Promise<void> {
  const startedAtMs = Date.now();
  await work(JSON.parse(record.body));
  const endedAtMs = Date.now();
  const dueMs = Number(record.attributes.SentTimestamp);
  metrics.addMetric('Started', MetricUnit.Count, 1);
  metrics.addMetric('Done', MetricUnit.Count, 1);
  metrics.addMetric('Wait', MetricUnit.Milliseconds, startedAtMs - dueMs);
  metrics.addMetric('Latency', MetricUnit.Milliseconds, endedAtMs - dueMs);
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
