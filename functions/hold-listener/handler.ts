import middy from '@middy/core';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { createPorts, readSettings } from '../../aws/environment.ts';
import { readGroupState } from '../../core/flow/group-record.ts';
import type { BatchResult } from '../../core/stream-batch.ts';
import { plainImage } from './image.ts';
import { type HoldEvent, listen } from './listen.ts';

const settings = readSettings(process.env);
const ports = createPorts(settings);

/** The holds table's stream: long holds rest consumers, and other programs are told. */
export const handler = middy<DynamoDBStreamEvent, BatchResult>().handler((event) =>
  listen(event.Records.flatMap(parse), ports, settings.timings),
);

function parse({ dynamodb, eventID, userIdentity }: DynamoDBRecord): HoldEvent[] {
  const pipelineId = dynamodb?.Keys?.pipelineId?.S;
  const sequenceNumber = dynamodb?.SequenceNumber;
  if (pipelineId === undefined || sequenceNumber === undefined) return [];
  const changed = {
    pipelineId,
    before: readGroupState(plainImage(dynamodb?.OldImage)),
    after: readGroupState(plainImage(dynamodb?.NewImage)),
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
    isExpiry: userIdentity?.principalId === 'dynamodb.amazonaws.com',
  };
  return [{ ...changed, eventId: eventID ?? sequenceNumber, sequenceNumber }];
}
