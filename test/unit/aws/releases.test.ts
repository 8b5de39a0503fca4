import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../aws/ports.ts';
import { releaseRecordSchema } from '../../../core/release/record.ts';
import type { FakeAws, Reply } from './fake-aws.ts';
import { startFakeStage } from './fake-stage.ts';

let aws: FakeAws;
let ports: Ports;
beforeEach(async () => {
  ({ aws, ports } = await startFakeStage());
});
afterEach(() => aws.stop());

const NOW = '2026-11-21T04:00:00.000Z';
const least = {
  codeKey: 'k',
  version: 'v1',
  revision: 1,
  bucket: 'b',
  state: 'Checking',
  uploadedAt: NOW,
  startedAt: NOW,
  sizeBytes: 5,
  owner: 'release-1',
  aliveAtMs: 1,
  updatedAt: NOW,
};

/** In DynamoDB's own notation. */
function item(change: Readonly<Record<string, string | number>> = {}) {
  const entries = Object.entries({ ...least, ...change });
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'number' ? { N: String(value) } : { S: value }]),
  );
}

const keyOf = (version: string) => ({ codeKey: { S: 'k' }, version: { S: version } });

describe('the table of releases', () => {
  it('reads one by key and version, as it is now', async () => {
    aws.replyWith({ body: { Item: { ...item(), writeId: { S: 'w' } } } });
    expect(await ports.releases.read('k', 'v1')).toEqual(releaseRecordSchema.parse(least));
    expect(aws.seen[0]?.body).toMatchObject({ Key: keyOf('v1'), ConsistentRead: true });
  });

  it('reads all of a key, page after page', async () => {
    aws.replyWith(
      { body: { Items: [item(), item({ version: 'v2' })], LastEvaluatedKey: keyOf('v2') } },
      { body: { Items: [item({ version: 'v3' })] } },
    );
    expect((await ports.releases.ofKey('k')).map(({ version }) => version)).toEqual(['v1', 'v2', 'v3']);
    expect(aws.seen).toMatchObject([
      { call: 'Query', body: { ConsistentRead: true } },
      { call: 'Query', body: { ConsistentRead: true, ExclusiveStartKey: keyOf('v2') } },
    ]);
  });

  it('goes on with a page where the one before ended', async () => {
    aws.replyWith({ body: { Items: [item()], LastEvaluatedKey: keyOf('v1') } }, { body: { Items: [] } });
    const { cursor } = await ports.releases.page(undefined, 1);
    expect(await ports.releases.page(cursor, 1)).toEqual({ items: [] });
    expect(aws.seen[1]?.body).toMatchObject({ Limit: 1, ExclusiveStartKey: keyOf('v1') });
  });

  it('writes only over the revision that was read', async () => {
    const record = releaseRecordSchema.parse({ ...least, revision: 7 });
    expect(await ports.releases.write(record)).toBe('written');
    expect(await ports.releases.write({ ...record, revision: 0 })).toBe('written');
    expect(aws.seen.map(({ body }) => body)).toMatchObject([
      {
        Item: { revision: { N: '8' } },
        ConditionExpression: '#guard = :revision',
        ExpressionAttributeNames: { '#guard': 'revision' },
        ExpressionAttributeValues: { ':revision': { N: '7' } },
      },
      { Item: { revision: { N: '1' } }, ConditionExpression: 'attribute_not_exists(#guard)' },
    ]);
  });

  it.each<[string, () => Promise<unknown>, Reply]>([
    ['read', () => ports.releases.read('k', 'v1'), { body: { Item: item({ state: 'done', wave: 'two' }) } }],
    ['ofKey', () => ports.releases.ofKey('k'), { body: { Items: [item({ state: 'done', wave: 'two' })] } }],
    [
      'page',
      () => ports.releases.page(undefined, 1),
      { body: { Items: [item({ state: 'done', wave: 'two' })] } },
    ],
  ])('says of an item that somebody edited what is wrong with it: %s', async (_method, act, reply) => {
    aws.replyWith(reply);
    const failure = act();
    await expect(failure).rejects.toMatchObject({ name: 'ReleaseItemError', retryable: false });
    await expect(failure).rejects.toThrow(
      /^the item k, version v1 of the table sluice-dev-releases is not a/,
    );
    await expect(failure).rejects.toThrow(
      /state: .*"Checking".*; wave: .*expected number, received string — put back/,
    );
  });
});
