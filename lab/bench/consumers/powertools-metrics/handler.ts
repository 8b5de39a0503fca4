import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { readAndWork } from '../logged-task.ts';

const processor = new BatchProcessor(EventType.SQS);
const metrics = new Metrics({
  namespace: 'Bench',
  serviceName: 'bench',
  defaultDimensions: { stage: 'bench' },
});

/** Does nothing, and writes a line for each task and metrics of each call that say as much as the runtime's. */
export async function handler(event: SQSEvent, context: Context) {
  const one = (record: SQSRecord) => workAndMeasure(record, context);
  const answer = await processPartialResponse(event, one, processor, { context });
  metrics.addMetadata('pipelineId', 'customer-a');
  metrics.publishStoredMetrics();
  return answer;
}

async function workAndMeasure(record: SQSRecord, context: Context): Promise<void> {
  const { startedAtMs, endedAtMs } = await readAndWork(record, context);
  const dueMs = Number(record.attributes.SentTimestamp);
  metrics.addMetric('Started', MetricUnit.Count, 1);
  metrics.addMetric('Done', MetricUnit.Count, 1);
  metrics.addMetric('Wait', MetricUnit.Milliseconds, startedAtMs - dueMs);
  metrics.addMetric('Latency', MetricUnit.Milliseconds, endedAtMs - dueMs);
}
