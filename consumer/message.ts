import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { SQS_BATCH_BYTES, SQS_MESSAGE_ATTRIBUTES } from '../core/aws-limits.ts';
import { ANEW_ATTRIBUTE, type MessageAttribute, messageBytes } from '../core/dead-letter.ts';
import type { AnewMessage } from './effects.ts';

/** What is in the attribute of a message that was sent anew in the place of another, as JSON. */
interface Anew {
  /** The id of the first of these messages: the task keeps it. */
  readonly messageId: string;
  /** How many there were before. */
  readonly generation: number;
  readonly firstSentAtMs: number;
  /** Not to be started before, epoch milliseconds: SQS delays by 900 s at most. */
  readonly notBeforeMs: number;
}

/** A message as the runtime sees it: whatever was sent anew in its place is the same one. */
export interface Message {
  /** The first one's id. */
  readonly id: string;
  /** Of the queue, of this very message: 1 at the first. */
  readonly receives: number;
  /** A number of this receive that no other receive of the task has. */
  readonly receive: number;
  /** Nobody has seen the task before. */
  readonly isFresh: boolean;
  /** Epoch milliseconds; undefined where SQS does not say. */
  readonly firstSentAtMs: number | undefined;
  readonly notBeforeMs: number;
  readonly generation: number;
}

/** More than SQS lets a message be received: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
const RECEIVES_OF_A_GENERATION = 10_000;

export function messageOf(record: SQSRecord): Message {
  const receives = Number(record.attributes.ApproximateReceiveCount);
  const sentAtMs = Number(record.attributes.SentTimestamp);
  const anew = readAnew(record);
  const generation = anew?.generation ?? 0;
  return {
    id: anew?.messageId ?? record.messageId,
    receives,
    receive: generation * RECEIVES_OF_A_GENERATION + receives,
    isFresh: receives <= 1 && generation === 0,
    firstSentAtMs: anew?.firstSentAtMs ?? (Number.isFinite(sentAtMs) ? sentAtMs : undefined),
    notBeforeMs: anew?.notBeforeMs ?? 0,
    generation,
  };
}

/** @returns the message to send in the place of this one; undefined where it has no room for one attribute more */
export function anewOf(record: SQSRecord, notBeforeMs: number, nowMs: number): AnewMessage | undefined {
  const { id, generation, firstSentAtMs = nowMs } = messageOf(record);
  const anew: Anew = { messageId: id, generation: generation + 1, firstSentAtMs, notBeforeMs };
  const attributes = {
    ...attributesOf(record),
    [ANEW_ATTRIBUTE]: { type: 'String', value: JSON.stringify(anew) },
  };
  const fits =
    Object.keys(attributes).length <= SQS_MESSAGE_ATTRIBUTES &&
    messageBytes(record.body, attributes) <= SQS_BATCH_BYTES;
  return fits ? { body: record.body, attributes } : undefined;
}

/** A message's attributes in our words, without what the runtime itself has put there. */
export function ownAttributesOf(record: SQSRecord): Record<string, MessageAttribute> {
  const { [ANEW_ATTRIBUTE]: _anew, ...others } = attributesOf(record);
  return others;
}

/** The text of one of a message's attributes, if it has it. */
export function textAttribute(record: SQSRecord, name: string): string | undefined {
  return given(record)[name]?.stringValue;
}

/** Lambda always sends some, and be it none; what stands for it may leave them out. */
function given({ messageAttributes }: Partial<SQSRecord>): SQSMessageAttributes {
  return messageAttributes ?? {};
}

function attributesOf(record: SQSRecord): Record<string, MessageAttribute> {
  return Object.fromEntries(
    Object.entries(given(record)).map(([name, { dataType, stringValue, binaryValue }]) => [
      name,
      { type: dataType, value: stringValue ?? binaryValue ?? '' },
    ]),
  );
}

/** @returns undefined where there is none, or something else under its name */
function readAnew(record: SQSRecord): Anew | undefined {
  const text = textAttribute(record, ANEW_ATTRIBUTE);
  if (text === undefined) return undefined;
  try {
    const { messageId, generation, firstSentAtMs, notBeforeMs }: Partial<Anew> = JSON.parse(text) ?? {};
    const isWhole = [generation, firstSentAtMs, notBeforeMs].every(Number.isFinite);
    return typeof messageId === 'string' && isWhole
      ? ({ messageId, generation, firstSentAtMs, notBeforeMs } as Anew)
      : undefined;
  } catch {
    return undefined;
  }
}
