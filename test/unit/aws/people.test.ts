import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { probesOf } from '../../../aws/probes.ts';
import { purgeQueue } from '../../../aws/purge-queue.ts';
import { createRecordEdits } from '../../../aws/record-edits.ts';
import { createWholeTables } from '../../../aws/whole-tables.ts';
import { stageNames } from '../../../core/names.ts';
import { type FakeAws, jsonError, lambdaError, startFakeAws } from './fake-aws.ts';
import { NO_QUEUE, refusedWrite } from './replies.ts';

/** What only people's tools ask of AWS. */

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws(2_000);
});
afterEach(() => aws.stop());

describe('an edit of a record', () => {
  const edits = () => createRecordEdits(aws.clients.documents, 't', ['pipelineId', 'paused', 'concurrency']);

  it('goes by every field that there is, and by every one that there may be and is not', async () => {
    expect(await edits().put({ pipelineId: 'a', paused: true }, { pipelineId: 'a', odd: [1] })).toBe('put');
    expect(aws.seen[0]?.body).toMatchObject({
      TableName: 't',
      Item: { pipelineId: { S: 'a' }, paused: { BOOL: true } },
      ConditionExpression:
        '#f0 = :f0 AND attribute_not_exists(#f1) AND attribute_not_exists(#f2) AND #f3 = :f3',
      ExpressionAttributeNames: { '#f0': 'pipelineId', '#f1': 'paused', '#f2': 'concurrency', '#f3': 'odd' },
      ExpressionAttributeValues: { ':f0': { S: 'a' }, ':f3': { L: [{ N: '1' }] } },
    });
  });

  it('adds a record only where there is none', async () => {
    await edits().put({ pipelineId: 'a' }, undefined);
    expect(aws.seen[0]?.body).toMatchObject({ ConditionExpression: 'attribute_not_exists(pipelineId)' });
  });

  it('is a conflict where another record stands there by now', async () => {
    aws.replyWith(refusedWrite(), { body: { Item: { pipelineId: { S: 'a' } } } });
    expect(await edits().put({ pipelineId: 'a', paused: true }, undefined)).toBe('conflict');
  });

  it('knows its own write again when the reply to it was lost', async () => {
    aws.replyWith({ drop: true }, refusedWrite(), {
      body: { Item: { paused: { BOOL: true }, pipelineId: { S: 'a' } } },
    });
    expect(await edits().put({ pipelineId: 'a', paused: true }, undefined)).toBe('put');
  });

  it('that deletes says whether there was one', async () => {
    aws.replyWith({ body: { Attributes: { pipelineId: { S: 'a' } } } }, {});
    expect(await edits().remove('a')).toBe('removed');
    expect(await edits().remove('a')).toBe('none');
  });
});

describe('a whole table', () => {
  const tables = () => createWholeTables(aws.clients.documents, { pipelines: 'p', status: 's', holds: 'h' });
  const page = (ids: readonly string[], more = false) => ({
    body: {
      Items: ids.map((id) => ({ pipelineId: { S: id } })),
      ...(more && { LastEvaluatedKey: { pipelineId: { S: ids.at(-1) } } }),
    },
  });

  it('is read by four readers at once, each to the end of its part', async () => {
    aws.replyWith(page(['a', 'b'], true), page(['c'], true), page([]), page(['d']), page(['e']), page([]));
    const all = await tables().configs(['pipelineId', 'paused']);
    expect(all.map(({ pipelineId }) => pipelineId).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
    const bodies = aws.seen.map(({ body }) => body as Record<string, unknown>);
    expect(new Set(bodies.map(({ Segment }) => Segment))).toEqual(new Set([0, 1, 2, 3]));
    expect(bodies.filter(({ ExclusiveStartKey }) => ExclusiveStartKey !== undefined)).toHaveLength(2);
    expect(bodies[0]).toMatchObject({
      TotalSegments: 4,
      ProjectionExpression: '#f0, #f1',
      ExpressionAttributeNames: { '#f0': 'pipelineId', '#f1': 'paused' },
    });
  });

  it('of holds leaves out what says nothing', async () => {
    const hold = { M: { untilMs: { N: '5' } } };
    aws.replyWith({ body: { Items: [{ pipelineId: { S: 'a' }, hold }, { pipelineId: { S: 'b' } }] } });
    const groups = await tables().groups();
    expect([...groups.keys()]).toEqual(['a']);
    expect(groups.get('a')?.hold?.untilMs).toBe(5);
  });
});

describe('a purge', () => {
  it.each([
    [{}, 'purged'],
    [jsonError('PurgeQueueInProgress', 'Only one PurgeQueue operation is allowed every 60 seconds.'), 'busy'],
    [jsonError('AWS.SimpleQueueService.PurgeQueueInProgress', 'Only one'), 'busy'],
    [NO_QUEUE, 'gone'],
  ])('answered with %j is %s', async (reply, answer) => {
    aws.replyWith(reply);
    expect(await purgeQueue(aws.clients.sqs, `${aws.connection.endpoint}/1/q`)).toBe(answer);
  });
});

describe('what somebody may do', () => {
  const probes = () => probesOf(aws.clients, 'dev', stageNames('dev'), 'code', false);
  const tell = (operation: string) =>
    probes()
      .find((probe) => probe.operation === operation)
      ?.tell();

  it('is found out by writes that never happen, and by calls that run nothing', async () => {
    aws.replyWith(refusedWrite());
    expect(await tell('dynamodb:PutItem')).toBe('allowed');
    expect(aws.seen[0]?.body).toMatchObject({
      ConditionExpression: 'attribute_exists(pipelineId) AND attribute_not_exists(pipelineId)',
    });
    aws.replyWith({ status: 204 });
    expect(await tell('lambda:InvokeFunction')).toBe('allowed');
    expect(aws.headers[1]?.['x-amz-invocation-type']).toBe('DryRun');
  });

  it('tells what is not allowed from what is not there', async () => {
    aws.replyWith(jsonError('AccessDeniedException', 'not authorized'));
    expect(await tell('dynamodb:Scan')).toBe('denied');
    aws.replyWith(lambdaError(403, 'AccessDeniedException', 'not authorized'));
    expect(await tell('lambda:InvokeFunction')).toBe('denied');
    aws.replyWith({ status: 403 });
    expect(await tell('s3:ListBucket')).toBe('denied');
    aws.replyWith({ status: 404 });
    expect(await tell('s3:ListBucket')).toBe('missing');
    aws.replyWith(jsonError('ResourceNotFoundException', 'no table'));
    expect(await tell('dynamodb:Scan')).toBe('missing');
  });

  it('never changes anything', () => {
    const writes = /:(Put|Delete|Update|Create|Purge|Receive|Send)/;
    const operations = probes().map(({ operation }) => operation);
    expect(operations.filter((one) => writes.test(one))).toEqual(['dynamodb:PutItem', 'dynamodb:DeleteItem']);
  });
});
