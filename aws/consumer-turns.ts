import { ReturnValuesOnConditionCheckFailure } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Ran, Shared } from '../core/flow/shared.ts';
import type { TicketRequest, TurnRequest } from '../core/flow/turns.ts';
import { storedNumber } from './compare-and-set.ts';
import { ask } from './errors.ts';

/** An update, and what a failed condition has met. */
type Answer =
  | { readonly kind: 'done'; readonly beforeMs: number | undefined }
  | { readonly kind: 'refused'; readonly nextMs: number | undefined; readonly ticketMs: number | undefined };

/** Both move on only: who finds the one form refused for the other's sake finds that one right next time, or the third. */
const TRIES = 4;

/**
 * The ledger of a pipeline's starts: item `pace/<pipelineId>` of the flow table. One update for a start of a busy ledger,
 * two for that of an idle one. A reply that was lost leaves a start, or a ticket, that nobody has.
 */
export function createTurns(
  client: DynamoDBDocumentClient,
  table: string,
  pipelineId: string,
): Pick<Shared, 'takeTurn' | 'drawTickets' | 'pushTurns'> {
  const update = (
    input: Partial<UpdateCommandInput>,
    field: 'nextMs' | 'ticketMs',
    abortSignal: AbortSignal,
  ): Promise<Answer> =>
    ask(
      'dynamodb:UpdateItem',
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: { flowId: `pace/${pipelineId}` },
          ReturnValues: 'UPDATED_OLD',
          ReturnValuesOnConditionCheckFailure: ReturnValuesOnConditionCheckFailure.ALL_OLD,
          ...input,
        }),
        { abortSignal },
      ),
      ({ Attributes }) => ({ kind: 'done', beforeMs: Attributes?.[field] }),
      {
        ConditionalCheckFailedException: ({ cause }) => ({
          kind: 'refused',
          nextMs: storedNumber(cause, 'nextMs'),
          ticketMs: storedNumber(cause, 'ticketMs'),
        }),
      },
    );

  return {
    async takeTurn(request, ran, signal) {
      let isIdle = false;
      for (let tries = 0; tries < TRIES; tries += 1) {
        const answer = await update(isIdle ? idle(request, ran) : busy(request, ran), 'nextMs', signal);
        if (answer.kind === 'done') {
          return { kind: 'granted', startMs: isIdle ? request.earliestMs : Number(answer.beforeMs) };
        }
        const { nextMs = 0, ticketMs = 0 } = answer;
        const isIdleNow = nextMs < request.earliestMs;
        if (isIdleNow === isIdle) return { kind: 'ahead', nextMs, ticketMs };
        isIdle = isIdleNow;
      }
      throw new Error(`the starts of ${pipelineId} changed each time that one was asked for`);
    },

    async drawTickets(request, signal) {
      const { floorMs, mostMs } = request;
      if (floorMs > mostMs) return undefined;
      let isIdle = false;
      for (let tries = 0; tries < TRIES; tries += 1) {
        const answer = await update(
          isIdle ? firstTickets(request) : moreTickets(request),
          'ticketMs',
          signal,
        );
        if (answer.kind === 'done') return isIdle ? floorMs : Number(answer.beforeMs);
        const { ticketMs = 0 } = answer;
        if (ticketMs > mostMs) return undefined;
        isIdle = ticketMs < floorMs;
      }
      throw new Error(`the tickets of ${pipelineId} changed each time that some were asked for`);
    },

    async pushTurns(untilMs, signal) {
      const push = {
        UpdateExpression: 'SET nextMs = :until',
        ConditionExpression: 'attribute_not_exists(nextMs) OR nextMs < :until',
        ExpressionAttributeValues: { ':until': untilMs },
      };
      await update(push, 'nextMs', signal);
    },
  };
}

/** Adds to a ledger whose next start lies ahead, but not too far. */
function busy(
  { earliestMs, horizonMs, spacingMs, isFresh }: TurnRequest,
  ran: Ran,
): Partial<UpdateCommandInput> {
  const near = 'nextMs BETWEEN :earliest AND :last';
  const noTickets = '(attribute_not_exists(ticketMs) OR ticketMs <= nextMs)';
  return {
    UpdateExpression: `SET nextMs = nextMs + :spacing${ADD_RAN}`,
    ConditionExpression: isFresh ? `${near} AND ${noTickets}` : near,
    ExpressionAttributeValues: {
      ':spacing': spacingMs,
      ':earliest': earliestMs,
      ':last': earliestMs + horizonMs,
      ...ranValues(ran),
    },
  };
}

/** Sets one whose next start is over. */
function idle({ earliestMs, spacingMs }: TurnRequest, ran: Ran): Partial<UpdateCommandInput> {
  return {
    UpdateExpression: `SET nextMs = :next${ADD_RAN}`,
    ConditionExpression: 'attribute_not_exists(nextMs) OR nextMs < :earliest',
    ExpressionAttributeValues: {
      ':next': earliestMs + spacingMs,
      ':earliest': earliestMs,
      ...ranValues(ran),
    },
  };
}

const ADD_RAN = ' ADD ran :tasks, ranMs :ms';

function ranValues({ tasks, ms }: Ran) {
  return { ':tasks': tasks, ':ms': Math.round(ms) };
}

function moreTickets({ floorMs, mostMs, count, apartMs }: TicketRequest): Partial<UpdateCommandInput> {
  return {
    UpdateExpression: 'SET ticketMs = ticketMs + :taken',
    ConditionExpression: 'ticketMs BETWEEN :floor AND :most',
    ExpressionAttributeValues: { ':taken': count * apartMs, ':floor': floorMs, ':most': mostMs },
  };
}

function firstTickets({ floorMs, count, apartMs }: TicketRequest): Partial<UpdateCommandInput> {
  return {
    UpdateExpression: 'SET ticketMs = :next',
    ConditionExpression: 'attribute_not_exists(ticketMs) OR ticketMs < :floor',
    ExpressionAttributeValues: { ':next': floorMs + count * apartMs, ':floor': floorMs },
  };
}
