import type { Message, MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import type { OutgoingMessage, QueueMessage } from './ports.ts';

/** A message as SQS hands it out. */
export function fromSqs(message: Message): QueueMessage {
  const system = message.Attributes ?? {};
  return {
    messageId: message.MessageId ?? '',
    receipt: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: mapValues(message.MessageAttributes ?? {}, attributeFromSqs),
    receiveCount: Number(system.ApproximateReceiveCount ?? 1),
    sentAtMs: Number(system.SentTimestamp ?? 0),
  };
}

/**
 * A message of a batch. Its id in the batch is its place: SQS allows fewer characters in ids than callers may.
 */
export function toSqs(message: OutgoingMessage, index: number): SendMessageBatchRequestEntry {
  return {
    Id: String(index),
    MessageBody: message.body,
    ...(message.delaySeconds === undefined ? {} : { DelaySeconds: message.delaySeconds }),
    ...(message.attributes === undefined ? {} : { MessageAttributes: toSqsAttributes(message.attributes) }),
  };
}

export function toSqsAttributes(
  attributes: Readonly<Record<string, Attribute>>,
): Record<string, MessageAttributeValue> {
  return mapValues(attributes, attributeToSqs);
}

type Attribute = QueueMessage['attributes'][string];

/** The type is `String`, `Number` or `Binary`, and may go on after a dot. */
function attributeFromSqs(value: MessageAttributeValue): Attribute {
  const type = value.DataType ?? 'String';
  return isBinary(type)
    ? { type, value: Buffer.from(value.BinaryValue ?? []).toString('base64') }
    : { type, value: value.StringValue ?? '' };
}

function attributeToSqs({ type, value }: Attribute): MessageAttributeValue {
  return isBinary(type)
    ? { DataType: type, BinaryValue: Buffer.from(value, 'base64') }
    : { DataType: type, StringValue: value };
}

function isBinary(type: string): boolean {
  return type.startsWith('Binary');
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
