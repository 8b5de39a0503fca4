import { type DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { ask } from './errors.ts';
import type { ConfigRecords } from './ports.ts';

/**
 * The table of config records.
 * IAM: dynamodb:GetItem (`read`), dynamodb:Scan (`page`), each on the table.
 */
export function createConfigRecords(client: DynamoDBDocumentClient, table: string): ConfigRecords {
  return {
    read: (pipelineId) =>
      ask(
        'dynamodb:GetItem',
        client.send(new GetCommand({ TableName: table, Key: { pipelineId }, ConsistentRead: true })),
        (output) => output.Item,
      ),

    page: (cursor, limit) =>
      ask(
        'dynamodb:Scan',
        client.send(new ScanCommand({ TableName: table, Limit: limit, ...startingAfter(cursor) })),
        (output) => ({ items: output.Items ?? [], ...cursorOf(output.LastEvaluatedKey) }),
      ),
  };
}

/** A cursor is the last key seen; DynamoDB goes on after it even if that item is gone. */
export function startingAfter(cursor: string | undefined) {
  return cursor === undefined ? {} : { ExclusiveStartKey: { pipelineId: cursor } };
}

export function cursorOf(lastKey: Record<string, unknown> | undefined): { readonly cursor?: string } {
  return lastKey === undefined ? {} : { cursor: String(lastKey.pipelineId) };
}
