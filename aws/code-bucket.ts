import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ask } from './errors.ts';
import type { CodeBucket } from './ports.ts';

/** What S3 calls the version of an object in a bucket without versions. */
const NO_VERSION = 'null';

/**
 * The bucket that consumer code is uploaded to.
 * IAM: s3:GetObject, s3:GetObjectVersion on its objects and s3:ListBucket on the bucket (without it, S3 says of
 * a missing object that it is forbidden).
 */
export function createCodeBucket(client: S3Client, bucket: string): CodeBucket {
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
  };
}
