import type { QueueMessage } from '../../../aws/ports.ts';
import { Messages, type StoredMessage } from './messages.ts';
import { Propagating } from './propagating.ts';

export interface Redrive {
  readonly deadLetterQueueArn: string;
  readonly maxReceiveCount: number;
}

/** One queue. */
export interface SimulatedQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  readonly visibilityTimeoutSeconds: Propagating<number>;
  readonly messageRetentionSeconds: Propagating<number>;
  readonly redrive: Propagating<Redrive | undefined>;
  /** A policy that denies sending to all but the consumers. */
  readonly closed: Propagating<boolean>;
  /** One that denies it to the consumers, too. */
  readonly sealed: Propagating<boolean>;
  readonly messages: Messages;
}

const URL = 'https://sqs.simulated/123456789012/';
const ARN = 'arn:aws:sqs:simulated:123456789012:';

export function newQueue(
  name: string,
  nowMs: number,
  settings: {
    readonly visibilityTimeoutSeconds: number;
    readonly messageRetentionSeconds: number;
    readonly redrive?: Redrive | undefined;
    readonly tags: Readonly<Record<string, string>>;
  },
): SimulatedQueue {
  return {
    name,
    url: URL + name,
    arn: ARN + name,
    tags: settings.tags,
    createdAtMs: nowMs,
    visibilityTimeoutSeconds: new Propagating(settings.visibilityTimeoutSeconds),
    messageRetentionSeconds: new Propagating(settings.messageRetentionSeconds),
    redrive: new Propagating<Redrive | undefined>(settings.redrive),
    closed: new Propagating(false),
    sealed: new Propagating(false),
    messages: new Messages(),
  };
}

export function queueNameOf(urlOrArn: string): string {
  return urlOrArn.startsWith(URL) ? urlOrArn.slice(URL.length) : urlOrArn.slice(ARN.length);
}

/** A message as the receiver sees it. */
export function received(message: StoredMessage): QueueMessage {
  return {
    messageId: message.messageId,
    receipt: message.receipt,
    body: message.body,
    attributes: message.attributes,
    receiveCount: message.receiveCount,
    sentAtMs: message.sentAtMs,
  };
}
