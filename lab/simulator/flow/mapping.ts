import type { SQSBatchResponse } from 'aws-lambda';
import type { MappingSpec } from '../../../core/lifecycle/target.ts';
import type { Chance } from '../chance.ts';
import type { VirtualClock } from '../clock.ts';
import type { StoredMessage } from '../world/messages.ts';
import { Polling } from '../world/polling.ts';
import type { SimulatedQueue } from '../world/queue-state.ts';
import type { QueueTraffic } from '../world/queue-traffic.ts';
import type { Book } from './book.ts';
import type { Conditions } from './conditions.ts';
import { recordOf } from './effects.ts';
import type { Fleet } from './fleet.ts';

/** Pollers that had nothing to do for so long are gone. */
const SCALED_DOWN_MS = 60_000;

interface MappingParts {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly conditions: Conditions;
  readonly spec: MappingSpec;
  readonly queue: SimulatedQueue;
  readonly traffic: QueueTraffic;
  readonly fleet: Fleet;
  readonly book: Book;
}

/** Lambda's pollers of one queue, which hand what arrives to the fleet. */
export function mapToFleet(parts: MappingParts): void {
  const { clock, chance, conditions, spec, queue, traffic, fleet, book } = parts;
  const polling = new Polling({
    clock,
    chance,
    traffic,
    pollMs: conditions.pollMs,
    scaledDownMs: SCALED_DOWN_MS,
    isEnabled: () => true,
    polled: () => ({ queue, settings: spec, heldUntilMs: 0 }),
    run: (batch, _, free) => {
      book.receives += batch.length;
      const event = { Records: batch.map((message) => recordOf(queue, message)) };
      const hasRoom = fleet.invoke(event, (answer) => {
        settle(parts, batch, answer);
        free();
      });
      if (!hasRoom) book.throttles += 1;
      return hasRoom;
    },
  });
  traffic.onArrival = (arrived) => {
    if (arrived === queue) polling.wake();
  };
}

/** Deletes what was answered for; a call without an answer has answered for nothing. */
function settle(
  { chance, conditions, queue, traffic }: MappingParts,
  batch: readonly StoredMessage[],
  answer: SQSBatchResponse | undefined,
): void {
  if (answer === undefined || chance.happens(conditions.answersLost)) return;
  const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { messageId, receipt } of batch) {
    if (!failed.has(messageId)) traffic.deleteMessage(queue, receipt);
  }
}
