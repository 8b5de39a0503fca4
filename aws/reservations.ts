import { ReturnValuesOnConditionCheckFailure } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Reservation } from '../core/pacing.ts';
import { storedNumber } from './compare-and-set.ts';
import { ask } from './errors.ts';

/** A ledger: one number of one item, a time in epoch milliseconds that only moves on. */
export interface Ledger {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
  readonly attribute: string;
  /** For people, in an error. */
  readonly name: string;
}

/** What one update does, or asks, besides. */
export interface Besides {
  /** Of a busy ledger only. */
  readonly condition?: string;
  /** `ADD …`. */
  readonly add?: { readonly expression: string; readonly values: Readonly<Record<string, number>> };
}

export type Reserved =
  | { readonly kind: 'granted'; readonly startMs: number }
  /** Nothing reserved; the item's numbers as the condition met them. */
  | { readonly kind: 'full'; readonly stored: (attribute: string) => number | undefined };

/** Who finds one form refused for the other's sake finds that one right next time, or the third. */
const TRIES = 4;

/**
 * `reserve` of core/pacing.ts in DynamoDB. A busy ledger is added to, an idle one is set; a failed condition hands back
 * the state that it met, which says which of the two it is. One update for a busy ledger, two for an idle one, three
 * where somebody has made it busy in between. A reply that was lost leaves a start that nobody has.
 */
export async function reserveIn(
  ledger: Ledger,
  { nowMs, spacingMs, count, horizonMs }: Reservation,
  signal: AbortSignal,
  { condition, add }: Besides = {},
): Promise<Reserved> {
  const { attribute } = ledger;
  const takenMs = count * spacingMs;
  const adds = add === undefined ? '' : ` ${add.expression}`;
  const near = `${attribute} BETWEEN :now AND :last`;
  const busy = {
    UpdateExpression: `SET ${attribute} = ${attribute} + :taken${adds}`,
    ConditionExpression: condition === undefined ? near : `${near} AND ${condition}`,
    ExpressionAttributeValues: {
      ':taken': takenMs,
      ':now': nowMs,
      ':last': nowMs + horizonMs,
      ...add?.values,
    },
  };
  const idle = {
    UpdateExpression: `SET ${attribute} = :next${adds}`,
    ConditionExpression: `attribute_not_exists(${attribute}) OR ${attribute} < :now`,
    ExpressionAttributeValues: { ':next': nowMs + takenMs, ':now': nowMs, ...add?.values },
  };
  let isIdle = false;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await updateLedger(ledger, isIdle ? idle : busy, signal);
    if (answer.kind === 'done') {
      return { kind: 'granted', startMs: isIdle ? nowMs : Number(answer.before) };
    }
    const { stored } = answer;
    const isIdleNow = (stored(attribute) ?? 0) < nowMs;
    if (!isIdle && !isIdleNow) return { kind: 'full', stored };
    isIdle = isIdleNow;
  }
  throw new Error(`the ${ledger.name} changed each time that one was asked for`);
}

/** One conditional update of a ledger's item. */
export function updateLedger(
  { client, table, key, attribute }: Ledger,
  input: Partial<UpdateCommandInput>,
  abortSignal: AbortSignal,
): Promise<
  | { readonly kind: 'done'; readonly before: unknown }
  | (Omit<Reserved & { kind: 'full' }, 'kind'> & { readonly kind: 'refused' })
> {
  const command = new UpdateCommand({
    TableName: table,
    Key: key,
    ReturnValues: 'UPDATED_OLD',
    ReturnValuesOnConditionCheckFailure: ReturnValuesOnConditionCheckFailure.ALL_OLD,
    ...input,
  });
  return ask(
    'dynamodb:UpdateItem',
    client.send(command, { abortSignal }),
    ({ Attributes }) => ({ kind: 'done', before: Attributes?.[attribute] }),
    {
      ConditionalCheckFailedException: ({ cause }) => ({
        kind: 'refused',
        stored: (name) => storedNumber(cause, name),
      }),
    },
  );
}
