import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ask } from './errors.ts';
import type { SalvagedMessage, SalvageStore } from './ports.ts';

/**
 * Salvage: `salvage/<pipelineId>/<part>-<count>.jsonl`, one message a line. The count stands in the key, so
 * that what there is can be summed up by listing. Writing a part again replaces it.
 * IAM: s3:PutObject (`write`), s3:GetObject (`read`), s3:DeleteObject (`delete`) on the objects under
 * `salvage/`, s3:ListBucket (`page`) on the bucket.
 */
export function createSalvageStore(client: S3Client, bucket: string): SalvageStore {
  return {
    uri: (pipelineId) => `s3://${bucket}/${prefixOf(pipelineId)}`,

    write(pipelineId, part, messages) {
      const key = `${prefixOf(pipelineId)}${part}-${messages.length}.jsonl`;
      const body = messages.map((message) => `${JSON.stringify(message)}\n`).join('');
      return ask(
        's3:PutObject',
        client.send(
          new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/x-ndjson' }),
        ),
        () => key,
      );
    },

    page: (pipelineId, cursor) =>
      ask(
        's3:ListBucket',
        client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefixOf(pipelineId),
            ContinuationToken: cursor,
          }),
        ),
        (output) => ({
          items: (output.Contents ?? []).flatMap(({ Key }) => {
            const count = countOf(Key ?? '');
            return Key === undefined || count === undefined ? [] : [{ key: Key, count }];
          }),
          ...(output.NextContinuationToken ? { cursor: output.NextContinuationToken } : {}),
        }),
      ),

    async read(key) {
      const text: string = await ask(
        's3:GetObject',
        client
          .send(new GetObjectCommand({ Bucket: bucket, Key: key }))
          .then(({ Body }) => Body?.transformToString() ?? ''),
        (body) => body,
      );
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as SalvagedMessage);
    },

    delete: (key) =>
      ask(
        's3:DeleteObject',
        client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })),
        () => undefined,
      ),
  };
}

function prefixOf(pipelineId: string): string {
  return `salvage/${pipelineId}/`;
}

/** Undefined for an object that salvage did not write. */
function countOf(key: string): number | undefined {
  const count = /-(\d+)\.jsonl$/.exec(key)?.[1];
  return count === undefined ? undefined : Number(count);
}
