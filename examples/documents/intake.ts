import { createHash } from 'node:crypto';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { S3Event } from 'aws-lambda';
import { keyOf, type Listed, taskLines, type Upload, uploadOf } from './upload.ts';

export interface Surroundings {
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  /** The stage's bucket of bursts. */
  readonly burstBucket: string;
  /** The name of the stage's trigger. */
  readonly trigger: string;
}

/** Makes a burst of each upload that is complete. */
export function createIntake({ s3, lambda, burstBucket, trigger }: Surroundings) {
  async function handOver({ pipelineId, burstId, prefix }: Upload, bucket: string): Promise<void> {
    const lines = taskLines(bucket, await list(s3, bucket, prefix));
    if (lines.length === 0) return;
    // The trigger reads tasks from here, however many there are: a call of it takes 256 KB.
    const source = { bucket: burstBucket, key: await keep(burstId, lines.join('')) };
    // Handed over, not waited for: Lambda tries it again where it fails, and a burst that is begun goes on where it was.
    const burst = JSON.stringify({ pipelineId, burstId, source });
    await lambda.send(new InvokeCommand({ FunctionName: trigger, InvocationType: 'Event', Payload: burst }));
    console.log(JSON.stringify({ message: 'handed over', pipelineId, burstId, documents: lines.length }));
  }

  /** Under a key of its own for each content: a burst that is under way reads an object that nobody overwrites. */
  async function keep(burstId: string, tasks: string): Promise<string> {
    const key = `documents/${burstId}/${createHash('sha256').update(tasks).digest('hex')}.jsonl`;
    try {
      await s3.send(new PutObjectCommand({ Bucket: burstBucket, Key: key, Body: tasks, IfNoneMatch: '*' }));
    } catch (error) {
      // The same tasks are there already: S3 told of the marker again.
      if ((error as Error).name !== 'PreconditionFailed') throw error;
    }
    return key;
  }

  return async function intake({ Records = [] }: Partial<S3Event>): Promise<void> {
    for (const { s3: told } of Records) {
      const upload = uploadOf(keyOf(told.object.key));
      if (upload !== undefined) await handOver(upload, told.bucket.name);
    }
  };
}

async function list(s3: S3Client, bucket: string, prefix: string): Promise<Listed[]> {
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
