import { randomUUID } from 'node:crypto';
import {
  type ConditionalCheckFailedException,
  ReturnValuesOnConditionCheckFailure,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ask } from './errors.ts';

/** The attribute that names the write an item comes from. */
export const WRITE_ID = 'writeId';

/**
 * Puts an item with the next revision if the stored one's revision is still as expected (0: there is none).
 *
 * The SDK repeats a call whose reply was lost. If the lost one had its effect, the repetition fails its own
 * condition: the stored item then carries this write's id, and the answer is `written` all the same.
 * @param key an attribute that nothing has that was not written here: usually the table's key
 */
export async function putIfRevision(
  client: DynamoDBDocumentClient,
  table: string,
  key: string,
  item: Readonly<Record<string, unknown>>,
  expectedRevision: number,
  abortSignal?: AbortSignal,
): Promise<'written' | 'conflict'> {
  const writeId = randomUUID();
  const command = new PutCommand({
    TableName: table,
    Item: { ...item, revision: expectedRevision + 1, [WRITE_ID]: writeId },
    ReturnValuesOnConditionCheckFailure: ReturnValuesOnConditionCheckFailure.ALL_OLD,
    ExpressionAttributeNames: { '#guard': expectedRevision === 0 ? key : 'revision' },
    ...(expectedRevision === 0
      ? { ConditionExpression: 'attribute_not_exists(#guard)' }
      : {
          ConditionExpression: '#guard = :revision',
          ExpressionAttributeValues: { ':revision': expectedRevision },
        }),
  });
  return ask('dynamodb:PutItem', client.send(command, abortSignal && { abortSignal }), () => 'written', {
    ConditionalCheckFailedException: (failure) =>
      writeIdIn(failure.cause) === writeId ? 'written' : 'conflict',
  });
}

/** Which write the item comes from that a failed condition met. */
export function writeIdIn(error: unknown): string | undefined {
  return storedText(error, WRITE_ID);
}

/** A number of the item that a failed condition met. */
export function storedNumber(error: unknown, attribute: string): number | undefined {
  const stored = (error as ConditionalCheckFailedException).Item?.[attribute]?.N;
  return stored === undefined ? undefined : Number(stored);
}

/** A yes or no of the item that a failed condition met. */
export function storedFlag(error: unknown, attribute: string): boolean {
  return (error as ConditionalCheckFailedException).Item?.[attribute]?.BOOL === true;
}

/** A text attribute of the item that a failed condition met. The SDK leaves it in DynamoDB's own notation. */
function storedText(error: unknown, attribute: string): string | undefined {
  return (error as ConditionalCheckFailedException).Item?.[attribute]?.S;
}
