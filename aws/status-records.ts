import { type DynamoDBDocumentClient, GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { StatusRecord } from '../core/status-record.ts';
import { putIfRevision, WRITE_ID } from './compare-and-set.ts';
import { cursorOf, startingAfter } from './config-records.ts';
import { ask } from './errors.ts';
import type { StatusRecords } from './ports.ts';

/**
 * The table of status records. Only this code writes it, so what it holds is taken for a status record.
 * IAM: dynamodb:GetItem (`read`), dynamodb:PutItem (`write`), dynamodb:Scan (`page`), each on the table.
 */
export function createStatusRecords(client: DynamoDBDocumentClient, table: string): StatusRecords {
  return {
    read: (pipelineId) =>
      ask(
        'dynamodb:GetItem',
        client.send(new GetCommand({ TableName: table, Key: { pipelineId }, ConsistentRead: true })),
        (output) => (output.Item ? asStatus(output.Item) : undefined),
      ),

    write: (next) => putIfRevision(client, table, 'pipelineId', { ...next }, next.revision),

    page: (cursor, limit) =>
      ask(
        'dynamodb:Scan',
        client.send(new ScanCommand({ TableName: table, Limit: limit, ...startingAfter(cursor) })),
        (output) => ({ items: (output.Items ?? []).map(asStatus), ...cursorOf(output.LastEvaluatedKey) }),
      ),
  };
}

function asStatus({ [WRITE_ID]: _writeId, ...record }: Record<string, unknown>): StatusRecord {
  return record as unknown as StatusRecord;
}
