import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { readGroupState } from '../core/flow/group-record.ts';
import { ask } from './errors.ts';
import type { Holds } from './ports.ts';

/**
 * The table of what groups share, as far as it is only read; consumers write it.
 * IAM: dynamodb:GetItem on the table.
 */
export function createHolds(client: DynamoDBDocumentClient, table: string): Holds {
  return {
    read: (pipelineId) =>
      ask(
        'dynamodb:GetItem',
        client.send(new GetCommand({ TableName: table, Key: { pipelineId }, ConsistentRead: true })),
        (output) => readGroupState(output.Item),
      ),
  };
}
