import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { ask } from './errors.ts';
import type { Flow } from './ports.ts';

/**
 * The table of attempts, reserved starts and leases, as far as it is only read; consumers write it.
 * IAM: dynamodb:GetItem on the table.
 */
export function createFlow(client: DynamoDBDocumentClient, table: string): Flow {
  return {
    /** A look now and then: it need not know of the last second. */
    readRan: (pipelineId) =>
      ask(
        'dynamodb:GetItem',
        client.send(new GetCommand({ TableName: table, Key: { flowId: `pace/${pipelineId}` } })),
        ({ Item: { ran, ranMs } = {} }) =>
          typeof ran === 'number' && typeof ranMs === 'number' ? { tasks: ran, ms: ranMs } : undefined,
      ),
  };
}
