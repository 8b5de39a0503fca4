import {
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResult,
  ListQueuesCommand,
  ListQueueTagsCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { SQS_BATCH_ENTRIES } from '../core/aws-limits.ts';
import { ask } from './errors.ts';
import type { TaskQueues } from './ports.ts';
import { attributesOf, STATE_ATTRIBUTES, stateOf } from './queue-attributes.ts';
import { closePolicy, openPolicy } from './queue-policy.ts';
import { fromSqs, toSqs } from './task-messages.ts';

export interface TaskQueueOptions {
  /** The one role that may still send to a closed queue. */
  readonly consumerRoleArn: string;
  readonly callMs: number;
}

/**
 * SQS. A queue that is gone is an answer where the port has one for it; else it throws `QueueDoesNotExist`.
 * IAM, on the queues of the stage: sqs:GetQueueUrl (`find`), sqs:CreateQueue and sqs:TagQueue (`create`),
 * sqs:ListQueueTags (`tags`), sqs:GetQueueAttributes (`read`, `change`), sqs:SetQueueAttributes (`change`),
 * sqs:DeleteQueue (`delete`), sqs:ReceiveMessage (`receive`), sqs:ChangeMessageVisibility (`putBack`),
 * sqs:DeleteMessage (`deleteMessages`),
 * sqs:SendMessage (`send`), sqs:ListMessageMoveTasks and sqs:CancelMessageMoveTask (`cancelRedrives`);
 * on `*`: sqs:ListQueues (`page`).
 */
export function createTaskQueues(
  client: SQSClient,
  { consumerRoleArn, callMs }: TaskQueueOptions,
): TaskQueues {
  return {
    find: (name) =>
      ask(
        'sqs:GetQueueUrl',
        client.send(new GetQueueUrlCommand({ QueueName: name })),
        (output) => output.QueueUrl,
        { QueueDoesNotExist: () => undefined },
      ),

    create: (spec) =>
      ask(
        'sqs:CreateQueue',
        client.send(
          new CreateQueueCommand({
            QueueName: spec.name,
            Attributes: { ...attributesOf(spec), SqsManagedSseEnabled: 'true' },
            // Tagging on its own has a limit of 30 calls per second and account.
            tags: { ...spec.tags },
          }),
        ),
        (output) => ({ kind: 'created', url: output.QueueUrl ?? '' }),
        {
          QueueDeletedRecently: () => ({ kind: 'nameBlocked' }),
          QueueNameExists: () => ({ kind: 'differs' }),
        },
      ),

    tags: (url) =>
      ask(
        'sqs:ListQueueTags',
        client.send(new ListQueueTagsCommand({ QueueUrl: url })),
        (output) => output.Tags ?? {},
        { QueueDoesNotExist: () => undefined },
      ),

    read: (url) =>
      ask(
        'sqs:GetQueueAttributes',
        client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: STATE_ATTRIBUTES })),
        (output) => stateOf(url, output.Attributes ?? {}),
        { QueueDoesNotExist: () => undefined },
      ),

    async change(url, change) {
      const abortSignal = AbortSignal.timeout(callMs);
      const attributes = attributesOf(change);
      if (change.closed !== undefined || change.sealed) {
        const policy = await policyOf(client, url, abortSignal);
        if (policy === undefined) return 'gone';
        attributes.Policy =
          change.closed || change.sealed
            ? closePolicy(policy.text, policy.queueArn, change.sealed ? undefined : consumerRoleArn)
            : openPolicy(policy.text);
      }
      return ask(
        'sqs:SetQueueAttributes',
        client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }), {
          abortSignal,
        }),
        () => 'done',
        { QueueDoesNotExist: () => 'gone' },
      );
    },

    delete: (url) =>
      ask('sqs:DeleteQueue', client.send(new DeleteQueueCommand({ QueueUrl: url })), () => 'deleted', {
        QueueDoesNotExist: () => 'gone',
      }),

    receive: (url, visibilityTimeoutSeconds) =>
      ask(
        'sqs:ReceiveMessage',
        client.send(
          new ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: SQS_BATCH_ENTRIES,
            VisibilityTimeout: visibilityTimeoutSeconds,
            WaitTimeSeconds: 0,
            MessageAttributeNames: ['All'],
            MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
          }),
        ),
        (output) => (output.Messages ?? []).map(fromSqs),
      ),

    async putBack(url, receipts) {
      if (receipts.length === 0) return;
      const Entries = receipts.map((ReceiptHandle, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      return ask(
        'sqs:ChangeMessageVisibility',
        client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries })),
        () => undefined,
      );
    },

    async deleteMessages(url, receipts) {
      if (receipts.length === 0) return [];
      const entries = receipts.map((receipt, index) => ({ Id: String(index), ReceiptHandle: receipt }));
      return ask(
        'sqs:DeleteMessage',
        client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries })),
        (output) => (output.Failed ?? []).map((failed) => receipts[Number(failed.Id)] ?? ''),
      );
    },

    async send(url, messages) {
      if (messages.length === 0) return [];
      return ask(
        'sqs:SendMessage',
        client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: messages.map(toSqs) })),
        (output) =>
          (output.Failed ?? []).map((failed) => ({
            id: messages[Number(failed.Id)]?.id ?? '',
            code: failed.Code ?? 'Unknown',
            senderFault: failed.SenderFault ?? false,
          })),
      );
    },

    page: (namePrefix, cursor) =>
      ask(
        'sqs:ListQueues',
        // Without MaxResults SQS never says that there is more.
        client.send(
          new ListQueuesCommand({ QueueNamePrefix: namePrefix, MaxResults: 1000, NextToken: cursor }),
        ),
        (output) => ({
          items: output.QueueUrls ?? [],
          ...(output.NextToken ? { cursor: output.NextToken } : {}),
        }),
      ),

    async cancelRedrives(queueArn) {
      const abortSignal = AbortSignal.timeout(callMs);
      const handles: readonly string[] = await ask(
        'sqs:ListMessageMoveTasks',
        client.send(new ListMessageMoveTasksCommand({ SourceArn: queueArn, MaxResults: 10 }), {
          abortSignal,
        }),
        runningOf,
        {
          ResourceNotFoundException: () => [],
          // An endpoint without redrive tasks has none to cancel; AWS's own has them.
          InvalidAction: () => [],
        },
      );
      for (const handle of handles) {
        await ask(
          'sqs:CancelMessageMoveTask',
          client.send(new CancelMessageMoveTaskCommand({ TaskHandle: handle }), { abortSignal }),
          () => undefined,
          { ResourceNotFoundException: () => undefined }, // it ended in between
        );
      }
    },
  };
}

interface StoredPolicy {
  readonly queueArn: string;
  readonly text: string | undefined;
}

/** Undefined if the queue is gone. */
function policyOf(
  client: SQSClient,
  url: string,
  abortSignal: AbortSignal,
): Promise<StoredPolicy | undefined> {
  return ask(
    'sqs:GetQueueAttributes',
    client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['Policy', 'QueueArn'] }), {
      abortSignal,
    }),
    ({ Attributes = {} }) => ({ queueArn: Attributes.QueueArn ?? '', text: Attributes.Policy }),
    { QueueDoesNotExist: () => undefined },
  );
}

/** Only a running task has a handle. */
function runningOf({ Results = [] }: ListMessageMoveTasksResult): readonly string[] {
  return Results.flatMap(({ Status, TaskHandle }) =>
    Status === 'RUNNING' && TaskHandle ? [TaskHandle] : [],
  );
}
