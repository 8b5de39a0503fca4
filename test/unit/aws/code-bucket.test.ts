import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { createCodeBucket } from '../../../aws/code-bucket.ts';
import type { CodeBucket } from '../../../aws/ports.ts';
import { type FakeAws, type Reply, startFakeAws } from './fake-aws.ts';

let aws: FakeAws;
let code: CodeBucket;
beforeEach(async () => {
  aws = await startFakeAws(10_000);
  code = createCodeBucket(aws.clients.s3, { bucket: 'b', downloadMs: 300 });
});
afterEach(() => aws.stop());

const refused = (status: number, errorCode: string): Reply => ({
  status,
  body: `<Error><Code>${errorCode}</Code><Message>no</Message></Error>`,
});

describe('looking at an object', () => {
  it('says when it was uploaded', async () => {
    const headers = {
      'last-modified': 'Sat, 21 Nov 2026 04:00:05 GMT',
      'x-amz-version-id': 'v',
      etag: '"e"',
    };
    aws.replyWith({ headers });
    expect(await code.head('k')).toMatchObject({
      version: 'v',
      uploadedAtMs: Date.parse('2026-11-21T04:00:05Z'),
    });
  });
});

describe('looking into a zip', () => {
  it('reads the version that is named', async () => {
    aws.replyWith({ body: zipSync({ 'index.mjs': strToU8('text') }) });
    const files = [{ name: 'index.mjs', bytes: 4 }];
    expect(await code.archive('a/k', 'v')).toMatchObject({ kind: 'read', files });
    expect(aws.seen[0]?.call).toBe('GET /b/a/k?versionId=v&x-id=GetObject');
  });

  it('answers why where it is no zip', async () => {
    aws.replyWith({ body: 'text' });
    const reason = 'no zip archive, or one that is cut off';
    expect(await code.archive('k', 'v')).toEqual({ kind: 'unreadable', reason });
  });

  it.each([
    ['the object is gone', 404, 'NoSuchKey'],
    ['the version is gone', 404, 'NoSuchVersion'],
    ['the version is a delete marker', 405, 'MethodNotAllowed'],
    ['the version is not an id that S3 gives', 400, 'InvalidArgument'],
  ])('answers nothing where %s', async (_what, status, errorCode) => {
    aws.replyWith(refused(status, errorCode));
    expect(await code.archive('k', 'v')).toBeUndefined();
  });

  it('throws where S3 forbids it', async () => {
    aws.replyWith(refused(403, 'AccessDenied'));
    await expect(code.archive('k', 'v')).rejects.toMatchObject({ code: 'AccessDenied', retryable: false });
  });

  it('downloads nothing that is too large, and says so', async () => {
    aws.replyWith({ headers: { 'content-length': '262144001' }, body: 'PK' });
    expect(await code.archive('k', 'v')).toEqual({
      kind: 'unreadable',
      reason: '251 MB, and 250 MB are allowed even unzipped',
    });
  });

  it.each<[string, Reply]>([
    ['does not come', { hang: true }],
    ['stops in the middle', { headers: { 'content-length': '1000' }, body: 'PK' }],
  ])('gives up a download that %s, and it can be tried again', async (_what, reply) => {
    aws.replyWith(reply);
    await expect(code.archive('k', 'v')).rejects.toMatchObject({ name: 'AwsError', retryable: true });
  });
});

describe('the versions of an object', () => {
  const version = (key: string, id: string, at: string, isLatest = false) =>
    `<Version><Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>${isLatest}</IsLatest><LastModified>${at}</LastModified></Version>`;
  const marker = (key: string, id: string, at: string, isLatest = false) =>
    version(key, id, at, isLatest)
      .replaceAll('Version>', 'DeleteMarker>')
      .replaceAll('DeleteMarkerId', 'VersionId');
  const page = (...parts: readonly string[]): Reply => ({
    body: `<ListVersionsResult>${parts.join('')}</ListVersionsResult>`,
  });
  const at = (second: number) => `2026-11-21T04:00:0${second}.000Z`;

  it('come newest first, with the marks of deletions, and none of another object', async () => {
    aws.replyWith(
      page(
        version('k', 'v3', at(3)),
        version('k', 'v1', at(1)),
        version('k.bak', 'w', at(9), true),
        marker('k', 'm4', at(4), true),
        marker('k', 'm2', at(2)),
      ),
    );
    const { items, cursor } = await code.versions('k', undefined);
    expect(items.map((one) => [one.version, one.isCurrent, one.isDeleteMarker])).toEqual([
      ['m4', true, true],
      ['v3', false, false],
      ['m2', false, true],
      ['v1', false, false],
    ]);
    expect(items[0]?.uploadedAtMs).toBe(Date.parse(at(4)));
    expect(cursor).toBeUndefined();
    expect(aws.seen[0]?.call).toBe('GET /b/?prefix=k&versions=');
  });

  it('begin with the current one, also where the next came within the same second', async () => {
    aws.replyWith(page(version('k', 'v1', at(1)), marker('k', 'm2', at(1), true)));
    expect((await code.versions('k', undefined)).items.map((one) => one.version)).toEqual(['m2', 'v1']);
  });

  it('go on after the cursor, as long as they are of this object', async () => {
    const more = (key: string) =>
      `<IsTruncated>true</IsTruncated><NextKeyMarker>${key}</NextKeyMarker><NextVersionIdMarker>v2</NextVersionIdMarker>`;
    aws.replyWith(page(version('k', 'v2', at(2)), more('k')), page(version('k', 'v1', at(1)), more('k.bak')));
    const first = await code.versions('k', undefined);
    expect(first.cursor).toBe('v2');
    const second = await code.versions('k', first.cursor);
    expect(second.cursor).toBeUndefined();
    expect(aws.seen[1]?.call).toBe('GET /b/?key-marker=k&prefix=k&version-id-marker=v2&versions=');
  });
});
