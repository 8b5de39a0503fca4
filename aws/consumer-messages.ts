import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { MessageAttribute } from '../core/dead-letter.ts';
import { createHiding, type Hide } from './consumer-hiding.ts';
import { CONSUMER_PATIENCE } from './consumer-patience.ts';
import { ask } from './errors.ts';
import { toSqsAttributes } from './task-messages.ts';

/** A receive of a message. */
interface Receive {
  readonly messageId: string;
  /** 1 at the first. */
  readonly receive: number;
}

/** What the consumer runtime does with messages besides answering its calls. */
export interface ConsumerMessages {
  /** @returns how many receives of the message are noted */
  noteAttempt(of: Receive & { readonly expiresAtSeconds: number }, signal: AbortSignal): Promise<number>;
  forgetAttempt(of: Receive, signal: AbortSignal): Promise<void>;
  readonly hide: Hide;
  send(
    queueName: string,
    message: {
      readonly body: string;
      readonly attributes: Readonly<Record<string, MessageAttribute>>;
      readonly delaySeconds?: number;
    },
    signal: AbortSignal,
  ): Promise<void>;
}

/**
 * Imports nothing of core's but types: a bundler would give what the runtime's entry shares with this file to a chunk
 * of its own, and every cold start would load that.
 *
 * IAM: dynamodb:UpdateItem on the flow table, sqs:GetQueueUrl, sqs:ChangeMessageVisibility and sqs:SendMessage on the
 * pipeline's queues.
 * @param flowTable absent in a function that the lifecycle has not made: attempts are then not counted
 */
export function createConsumerMessages(flowTable: string | undefined): ConsumerMessages {
  const dynamo = new DynamoDBClient(CONSUMER_PATIENCE);
  const sqs = new SQSClient(CONSUMER_PATIENCE);
  // A message in the place of another carries none of its history on: Lambda takes sixteen for a loop and stops it,
  // and these are told apart by the runtime's own count of attempts:
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
  sqs.middlewareStack.remove('recursionDetectionMiddleware');
  const urlOf = queueUrls(sqs);
  return {
    /** A set of receives, so that a call whose answer was lost may be sent again. */
    noteAttempt: async ({ messageId, receive, expiresAtSeconds }, signal) =>
      ask(
        'dynamodb:UpdateItem',
        dynamo.send(
          updateAttempts(flowTable, messageId, 'SET expiresAt = :expiresAt ADD attempts :receive', {
            ':receive': { NS: [String(receive)] },
            ':expiresAt': { N: String(expiresAtSeconds) },
          }),
          { abortSignal: signal },
        ),
        ({ Attributes }) => Attributes?.attempts?.NS?.length ?? 0,
      ),
    forgetAttempt: async ({ messageId, receive }, signal) =>
      ask(
        'dynamodb:UpdateItem',
        dynamo.send(
          updateAttempts(flowTable, messageId, 'DELETE attempts :receive', {
            ':receive': { NS: [String(receive)] },
          }),
          { abortSignal: signal },
        ),
        () => undefined,
      ),
    hide: createHiding(sqs, urlOf),
    async send(queueName, { body, attributes, delaySeconds = 0 }, signal) {
      const command = new SendMessageCommand({
        QueueUrl: await urlOf(queueName, signal),
        MessageBody: body,
        MessageAttributes: toSqsAttributes(attributes),
        DelaySeconds: delaySeconds,
      });
      await ask('sqs:SendMessage', sqs.send(command, { abortSignal: signal }), () => undefined);
    },
  };
}

type Values = ConstructorParameters<typeof UpdateItemCommand>[0]['ExpressionAttributeValues'];

function updateAttempts(table: string | undefined, messageId: string, update: string, values: Values) {
  if (table === undefined) throw new Error('this function has no table to count attempts in');
  return new UpdateItemCommand({
    TableName: table,
    Key: { flowId: { S: `attempts/${messageId}` } },
    UpdateExpression: update,
    ExpressionAttributeValues: values,
    ReturnValues: 'UPDATED_NEW',
  });
}

/** Asked for once each: a URL cannot be told from the name in every partition, nor on an emulator. */
function queueUrls(sqs: SQSClient): (name: string, signal: AbortSignal) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (name, abortSignal) => {
    const asked = known.get(name);
    if (asked !== undefined) return asked;
    const url = ask(
      'sqs:GetQueueUrl',
      sqs.send(new GetQueueUrlCommand({ QueueName: name }), { abortSignal }),
      ({ QueueUrl = '' }) => QueueUrl,
    );
    known.set(name, url);
    url.catch(() => known.delete(name));
    return url;
  };
}
