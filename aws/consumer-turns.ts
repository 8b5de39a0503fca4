import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Shared } from '../core/flow/shared.ts';
import { reserveIn, updateLedger } from './reservations.ts';

/** Nobody with a ticket waits for the next start. */
const NO_TICKETS = '(attribute_not_exists(ticketMs) OR ticketMs <= nextMs)';

/**
 * `pushTurns` of core/flow/held-turns.ts: the first hold also says where it found the next start, one that prolongs it
 * leaves that as it is.
 */
const PUSH = {
  UpdateExpression: 'SET heldFromMs = if_not_exists(nextMs, :none), heldUntilMs = :until, nextMs = :until',
  ConditionExpression:
    '(attribute_not_exists(nextMs) OR nextMs < :until) AND (attribute_not_exists(heldUntilMs) OR heldUntilMs <> nextMs)',
};
const PROLONG = {
  UpdateExpression: 'SET heldUntilMs = :until, nextMs = :until',
  ConditionExpression: 'nextMs < :until AND heldUntilMs = nextMs',
};
const PUSH_TRIES = 3;

const LINES = { ticketMs: 'tickets', placeMs: 'places' } as const;

/** The ledger of a pipeline's starts, that of its tickets, and that of the places near the next start: item `pace/<pipelineId>` of the flow table. */
export function createTurns(
  client: DynamoDBDocumentClient,
  table: string,
  pipelineId: string,
): Pick<Shared, 'takeTurn' | 'drawTickets' | 'pushTurns'> {
  const item = { client, table, key: { flowId: `pace/${pipelineId}` } };
  const starts = { ...item, attribute: 'nextMs', name: `starts of ${pipelineId}` };
  return {
    async takeTurn({ earliestMs, spacingMs, horizonMs, isFresh }, ran, signal) {
      const reserved = await reserveIn(
        starts,
        { nowMs: earliestMs, spacingMs, count: 1, horizonMs },
        signal,
        {
          ...(isFresh && { condition: NO_TICKETS }),
          add: {
            expression: 'ADD ran :tasks, ranMs :ms',
            values: { ':tasks': ran.tasks, ':ms': Math.round(ran.ms) },
          },
        },
      );
      if (reserved.kind === 'granted') return reserved;
      const { stored } = reserved;
      return { kind: 'ahead', nextMs: stored('nextMs') ?? 0, ticketMs: stored('ticketMs') ?? 0 };
    },

    async drawTickets({ line, floorMs, mostMs, count, apartMs }, signal) {
      // DynamoDB takes no BETWEEN whose end is before its beginning.
      if (floorMs > mostMs) return undefined;
      const reservation = { nowMs: floorMs, spacingMs: apartMs, count, horizonMs: mostMs - floorMs };
      const tickets = { ...item, attribute: line, name: `${LINES[line]} of ${pipelineId}` };
      const reserved = await reserveIn(tickets, reservation, signal);
      return reserved.kind === 'granted' ? reserved.startMs : undefined;
    },

    async pushTurns(untilMs, signal) {
      let isPushed = false;
      for (let tries = 0; tries < PUSH_TRIES; tries += 1) {
        const answer = await updateLedger(
          starts,
          isPushed
            ? { ...PROLONG, ExpressionAttributeValues: { ':until': untilMs } }
            : { ...PUSH, ExpressionAttributeValues: { ':until': untilMs, ':none': 0 } },
          signal,
        );
        if (answer.kind === 'done' || (answer.stored('nextMs') ?? 0) >= untilMs) return;
        isPushed = answer.stored('nextMs') === answer.stored('heldUntilMs');
      }
      throw new Error(`the ${starts.name} changed each time that they were put off`);
    },
  };
}
