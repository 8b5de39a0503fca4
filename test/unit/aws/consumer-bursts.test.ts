import { beforeEach, describe, expect, it } from '@jest/globals';
import { createConsumerBursts } from '../../../aws/consumer-bursts.ts';
import type { BurstNotes } from '../../../core/burst/notes.ts';
import type { Place } from '../../../core/burst/place.ts';
import { stampOf } from '../../../core/burst/shard.ts';
import { onFakeAws } from './consumer-world.ts';
import { jsonError } from './fake-aws.ts';

const NOW_MS = 1_800_000_000_000;
const UNTIL_MS = NOW_MS + 31_000.25;
const PLACE: Place = { partsId: 'b#1', index: 33, total: 34 };
const RAN = { startedAtMs: NOW_MS, endedAtMs: NOW_MS + 1_500, bytes: 2_000 };
const signal = new AbortController().signal;
const number = (value: number) => ({ N: String(value) });
const numbers = (...values: number[]) => ({ NS: values.map(String) });
const written = (Attributes: object = {}) => ({ body: { Attributes } });
const refused = (Item: object) => ({
  ...jsonError('ConditionalCheckFailedException', 'The conditional request failed'),
  body: { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', Item },
});

const aws = onFakeAws();
let notes: BurstNotes;
beforeEach(() => {
  notes = createConsumerBursts('bursts');
});

const begin = () => notes.begin(PLACE, UNTIL_MS, NOW_MS, signal);
const end = (kind: 'done' | 'failed' | 'dead' | 'givenBack', untilMs: number | undefined = UNTIL_MS) =>
  notes.end(PLACE, untilMs, { kind }, RAN, signal);

describe('the begin of a task', () => {
  it('is one update of its shard, which takes none that is done or runs', async () => {
    aws().replyWith(written());
    expect(await begin()).toEqual({ kind: 'begun' });
    expect(aws().seen).toMatchObject([
      {
        call: 'UpdateItem',
        body: {
          TableName: 'bursts',
          Key: { burstKey: { S: 'b#1#1' } },
          UpdateExpression: 'SET #r = :until, expiresAt = :expires REMOVE #t',
          ConditionExpression: 'NOT contains(#done, :n) AND (attribute_not_exists(#r) OR #r <= :now)',
          ExpressionAttributeNames: { '#r': 'r1', '#t': 't1', '#done': 'done' },
          ExpressionAttributeValues: {
            ':until': number(UNTIL_MS),
            ':now': number(NOW_MS),
            ':n': number(1),
            ':expires': { N: expect.any(String) },
          },
        },
      },
    ]);
  });

  it.each([
    [{ r1: number(UNTIL_MS + 1) }, { kind: 'running', untilMs: UNTIL_MS + 1 }],
    [{ r1: number(UNTIL_MS) }, { kind: 'begun' }],
    [{ r1: number(UNTIL_MS), done: numbers(1) }, { kind: 'done' }],
  ])('says of a shard %j that it is %j', async (item, answer) => {
    aws().replyWith(refused(item));
    expect(await begin()).toEqual(answer);
    expect(aws().seen).toHaveLength(1);
  });

  it('of one that is done, in a shard that is over, tells whoever does not know it yet', async () => {
    aws().replyWith(refused({ done: numbers(0, 1) }), written({ shards: numbers(1) }));
    expect(await begin()).toEqual({ kind: 'done' });
    expect(aws().seen.map(({ body }) => (body as { Key: unknown }).Key)).toEqual([
      { burstKey: { S: 'b#1#1' } },
      { burstKey: { S: 'b#1#b0' } },
    ]);
  });

  it('says that it is done whether or not that could be told', async () => {
    aws().replyWith(refused({ done: numbers(0, 1) }), jsonError('AccessDeniedException', 'no'));
    expect(await begin()).toEqual({ kind: 'done' });
  });

  it('fails where nobody answers for it', async () => {
    aws().replyWith(jsonError('AccessDeniedException', 'no'));
    await expect(begin()).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });
});

describe('the end of a task', () => {
  it('is one update of its shard where others are not over', async () => {
    aws().replyWith(written({ done: numbers(1) }));
    await end('done');
    expect(aws().seen).toMatchObject([
      {
        call: 'UpdateItem',
        body: {
          Key: { burstKey: { S: 'b#1#1' } },
          UpdateExpression:
            'SET expiresAt = :expires, #t = :stamp ADD #set :numbers, #tasks :tasks, #ranMs :ranMs, #bytes :bytes, #bytesMs :bytesMs REMOVE #r',
          ConditionExpression: '#r = :until',
          ExpressionAttributeNames: { '#set': 'done', '#t': 't1', '#r': 'r1', '#bytesMs': 'bytesMs' },
          ExpressionAttributeValues: {
            ':numbers': numbers(1),
            ':stamp': { S: stampOf(RAN) },
            ':until': number(UNTIL_MS),
            ':tasks': number(1),
            ':ranMs': number(1_500),
            ':bytes': number(2_000),
            ':bytesMs': number(1_500),
          },
          ReturnValues: 'ALL_NEW',
        },
      },
    ]);
  });

  it('goes on to the block, the end and that it has come, each where it is over', async () => {
    aws().replyWith(
      written({ done: numbers(1), dead: numbers(0) }),
      written({ shards: numbers(0, 1) }),
      written({ blocks: numbers(0) }),
      written(),
    );
    await end('done');
    expect(aws().seen.slice(1)).toMatchObject([
      { body: { Key: { burstKey: { S: 'b#1#b0' } }, ExpressionAttributeValues: { ':numbers': numbers(1) } } },
      {
        body: { Key: { burstKey: { S: 'b#1#end' } }, ExpressionAttributeValues: { ':numbers': numbers(0) } },
      },
      {
        body: {
          Key: { burstKey: { S: 'b#1#end' } },
          UpdateExpression: 'SET #ended = :yes',
          ExpressionAttributeNames: { '#ended': 'ended' },
          ExpressionAttributeValues: { ':yes': { S: 'yes' } },
        },
      },
    ]);
  });

  it('of a run that is not the noted one is noted where nothing newer is, with what it ran', async () => {
    aws().replyWith(refused({}), written({ done: numbers(1) }));
    await end('done');
    expect(aws().seen[1]).toMatchObject({
      body: {
        UpdateExpression:
          'SET expiresAt = :expires, #t = :stamp ADD #set :numbers, #tasks :tasks, #ranMs :ranMs, #bytes :bytes, #bytesMs :bytesMs',
        ConditionExpression:
          'attribute_not_exists(#r) AND NOT contains(#done, :n) AND (attribute_not_exists(#t) OR #t < :stamp)',
        ExpressionAttributeNames: { '#set': 'done', '#done': 'done', '#r': 'r1', '#t': 't1' },
        ExpressionAttributeValues: { ':n': number(1), ':stamp': { S: stampOf(RAN) } },
      },
    });
    expect(aws().seen).toHaveLength(2);
  });

  it('of a run that another has followed is only counted', async () => {
    const another = refused({ r1: number(UNTIL_MS + 7) });
    aws().replyWith(another, another, written({ failed: numbers(1) }));
    await end('failed');
    const { body } = aws().seen[2] as { body: Record<string, unknown> };
    expect(body.UpdateExpression).toBe('SET expiresAt = :expires ADD #set :numbers');
    expect(body.ConditionExpression).toBeUndefined();
  });

  it('that stands there already, for the reply to it was lost, is not noted again', async () => {
    aws().replyWith(refused({ done: numbers(1), t1: { S: stampOf(RAN) } }));
    await end('done');
    expect(aws().seen).toHaveLength(1);
  });

  it('that gives it back takes only its own run away, and nothing where none was noted', async () => {
    aws().replyWith(refused({ r1: number(1) }));
    await end('givenBack');
    expect(aws().seen).toMatchObject([
      { body: { UpdateExpression: 'REMOVE #r', ConditionExpression: '#r = :until', ReturnValues: 'NONE' } },
    ]);
    await notes.end(PLACE, undefined, { kind: 'givenBack' }, undefined, signal);
    expect(aws().seen).toHaveLength(1);
  });
});
