import {
  type ConditionalCheckFailedException,
  ReturnValuesOnConditionCheckFailure,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Reservation, ReservationResult } from '../core/pacing.ts';
import { putIfRevision, storedNumber } from './compare-and-set.ts';
import { ask } from './errors.ts';
import type { Ledgers } from './ports.ts';

/**
 * The ledgers table: what paces (`nextMs`) and small shared facts (`value`, `revision`), one item each.
 * IAM: dynamodb:UpdateItem (`reserve`), dynamodb:GetItem (`read`), dynamodb:PutItem (`write`), on the table.
 */
export function createLedgers(client: DynamoDBDocumentClient, table: string, callMs: number): Ledgers {
  return {
    reserve: (ledgerId, request) => reserve(client, table, ledgerId, request, AbortSignal.timeout(callMs)),

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

/** What one conditional update came to. */
type Update =
  | { readonly kind: 'granted'; readonly startMs: number }
  | { readonly kind: 'refused'; readonly nextMs: number | undefined };

/**
 * `reserve` of core/pacing.ts. A busy ledger is added to, an idle one is set; a failed condition hands back
 * the state it met, which says which of the two it is. The next free start never goes back, so an idle ledger
 * can turn busy in between but a busy one never idle: three updates decide.
 */
async function reserve(
  client: DynamoDBDocumentClient,
  table: string,
  ledgerId: string,
  { nowMs, spacingMs, count, horizonMs }: Reservation,
  abortSignal: AbortSignal,
): Promise<ReservationResult> {
  const lastMs = nowMs + horizonMs;
  const takenMs = count * spacingMs;

  const update = (
    input: Partial<UpdateCommandInput>,
    startOf: (oldMs: number) => number,
  ): Promise<Update> => {
    const command = new UpdateCommand({
      TableName: table,
      Key: { ledgerId },
      ReturnValues: 'UPDATED_OLD',
      ReturnValuesOnConditionCheckFailure: ReturnValuesOnConditionCheckFailure.ALL_OLD,
      ...input,
    });
    return ask(
      'dynamodb:UpdateItem',
      client.send(command, { abortSignal }),
      ({ Attributes }) => ({ kind: 'granted', startMs: startOf(Number(Attributes?.nextMs)) }),
      {
        ConditionalCheckFailedException: ({ cause }) => ({
          kind: 'refused',
          nextMs: storedNumber(cause, 'nextMs'),
        }),
      },
    );
  };
  const addToBusy = () =>
    update(
      {
        UpdateExpression: 'SET nextMs = nextMs + :taken',
        ConditionExpression: 'nextMs BETWEEN :now AND :last',
        ExpressionAttributeValues: { ':taken': takenMs, ':now': nowMs, ':last': lastMs },
      },
      (oldMs) => oldMs,
    );
  const setIdle = () =>
    update(
      {
        UpdateExpression: 'SET nextMs = :next',
        ConditionExpression: 'attribute_not_exists(nextMs) OR nextMs < :now',
        ExpressionAttributeValues: { ':next': nowMs + takenMs, ':now': nowMs },
      },
      () => nowMs,
    );

  let outcome = await addToBusy();
  if (isIdle(outcome, nowMs)) {
    outcome = await setIdle();
    // Somebody else reserved in between: now it is busy.
    if (outcome.kind === 'refused') outcome = await addToBusy();
  }
  if (outcome.kind === 'granted') return outcome;
  if (outcome.nextMs === undefined || outcome.nextMs < nowMs) {
    throw new Error(`ledger ${ledgerId} went back in time, to ${outcome.nextMs}: who else writes it?`);
  }
  return { kind: 'full', nextFreeMs: outcome.nextMs };
}

function isIdle(outcome: Update, nowMs: number): boolean {
  return outcome.kind === 'refused' && (outcome.nextMs === undefined || outcome.nextMs < nowMs);
}
