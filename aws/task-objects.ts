import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createLineSplitter } from '../core/burst/lines.ts';
import { ownObjectKey, SOURCE_CHANGED } from '../core/burst/source.ts';
import { AwsError, ask, type Expected } from './errors.ts';
import type { TaskLine, TaskObjects } from './ports.ts';

type Source = Parameters<TaskObjects['lines']>[0];

/** The first call asks for few bytes, as often few lines are wanted; the next ones for more and more. */
const FIRST_BYTES = 256 * 1024;
const MOST_BYTES = 4 * 1024 * 1024;

/** What S3 calls the version of an object in a bucket whose versions were switched off again. */
const NO_VERSION = 'null';

/**
 * JSON Lines in S3, read in pieces: no connection waits while somebody sends what was read, and none of them is too
 * long to be asked for again.
 *
 * IAM: s3:GetObject and s3:GetObjectVersion on the objects (`find`, `lines`); s3:PutObject and s3:DeleteObject on those
 * of Sluice's own bucket (`keep`, `remove`).
 * @param ownBucket where `keep` keeps
 */
export function createTaskObjects(client: S3Client, ownBucket: string): TaskObjects {
  return {
    find: (bucket, key) =>
      ask<HeadObjectCommandOutput, Awaited<ReturnType<TaskObjects['find']>>>(
        's3:GetObject',
        client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })),
        ({ ETag = '', VersionId, ContentLength = 0 }) => ({
          etag: ETag,
          ...(VersionId === undefined || VersionId === NO_VERSION ? {} : { version: VersionId }),
          bytes: ContentLength,
        }),
        // Of a bucket that may not be listed, S3 says of a missing object that it is forbidden.
        {
          NotFound: nothing,
          NoSuchKey: nothing,
          NoSuchBucket: nothing,
          Forbidden: nothing,
          AccessDenied: nothing,
          Http403: nothing,
        },
      ),

    async keep(burstId, lines) {
      const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const digest = Buffer.from(await globalThis.crypto.subtle.digest('SHA-256', body)).toString('hex');
      const key = ownObjectKey(burstId, digest);
      const command = new PutObjectCommand({
        Bucket: ownBucket,
        Key: key,
        Body: body,
        ContentType: 'application/x-ndjson',
      });
      const { etag, version } = await ask(
        's3:PutObject',
        client.send(command),
        ({ ETag = '', VersionId }) => ({
          etag: ETag,
          version: VersionId,
        }),
      );
      return {
        kind: 'object',
        bucket: ownBucket,
        key,
        etag,
        ...(version === undefined ? {} : { version }),
        isOwn: true,
      };
    },

    lines: (source, fromByte) => readLines(client, source, fromByte),

    remove: ({ bucket, key }) =>
      ask(
        's3:DeleteObject',
        client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })),
        () => undefined,
      ),
  };
}

function nothing(): undefined {
  return undefined;
}

async function* readLines(
  client: S3Client,
  source: Source,
  fromByte: number,
): AsyncGenerator<TaskLine, void> {
  const splitter = createLineSplitter(fromByte);
  let at = fromByte;
  for (let bytes = FIRST_BYTES; ; bytes = Math.min(MOST_BYTES, bytes * 2)) {
    const piece = await readPiece(client, source, at, bytes);
    if (piece === undefined) break;
    yield* splitter.lines(piece.bytes);
    at += piece.bytes.length;
    if (at >= piece.totalBytes) break;
  }
  yield* splitter.end();
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly totalBytes: number;
}

/** @returns undefined where the object ends before it */
async function readPiece(
  client: S3Client,
  { bucket, key, version, etag }: Source,
  fromByte: number,
  bytes: number,
): Promise<Piece | undefined> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(version === undefined ? {} : { VersionId: version }),
    IfMatch: etag,
    Range: `bytes=${fromByte}-${fromByte + bytes - 1}`,
  });
  const changed = (failure: AwsError): undefined => {
    throw sourceChanged(bucket, key, failure);
  };
  const expected: Expected<Piece | undefined> = {
    // The object is empty, or was read to its end.
    InvalidRange: nothing,
    Http416: nothing,
    PreconditionFailed: changed,
    Http412: changed,
    NoSuchKey: changed,
    NoSuchVersion: changed,
    NoSuchBucket: changed,
    AccessDenied: changed,
    MethodNotAllowed: changed, // the version is a delete marker
  };
  return ask<Piece, Piece | undefined>(
    's3:GetObject',
    client.send(command).then(wholePiece),
    (piece) => piece,
    expected,
  );
}

async function wholePiece({ Body, ContentRange, ContentLength }: GetObjectCommandOutput): Promise<Piece> {
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  const total = /\/(\d+)$/.exec(ContentRange ?? '')?.[1];
  return { bytes, totalBytes: total === undefined ? (ContentLength ?? bytes.length) : Number(total) };
}

function sourceChanged(bucket: string, key: string, { cause, requestId }: AwsError): AwsError {
  return new AwsError({
    code: SOURCE_CHANGED,
    message: `s3://${bucket}/${key} is not what it was when its burst began, or is gone, or may not be read any more`,
    operation: 's3:GetObject',
    requestId,
    retryable: false,
    cause,
  });
}
