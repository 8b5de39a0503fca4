import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Clients } from './clients.ts';
import { ask } from './errors.ts';

/** What people put into a stage: records and code. No function of Sluice's own writes either. */
export interface StageInputs {
  /** Adds the config record, or replaces the one of the same pipelineId. */
  putConfigRecord(record: Readonly<Record<string, unknown>>): Promise<void>;
  /** Uploads consumer code and answers its version: a release, once the code listener has seen it. */
  uploadCode(key: string, zip: Uint8Array): Promise<string>;
}

/** IAM: dynamodb:PutItem on the pipelines table, s3:PutObject on the code bucket. */
export function createStageInputs(
  { documents, s3 }: Clients,
  names: { readonly pipelinesTable: string; readonly codeBucket: string },
): StageInputs {
  return {
    putConfigRecord: (record) =>
      ask(
        'dynamodb:PutItem',
        documents.send(new PutCommand({ TableName: names.pipelinesTable, Item: record })),
        () => undefined,
      ),

    uploadCode: (key, zip) =>
      ask(
        's3:PutObject',
        s3.send(new PutObjectCommand({ Bucket: names.codeBucket, Key: key, Body: zip })),
        (output) => output.VersionId ?? '',
      ),
  };
}
