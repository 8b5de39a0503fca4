import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { EVENT_FIELD } from '../core/events/event-line.ts';
import { withSays } from '../core/events/says.ts';
import { AwsError, ask } from './errors.ts';
import type { Events, Log } from './ports.ts';

/** What all events of Sluice carry; rules of other programs match it. */
const SOURCE = 'sluice';
const OPERATION = 'events:PutEvents';

/** Of the errors of a single event: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const RETRYABLE = /^(Internal|Throttling)/;

/**
 * The account's default event bus. Each event also `says` what it is, in a line for people. What was published stands in the log, too: buses keep nothing, and people ask later.
 * IAM: events:PutEvents on it.
 */
export function createEvents(client: EventBridgeClient, log: Pick<Log, 'info'>): Events {
  return {
    async publish(detailType, given) {
      const detail = withSays(detailType, given);
      const command = new PutEventsCommand({
        Entries: [{ Source: SOURCE, DetailType: detailType, Detail: JSON.stringify(detail) }],
      });
      // The call succeeds also where the event did not.
      const refused: PutEventsResultEntry | undefined = await ask(
        OPERATION,
        client.send(command),
        (output) => ((output.FailedEntryCount ?? 0) > 0 ? (output.Entries?.[0] ?? {}) : undefined),
      );
      if (refused === undefined) {
        log.info(detailType, { [EVENT_FIELD]: detail });
        return;
      }
      const { ErrorCode: code = 'Unknown', ErrorMessage: message = 'no message' } = refused;
      const cause = new Error(message);
      throw new AwsError({
        code,
        message,
        operation: OPERATION,
        requestId: undefined,
        retryable: code === 'Unknown' || RETRYABLE.test(code),
        cause,
      });
    },
  };
}
