import {
  type AttributeValue,
  type ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { partExpiresAt } from '../core/burst/expiry.ts';
import { type Ending, keepNotes, type ShardAnswer } from '../core/burst/keep-notes.ts';
import type { BurstNotes, TaskRan } from '../core/burst/notes.ts';
import {
  OVER,
  runningAttribute,
  SHARD_SETS,
  SHARD_SUMS,
  stampAttribute,
  stampOf,
} from '../core/burst/shard.ts';
import { NOTE_PATIENCE } from './consumer-patience.ts';
import { ask } from './errors.ts';

type Item = Readonly<Record<string, AttributeValue>>;
type Input = Partial<UpdateItemCommandInput>;

/**
 * What the runtime notes of the tasks of bursts, in the stage's bursts table; core/burst/place.ts has its keys. Without
 * the document client: each process that runs such a task loads this.
 *
 * IAM: dynamodb:UpdateItem on the table.
 */
export function createConsumerBursts(table: string): BurstNotes {
  const client = new DynamoDBClient(NOTE_PATIENCE);
  /** @returns the item as it then is; where the condition failed, as it was */
  const update = (burstKey: string, input: Input, abortSignal: AbortSignal) =>
    ask<{ readonly Attributes?: Item | undefined }, { readonly isWritten: boolean; readonly item: Item }>(
      'dynamodb:UpdateItem',
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { burstKey: { S: burstKey } },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          ...input,
        }),
        { abortSignal },
      ),
      ({ Attributes = {} }) => ({ isWritten: true, item: Attributes }),
      {
        ConditionalCheckFailedException: ({ cause }) => ({
          isWritten: false,
          item: (cause as ConditionalCheckFailedException).Item ?? {},
        }),
      },
    );
  const updateShard = async (shard: string, number: number, input: Input, signal: AbortSignal) => {
    const { isWritten, item } = await update(shard, input, signal);
    return answerOf(isWritten, item, number);
  };

  return keepNotes({
    begin: (shard, number, untilMs, nowMs, signal) =>
      updateShard(shard, number, beginning(number, untilMs, nowMs), signal),
    giveBack: async (shard, number, untilMs, signal) => {
      await update(shard, givingBack(number, untilMs), signal);
    },
    end: (shard, number, ending, untilMs, signal) =>
      updateShard(shard, number, endingOf(number, ending, untilMs), signal),
    add: async (key, set, number, signal) => {
      const { item } = await update(key, adding(set, number), signal);
      return numbersIn(item, set).size;
    },
    tellEnd: async (key, signal) => {
      await update(key, ENDED, signal);
    },
  });
}

function answerOf(isWritten: boolean, item: Item, number: number): ShardAnswer {
  const until = item[runningAttribute(number)]?.N;
  return {
    isWritten,
    done: numbersIn(item, SHARD_SETS.done),
    failed: numbersIn(item, SHARD_SETS.failed),
    dead: numbersIn(item, SHARD_SETS.dead),
    refused: numbersIn(item, SHARD_SETS.refused),
    runsUntilMs: until === undefined ? undefined : Number(until),
    stamp: item[stampAttribute(number)]?.S,
  };
}

/** Every attribute goes by another name: some are words of DynamoDB's own. */
function beginning(number: number, untilMs: number, nowMs: number): Input {
  return {
    // Without the stamp of the attempt before, a shard stays within one write unit.
    UpdateExpression: 'SET #r = :until, expiresAt = :expires REMOVE #t',
    ConditionExpression: 'NOT contains(#done, :n) AND (attribute_not_exists(#r) OR #r <= :now)',
    ExpressionAttributeNames: {
      '#r': runningAttribute(number),
      '#t': stampAttribute(number),
      '#done': SHARD_SETS.done,
    },
    ExpressionAttributeValues: {
      ':until': numeric(untilMs),
      ':now': numeric(nowMs),
      ':n': numeric(number),
      ':expires': expires(),
    },
  };
}

function givingBack(number: number, untilMs: number): Input {
  return {
    UpdateExpression: 'REMOVE #r',
    ConditionExpression: '#r = :until',
    ExpressionAttributeNames: { '#r': runningAttribute(number) },
    ExpressionAttributeValues: { ':until': numeric(untilMs) },
    ReturnValues: 'NONE',
  };
}

function endingOf(number: number, { how, ran }: Ending, untilMs: number | undefined): Input {
  const sums = ran === undefined || how !== 'done' ? [] : sumsOf(ran);
  const sets = ['expiresAt = :expires', ...(ran === undefined ? [] : ['#t = :stamp'])];
  const adds = ['#set :numbers', ...sums.map(([name]) => `#${name} :${name}`)];
  const ofRun = untilMs !== undefined;
  const isFirst = !ofRun && ran !== undefined;
  return {
    UpdateExpression: `SET ${sets.join(', ')} ADD ${adds.join(', ')}${ofRun ? ' REMOVE #r' : ''}`,
    ...(ofRun && { ConditionExpression: '#r = :until' }),
    ...(isFirst && { ConditionExpression: NONE_SINCE }),
    ExpressionAttributeNames: {
      '#set': SHARD_SETS[how],
      ...(ran !== undefined && { '#t': stampAttribute(number) }),
      ...((ofRun || isFirst) && { '#r': runningAttribute(number) }),
      ...(isFirst && { '#done': SHARD_SETS.done }),
      ...Object.fromEntries(sums.map(([name]) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ':numbers': numberSet(number),
      ':expires': expires(),
      ...(ran !== undefined && { ':stamp': { S: stampOf(ran) } }),
      ...(ofRun && { ':until': numeric(untilMs) }),
      ...(isFirst && { ':n': numeric(number) }),
      ...Object.fromEntries(sums.map(([name, value]) => [`:${name}`, numeric(value)])),
    },
  };
}

/** No run of the task is noted, no later one has left its stamp, and it is not done: nothing was added for it. */
const NONE_SINCE =
  'attribute_not_exists(#r) AND NOT contains(#done, :n) AND (attribute_not_exists(#t) OR #t < :stamp)';

function sumsOf({ startedAtMs, endedAtMs, bytes }: TaskRan): readonly (readonly [string, number])[] {
  const ms = Math.max(0, Math.round(endedAtMs - startedAtMs));
  const ofSized = [
    [SHARD_SUMS.bytes, bytes ?? 0],
    [SHARD_SUMS.bytesMs, ms],
  ] as const;
  return [[SHARD_SUMS.tasks, 1], [SHARD_SUMS.ranMs, ms], ...(bytes === undefined ? [] : ofSized)];
}

function adding(set: string, number: number): Input {
  return {
    UpdateExpression: 'SET expiresAt = :expires ADD #set :numbers',
    ExpressionAttributeNames: { '#set': set },
    ExpressionAttributeValues: { ':numbers': numberSet(number), ':expires': expires() },
  };
}

const ENDED: Input = {
  UpdateExpression: 'SET #ended = :yes',
  ConditionExpression: 'attribute_not_exists(#ended)',
  ExpressionAttributeNames: { '#ended': OVER.ended },
  ExpressionAttributeValues: { ':yes': { S: OVER.yes } },
  ReturnValues: 'NONE',
};

function numbersIn(item: Item, set: string): ReadonlySet<number> {
  return new Set(item[set]?.NS?.map(Number));
}

function numberSet(number: number): AttributeValue {
  return { NS: [String(number)] };
}

function numeric(value: number): AttributeValue {
  return { N: String(value) };
}

/** It goes by itself once nobody can ask any more. */
function expires(): AttributeValue {
  return numeric(partExpiresAt(Date.now()));
}
