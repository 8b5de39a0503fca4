import { DynamoDBClient, ReturnValuesOnConditionCheckFailure } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Hold } from '../core/flow/hold.ts';
import type { Shared } from '../core/flow/shared.ts';
import { putIfRevision, storedFlag, storedNumber } from './compare-and-set.ts';
import { CONSUMER_PATIENCE } from './consumer-patience.ts';
import { createTurns } from './consumer-turns.ts';
import { type AwsError, ask } from './errors.ts';

/** Where the environments of one pipeline meet. */
export interface SharedTables {
  readonly flowTable: string;
  readonly holdsTable: string;
  readonly pipelineId: string;
}

/** A group of which nothing new is said for so long needs no record. */
const HOLDS_KEPT_SECONDS = 30 * 86_400;
/** One that a person has typed may say no more than until when. */
const TYPED_HOLD: Omit<Hold, 'untilMs'> = { sinceMs: 0, cause: 'throttled', guesses: 0 };

/**
 * What the environments of one pipeline share, in the stage's flow and holds tables.
 *
 * IAM: dynamodb:UpdateItem, dynamodb:DeleteItem and dynamodb:BatchGetItem on the flow table, dynamodb:GetItem and
 * dynamodb:PutItem on the holds table.
 */
export function createConsumerShared({ flowTable, holdsTable, pipelineId }: SharedTables): Shared {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(CONSUMER_PATIENCE), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const update = <T>(
    flowId: string,
    input: Partial<UpdateCommandInput>,
    abortSignal: AbortSignal,
    done: T,
    refused: (failure: AwsError) => T = () => done,
  ): Promise<T> =>
    ask(
      'dynamodb:UpdateItem',
      client.send(
        new UpdateCommand({
          TableName: flowTable,
          Key: { flowId },
          ReturnValuesOnConditionCheckFailure: ReturnValuesOnConditionCheckFailure.ALL_OLD,
          ...input,
        }),
        { abortSignal },
      ),
      () => done,
      { ConditionalCheckFailedException: refused },
    );
  const remove = (flowId: string, input: ConditionedOnOwner, abortSignal: AbortSignal): Promise<void> =>
    ask(
      'dynamodb:DeleteItem',
      client.send(new DeleteCommand({ TableName: flowTable, Key: { flowId }, ...input }), { abortSignal }),
      () => undefined,
      // Somebody else's by now.
      { ConditionalCheckFailedException: () => undefined },
    );
  const endedId = (part: string) => `ended/${pipelineId}/${part}`;
  const leaseId = `lease/${pipelineId}`;
  const keyId = (key: string) => `once/${pipelineId}/${key}`;

  return {
    ...createTurns(client, flowTable, pipelineId),

    readGroup: (abortSignal) =>
      ask(
        'dynamodb:GetItem',
        client.send(new GetCommand({ TableName: holdsTable, Key: { pipelineId }, ConsistentRead: true }), {
          abortSignal,
        }),
        ({ Item: { hold, breaker, revision = 0 } = {} }) => ({
          state: { ...(hold && { hold: { ...TYPED_HOLD, ...hold } }), ...(breaker && { breaker }) },
          revision,
        }),
      ),
    writeGroup: (state, revision, signal) => {
      const expiresAt = Math.ceil(Date.now() / 1000) + HOLDS_KEPT_SECONDS;
      // What a person has typed has no revision, either.
      return putIfRevision(
        client,
        holdsTable,
        'revision',
        { pipelineId, ...state, expiresAt },
        revision,
        signal,
      );
    },

    addEnded: (part, { tasks, failed }, expiresAtSeconds, signal) =>
      update(
        endedId(part),
        {
          UpdateExpression: 'SET expiresAt = :expires ADD tasks :tasks, failed :failed',
          ExpressionAttributeValues: { ':expires': expiresAtSeconds, ':tasks': tasks, ':failed': failed },
        },
        signal,
        undefined,
      ),
    readEnded: (parts, abortSignal) =>
      ask(
        'dynamodb:BatchGetItem',
        client.send(
          new BatchGetCommand({
            RequestItems: {
              [flowTable]: {
                Keys: parts.map((part) => ({ flowId: endedId(part) })),
                ConsistentRead: true,
              },
            },
          }),
          { abortSignal },
        ),
        ({ Responses }) =>
          (Responses?.[flowTable] ?? []).reduce<{ tasks: number; failed: number }>(
            (sum, { tasks, failed }) => ({ tasks: sum.tasks + tasks, failed: sum.failed + failed }),
            { tasks: 0, failed: 0 },
          ),
      ),

    takeLease: (owner, untilMs, nowMs, signal) =>
      update<Awaited<ReturnType<Shared['takeLease']>>>(
        leaseId,
        claim(owner, untilMs, nowMs),
        signal,
        { kind: 'taken' },
        ({ cause }) => ({ kind: 'held', untilMs: storedNumber(cause, 'untilMs') ?? nowMs }),
      ),
    freeLease: (owner, signal) => remove(leaseId, ifOwner(owner), signal),

    claimKey: (key, owner, untilMs, nowMs, signal) =>
      update<Awaited<ReturnType<Shared['claimKey']>>>(
        keyId(key),
        expiring(claim(owner, untilMs, nowMs), untilMs),
        signal,
        { kind: 'claimed' },
        ({ cause }) =>
          storedFlag(cause, 'isDone')
            ? { kind: 'done' }
            : { kind: 'running', untilMs: storedNumber(cause, 'untilMs') ?? nowMs },
      ),
    finishKey: (key, owner, untilMs, signal) => {
      const { ConditionExpression, ...mine } = ifOwner(owner);
      const done = {
        UpdateExpression: 'SET isDone = :yes, untilMs = :until',
        ConditionExpression,
        ExpressionAttributeNames: mine.ExpressionAttributeNames,
        ExpressionAttributeValues: { ...mine.ExpressionAttributeValues, ':yes': true, ':until': untilMs },
      };
      return update(keyId(key), expiring(done, untilMs), signal, undefined);
    },
    dropKey: (key, owner, signal) => {
      const { ConditionExpression, ...mine } = ifOwner(owner);
      const notDone = `${ConditionExpression} AND attribute_not_exists(isDone)`;
      return remove(keyId(key), { ...mine, ConditionExpression: notDone }, signal);
    },
  };
}

interface ConditionedOnOwner {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

/** `owner` is a word of DynamoDB's own. */
const OWNER = { '#owner': 'owner' };

function ifOwner(owner: string): ConditionedOnOwner {
  return {
    ConditionExpression: '#owner = :owner',
    ExpressionAttributeNames: OWNER,
    ExpressionAttributeValues: { ':owner': owner },
  };
}

/** Nobody's, one's own, or that of somebody whose time is over. */
function claim(owner: string, untilMs: number, nowMs: number) {
  return {
    UpdateExpression: 'SET #owner = :owner, untilMs = :until REMOVE isDone',
    ConditionExpression: 'attribute_not_exists(#owner) OR #owner = :owner OR untilMs <= :now',
    ExpressionAttributeNames: OWNER,
    ExpressionAttributeValues: { ':owner': owner, ':until': untilMs, ':now': nowMs },
  };
}

/** Goes by itself once it means nothing any more. */
function expiring<T extends { UpdateExpression: string; ExpressionAttributeValues: Record<string, unknown> }>(
  update: T,
  untilMs: number,
): T {
  const SET = /^SET /;
  return {
    ...update,
    UpdateExpression: update.UpdateExpression.replace(SET, 'SET expiresAt = :expires, '),
    ExpressionAttributeValues: {
      ...update.ExpressionAttributeValues,
      ':expires': Math.ceil(untilMs / 1000) + 1,
    },
  };
}
