import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { AwsError, ask } from './errors.ts';

/** Hides a received message for so long from now on, whole seconds. */
export type Hide = (
  queueName: string,
  receipt: string,
  seconds: number,
  signal: AbortSignal,
) => Promise<void>;

interface Waiting {
  readonly receipt: string;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Of SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html */
const ENTRIES_OF_A_CALL = 10;
/** A batch may have 10,000 messages that all have to wait; more calls at once would time out waiting for a socket. */
const CALLS_AT_ONCE = 10;

/**
 * Messages that are hidden in the same turn go ten in a call: as many as a batch has wait where its first one does.
 * IAM: sqs:ChangeMessageVisibility on the pipeline's queues.
 */
export function createHiding(
  sqs: SQSClient,
  urlOf: (queueName: string, signal: AbortSignal) => Promise<string>,
): Hide {
  const waiting = new Map<string, Waiting[]>();

  const flush = async (queueName: string) => {
    const all = waiting.get(queueName) ?? [];
    waiting.delete(queueName);
    const worker = async () => {
      for (let some = all.splice(0, ENTRIES_OF_A_CALL); some.length > 0; ) {
        await hideSome(queueName, some);
        some = all.splice(0, ENTRIES_OF_A_CALL);
      }
    };
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker));
  };

  const hideSome = async (queueName: string, some: readonly Waiting[]) => {
    const [first, ...more] = some;
    if (first === undefined) return;
    try {
      const { signal } = first;
      signal.throwIfAborted();
      const url = await urlOf(queueName, signal);
      const failures = more.length === 0 ? await hideOne(url, first) : await hideAll(url, some);
      for (const [index, one] of some.entries()) {
        const failure = failures.get(String(index));
        if (failure === undefined) one.done();
        else one.failed(failure);
      }
    } catch (error) {
      for (const one of some) one.failed(error);
    }
  };

  const hideOne = (url: string, { receipt, seconds, signal }: Waiting) =>
    ask(
      'sqs:ChangeMessageVisibility',
      sqs.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: url,
          ReceiptHandle: receipt,
          VisibilityTimeout: seconds,
        }),
        { abortSignal: signal },
      ),
      () => new Map<string, AwsError>(),
    );

  const hideAll = (url: string, some: readonly Waiting[]) =>
    ask(
      'sqs:ChangeMessageVisibility',
      sqs.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: url,
          Entries: some.map(({ receipt, seconds }, index) => ({
            Id: String(index),
            ReceiptHandle: receipt,
            VisibilityTimeout: seconds,
          })),
        }),
        { abortSignal: AbortSignal.any(some.map(({ signal }) => signal)) },
      ),
      ({ Failed = [] }) => new Map(Failed.map((entry) => [entry.Id ?? '', failureOf(entry)])),
    );

  return (queueName, receipt, seconds, signal) =>
    new Promise((done, failed) => {
      const others = waiting.get(queueName);
      const one = { receipt, seconds, signal, done, failed };
      if (others !== undefined) {
        others.push(one);
        return;
      }
      waiting.set(queueName, [one]);
      setImmediate(() => flush(queueName));
    });
}

function failureOf(entry: BatchResultErrorEntry): AwsError {
  return new AwsError({
    code: entry.Code ?? 'Unknown',
    message: entry.Message ?? 'no message',
    operation: 'sqs:ChangeMessageVisibility',
    requestId: undefined,
    retryable: !entry.SenderFault,
    cause: entry,
  });
}
