import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ask } from './errors.ts';
import type { Flow } from './ports.ts';

/** The next start is where a hold that is over by now has pushed it, and no start was reserved since. */
const IS_BEHIND = 'nextMs = heldUntilMs AND nextMs <= :ended AND nextMs > :until';

/**
 * `pullTurns` of core/flow/held-turns.ts as updates, of which at most one has an effect. DynamoDB itself compares and
 * copies what it keeps: its numbers have more digits than ours.
 */
const PULLS = [
  {
    UpdateExpression: 'SET nextMs = heldFromMs REMOVE heldFromMs, heldUntilMs, ticketMs, placeMs',
    ConditionExpression: `${IS_BEHIND} AND heldFromMs >= :until`,
  },
  {
    UpdateExpression: 'SET nextMs = :until, heldUntilMs = :until REMOVE ticketMs, placeMs',
    ConditionExpression: `${IS_BEHIND} AND heldFromMs < :until`,
  },
  {
    UpdateExpression: 'REMOVE ticketMs, placeMs',
    ConditionExpression: 'ticketMs >= :ended AND ticketMs > :until',
  },
];

/**
 * The table of attempts, reserved starts and leases, as far as it is not consumers that write it.
 * IAM: dynamodb:GetItem and dynamodb:UpdateItem on the table.
 */
export function createFlow(client: DynamoDBDocumentClient, table: string): Flow {
  const itemOf = (pipelineId: string) => ({ TableName: table, Key: { flowId: `pace/${pipelineId}` } });
  return {
    /** A look now and then: it need not know of the last second. */
    readRan: (pipelineId) =>
      ask(
        'dynamodb:GetItem',
        client.send(new GetCommand(itemOf(pipelineId))),
        ({ Item: { ran, ranMs } = {} }) =>
          typeof ran === 'number' && typeof ranMs === 'number' ? { tasks: ran, ms: ranMs } : undefined,
      ),
    async pullTurns(pipelineId, endedMs, untilMs) {
      if (untilMs >= endedMs) return;
      for (const pull of PULLS) {
        const command = new UpdateCommand({
          ...itemOf(pipelineId),
          ...pull,
          ExpressionAttributeValues: { ':ended': endedMs, ':until': untilMs },
        });
        const isDone = await ask('dynamodb:UpdateItem', client.send(command), () => true, {
          ConditionalCheckFailedException: () => false,
        });
        if (isDone) return;
      }
    },
  };
}
