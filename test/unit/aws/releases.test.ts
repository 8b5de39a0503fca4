import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ports, Releases } from '../../../aws/ports.ts';
import { createReleases } from '../../../aws/releases.ts';
import { type ReleaseRecord, releaseRecordSchema } from '../../../core/release/record.ts';
import type { FakeAws } from './fake-aws.ts';
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

const edited = item({ state: 'done', wave: 'two' });

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

  it('says of an item that somebody edited what is wrong with it', async () => {
    aws.replyWith({ body: { Item: edited } });
    const failure = ports.releases.read('k', 'v1');
    await expect(failure).rejects.toMatchObject({ name: 'ReleaseItemError', retryable: false });
    await expect(failure).rejects.toThrow(
      /^the item k, version v1 of the table sluice-dev-releases is not a/,
    );
    await expect(failure).rejects.toThrow(
      /state: .*"Checking".*; wave: .*expected number, received string — put back/,
    );
  });

  it.each<[string, (releases: Releases) => Promise<readonly ReleaseRecord[]>]>([
    ['ofKey', (releases) => releases.ofKey('k')],
    ['page', async (releases) => (await releases.page(undefined, 3)).items],
  ])('leaves out of many an item that somebody edited, and warns of it: %s', async (_method, act) => {
    const warned: unknown[] = [];
    const log = { warn: (...given: unknown[]) => void warned.push(given) };
    const releases = createReleases(aws.clients.documents, 'sluice-dev-releases', log);
    aws.replyWith({ body: { Items: [item({ version: 'v0' }), edited, item({ version: 'v2' })] } });
    expect((await act(releases)).map(({ version }) => version)).toEqual(['v0', 'v2']);
    const problem = expect.stringMatching(/^the item k, version v1 .*state: .*"Checking".*; wave: /);
    expect(warned).toEqual([[expect.any(String), { codeKey: 'k', version: 'v1', problem }]]);
  });
});
