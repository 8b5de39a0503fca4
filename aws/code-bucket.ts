import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type Archive, UNZIPPED_MAX_BYTES } from '../core/release/package.ts';
import { readArchive, unreadable } from './archive.ts';
import { ask, type Expected } from './errors.ts';
import type { CodeBucket, CodeVersion, Page } from './ports.ts';

/** What S3 calls the version of an object in a bucket without versions. */
const NO_VERSION = 'null';

export interface CodeBucketOptions {
  readonly bucket: string;
  /** Longest that a download may take, milliseconds. */
  readonly downloadMs: number;
}

/**
 * The bucket that consumer code is uploaded to.
 * IAM: s3:GetObject and s3:GetObjectVersion (`head`, `archive`), s3:DeleteObjectVersion (`deleteVersion`) on its
 * objects; s3:ListBucket (without it, S3 says of a missing object that it is forbidden) and s3:ListBucketVersions
 * (`versions`) on the bucket.
 */
export function createCodeBucket(client: S3Client, { bucket, downloadMs }: CodeBucketOptions): CodeBucket {
  return {
    head: (key, version) =>
      ask(
        's3:GetObject',
        client.send(
          new HeadObjectCommand({
            Bucket: bucket,
            Key: key,
            ...(version === undefined ? {} : { VersionId: version }),
          }),
        ),
        (output) => ({
          key,
          version: output.VersionId ?? NO_VERSION,
          sizeBytes: output.ContentLength ?? 0,
          etag: output.ETag ?? '',
          uploadedAtMs: output.LastModified?.getTime() ?? 0,
        }),
        {
          NotFound: () => undefined,
          Http405: () => undefined, // the version named is a delete marker
          Http400: (failure) => {
            if (version !== undefined) return undefined; // not an id that S3 gives
            throw failure;
          },
        },
      ),

    archive: (key, version) => {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version });
      return ask('s3:GetObject', download(client, command, downloadMs), (archive) => archive, NOT_THERE);
    },

    versions: (key, cursor) =>
      ask(
        's3:ListBucketVersions',
        client.send(
          new ListObjectVersionsCommand({
            Bucket: bucket,
            Prefix: key,
            ...(cursor === undefined ? {} : { KeyMarker: key, VersionIdMarker: cursor }),
          }),
        ),
        (output) => versionsIn(output, key),
      ),

    deleteVersion: (key, version) =>
      ask(
        's3:DeleteObjectVersion',
        client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: version })),
        () => undefined,
      ),
  };
}

/** No such object or version, a delete marker, an id that S3 does not give. */
const NOT_THERE: Expected<Archive | undefined> = {
  NoSuchKey: () => undefined,
  NoSuchVersion: () => undefined,
  MethodNotAllowed: () => undefined,
  InvalidArgument: () => undefined,
};

/** Into memory: Lambda takes no zip that would not fit. */
async function download(client: S3Client, command: GetObjectCommand, limitMs: number): Promise<Archive> {
  const abort = new AbortController();
  const abortSignal = AbortSignal.any([abort.signal, AbortSignal.timeout(limitMs)]);
  const { Body, ContentLength = 0 } = await client.send(command, { abortSignal });
  if (ContentLength > UNZIPPED_MAX_BYTES) {
    abort.abort();
    return unreadable(`${Math.ceil(ContentLength / 1_048_576)} MB, and 250 MB are allowed even unzipped`);
  }
  return readArchive((await Body?.transformToByteArray()) ?? new Uint8Array());
}

function versionsIn(output: ListObjectVersionsCommandOutput, key: string): Page<CodeVersion> {
  const { Versions = [], DeleteMarkers = [], IsTruncated, NextKeyMarker, NextVersionIdMarker } = output;
  const found = [
    ...Versions.map((version) => ({ ...version, isDeleteMarker: false })),
    ...DeleteMarkers.map((marker) => ({ ...marker, isDeleteMarker: true })),
  ];
  const items = found
    // A prefix has others' versions, too.
    .filter(({ Key }) => Key === key)
    .map(({ VersionId, IsLatest, LastModified, isDeleteMarker }) => ({
      version: VersionId ?? NO_VERSION,
      isCurrent: IsLatest === true,
      isDeleteMarker,
      uploadedAtMs: LastModified?.getTime() ?? 0,
    }))
    .sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent) || b.uploadedAtMs - a.uploadedAtMs);
  // Keys come in order, so this one's versions are the first of its prefix.
  const hasMore = IsTruncated === true && NextKeyMarker === key && NextVersionIdMarker !== undefined;
  return { items, ...(hasMore ? { cursor: NextVersionIdMarker } : {}) };
}
