import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import type { QueueChange } from '../core/lifecycle/differences.ts';
import type { QueueState } from './ports.ts';
import { isClosed, isSealed } from './queue-policy.ts';

/** What a queue's state is read from. */
export const STATE_ATTRIBUTES: QueueAttributeName[] = [
  'QueueArn',
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'RedrivePolicy',
  'Policy',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
];

/** A queue's attributes as SQS has them: everything is text. */
export type Attributes = Partial<Record<QueueAttributeName, string>>;

/** The attributes that a queue is created with, or that a change sets; `closed` and `sealed` are the policy's matter. */
export function attributesOf(change: Omit<QueueChange, 'closed' | 'sealed'>): Attributes {
  const { visibilityTimeoutSeconds, messageRetentionSeconds, redrive } = change;
  return {
    ...(visibilityTimeoutSeconds === undefined
      ? {}
      : { VisibilityTimeout: String(visibilityTimeoutSeconds) }),
    ...(messageRetentionSeconds === undefined
      ? {}
      : { MessageRetentionPeriod: String(messageRetentionSeconds) }),
    ...(redrive === undefined ? {} : { RedrivePolicy: redrivePolicy(redrive) }),
  };
}

function redrivePolicy({ deadLetterQueueArn, maxReceiveCount }: NonNullable<QueueChange['redrive']>): string {
  return JSON.stringify({ deadLetterTargetArn: deadLetterQueueArn, maxReceiveCount });
}

/** Reads the attributes named in {@link STATE_ATTRIBUTES}. */
export function stateOf(url: string, attributes: Attributes): QueueState {
  return {
    url,
    arn: attributes.QueueArn ?? '',
    visibilityTimeoutSeconds: Number(attributes.VisibilityTimeout),
    messageRetentionSeconds: Number(attributes.MessageRetentionPeriod),
    ...redriveOf(attributes.RedrivePolicy),
    closed: isClosed(attributes.Policy),
    ...(isSealed(attributes.Policy) ? { sealed: true } : {}),
    counts: {
      visible: Number(attributes.ApproximateNumberOfMessages ?? 0),
      delayed: Number(attributes.ApproximateNumberOfMessagesDelayed ?? 0),
      inFlight: Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    },
  };
}

function redriveOf(policy: string | undefined): Pick<QueueState, 'redrive'> {
  if (!policy) return {};
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy);
  // SQS takes the count as a number or as a text, and keeps what it was given.
  return { redrive: { deadLetterQueueArn: deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) } };
}
