import middy from '@middy/core';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { createPorts, readSettings } from '../../aws/environment.ts';
import { burstOfEnd } from '../../core/burst/place.ts';
import { OVER } from '../../core/burst/shard.ts';
import type { BatchResult } from '../../core/stream-batch.ts';
import { type BurstOver, listen } from './listen.ts';

const ports = createPorts(readSettings(process.env));

/** The bursts table's stream, as far as it says that all tasks of a burst are over. */
export const handler = middy<DynamoDBStreamEvent, BatchResult>().handler((event) =>
  listen(event.Records.flatMap(parse), ports),
);

function parse({ dynamodb }: DynamoDBRecord): BurstOver[] {
  const partsId = burstOfEnd(dynamodb?.Keys?.burstKey?.S ?? '');
  const sequenceNumber = dynamodb?.SequenceNumber;
  const isOver = dynamodb?.NewImage?.[OVER.ended]?.S === OVER.yes;
  return partsId === undefined || sequenceNumber === undefined || !isOver
    ? []
    : [{ partsId, sequenceNumber }];
}
