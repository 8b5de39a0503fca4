import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { putIfRevision } from './compare-and-set.ts';
import { ask } from './errors.ts';
import type { Ledgers } from './ports.ts';
import { reserveIn } from './reservations.ts';

/**
 * The ledgers table: what paces (`nextMs`) and small shared facts (`value`, `revision`), one item each.
 * IAM: dynamodb:UpdateItem (`reserve`), dynamodb:GetItem (`read`), dynamodb:PutItem (`write`), on the table.
 */
export function createLedgers(client: DynamoDBDocumentClient, table: string, callMs: number): Ledgers {
  return {
    async reserve(ledgerId, request) {
      const ledger = { client, table, key: { ledgerId }, attribute: 'nextMs', name: `ledger ${ledgerId}` };
      const reserved = await reserveIn(ledger, request, AbortSignal.timeout(callMs));
      if (reserved.kind === 'granted') return reserved;
      return { kind: 'full', nextFreeMs: Number(reserved.stored('nextMs')) };
    },

    read: (ledgerId) =>
      ask(
        'dynamodb:GetItem',
        client.send(new GetCommand({ TableName: table, Key: { ledgerId }, ConsistentRead: true })),
        ({ Item }) =>
          Item?.revision === undefined ? undefined : { value: Item.value, revision: Item.revision },
      ),

    write: (ledgerId, value, expectedRevision) =>
      putIfRevision(client, table, 'ledgerId', { ledgerId, value }, expectedRevision),
  };
}
