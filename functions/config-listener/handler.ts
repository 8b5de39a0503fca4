import middy from '@middy/core';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { createPorts, readSettings } from '../../aws/environment.ts';
import type { ConfigChange } from '../../core/config-change.ts';
import type { BatchResult } from '../../core/stream-batch.ts';
import { listen } from './listen.ts';

const ports = createPorts(readSettings(process.env));

/** The pipelines table's stream: every change of a config record starts a run of the lifecycle machine. */
export const handler = middy<DynamoDBStreamEvent, BatchResult>().handler((event) =>
  listen(event.Records.flatMap(parse), ports),
);

function parse(record: DynamoDBRecord): ConfigChange[] {
  const pipelineId = record.dynamodb?.Keys?.pipelineId?.S;
  const sequenceNumber = record.dynamodb?.SequenceNumber;
  if (pipelineId === undefined || sequenceNumber === undefined) return [];
  return [{ pipelineId, eventId: record.eventID ?? sequenceNumber, sequenceNumber }];
}
