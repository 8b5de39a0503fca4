import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Event } from 'aws-lambda';
import { keyOf, type Listed, taskLines, type Upload, uploadOf } from './upload.ts';

const s3 = new S3Client({});
const lambda = new LambdaClient({});
const { BURST_BUCKET, TRIGGER_FUNCTION } = process.env;

/** Makes a burst of each upload that is complete. */
export async function handler({ Records = [] }: Partial<S3Event>): Promise<void> {
  for (const { s3: told } of Records) {
    const upload = uploadOf(keyOf(told.object.key));
    if (upload !== undefined) await handOver(upload, told.bucket.name);
  }
}

async function handOver({ pipelineId, burstId, prefix }: Upload, bucket: string): Promise<void> {
  const lines = taskLines(bucket, await list(bucket, prefix));
  if (lines.length === 0) return;
  // The trigger reads tasks from here, however many there are: a call of it takes 256 KB.
  const source = { bucket: BURST_BUCKET, key: `documents/${burstId}.jsonl` };
  await s3.send(new PutObjectCommand({ Bucket: source.bucket, Key: source.key, Body: lines.join('') }));
  // Handed over, not waited for: Lambda tries it again where it fails, and a burst that is begun goes on where it was.
  const burst = JSON.stringify({ pipelineId, burstId, source });
  await lambda.send(
    new InvokeCommand({ FunctionName: TRIGGER_FUNCTION, InvocationType: 'Event', Payload: burst }),
  );
  console.log(JSON.stringify({ message: 'handed over', pipelineId, burstId, documents: lines.length }));
}

async function list(bucket: string, prefix: string): Promise<Listed[]> {
  const objects: Listed[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    for (const { Key: key = '', Size: sizeBytes = 0 } of page.Contents ?? [])
      objects.push({ key, sizeBytes });
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return objects;
}
