import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  type _Error as DeleteError,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Clients } from './clients.ts';
import { ask } from './errors.ts';
import type { Settings } from './settings.ts';
import { createStageInputs } from './stage-inputs.ts';

/** What removing a stage needs besides the ports: no function of Sluice's own may do any of it. */
export interface StageResources {
  /** Whether the stage's tables are there. */
  isDeployed(): Promise<boolean>;
  /** Sets a config record's `onDelete` to `discard`; a record that is gone stays gone. */
  discardOnDelete(pipelineId: string): Promise<void>;
  deleteConfigRecord(pipelineId: string): Promise<void>;
  /** Salvaged tasks by pipelineId. */
  countSalvage(): Promise<ReadonlyMap<string, number>>;
  /** Deletes every version of every object; a bucket that is gone is empty. Answers how many there were. */
  emptyBucket(bucket: string): Promise<number>;
}

/**
 * IAM: dynamodb:DescribeTable, dynamodb:UpdateItem and dynamodb:DeleteItem on the pipelines table,
 * s3:ListBucket, s3:ListBucketVersions, s3:DeleteObject and s3:DeleteObjectVersion on both buckets.
 */
export function createStageResources(clients: Clients, settings: Settings): StageResources {
  const { documents, s3 } = clients;
  const { pipelinesTable: TableName } = settings;
  const { deleteConfigRecord } = createStageInputs(clients, {
    pipelinesTable: TableName,
    codeBucket: settings.consumers.codeBucket,
  });
  return {
    isDeployed: () =>
      ask('dynamodb:DescribeTable', documents.send(new DescribeTableCommand({ TableName })), () => true, {
        ResourceNotFoundException: () => false,
      }),

    discardOnDelete: (pipelineId) =>
      ask(
        'dynamodb:UpdateItem',
        documents.send(
          new UpdateCommand({
            TableName,
            Key: { pipelineId },
            UpdateExpression: 'SET onDelete = :discard',
            ConditionExpression: 'attribute_exists(pipelineId)',
            ExpressionAttributeValues: { ':discard': 'discard' },
          }),
        ),
        () => undefined,
        { ConditionalCheckFailedException: () => undefined },
      ),

    deleteConfigRecord,

    countSalvage: () => countSalvage(s3, settings.salvageBucket),
    emptyBucket: (bucket) => emptyBucket(s3, bucket),
  };
}

async function countSalvage(s3: S3Client, Bucket: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let ContinuationToken: string | undefined;
  do {
    const page = await ask<ListObjectsV2CommandOutput, ListObjectsV2CommandOutput | undefined>(
      's3:ListBucket',
      s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'salvage/', ContinuationToken })),
      (output) => output,
      { NoSuchBucket: () => undefined },
    );
    for (const { Key = '' } of page?.Contents ?? []) {
      // Written as salvage-store.ts does; anything else under the prefix counts as one task.
      const [, pipelineId = Key, lines = '1'] = /^salvage\/([^/]+)\/.*?(?:-(\d+)\.jsonl)?$/.exec(Key) ?? [];
      counts.set(pipelineId, (counts.get(pipelineId) ?? 0) + Number(lines));
    }
    ContinuationToken = page?.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return counts;
}

async function emptyBucket(s3: S3Client, Bucket: string): Promise<number> {
  let deleted = 0;
  for (;;) {
    // Always the first page: what was on it is gone the next time.
    const page = await ask<ListObjectVersionsCommandOutput, ListObjectVersionsCommandOutput | undefined>(
      's3:ListBucketVersions',
      s3.send(new ListObjectVersionsCommand({ Bucket })),
      (output) => output,
      { NoSuchBucket: () => undefined },
    );
    const all = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])];
    const Objects = all.map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return deleted;
    const refused: DeleteError[] = await ask(
      's3:DeleteObject',
      s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } })),
      (output) => output.Errors ?? [],
    );
    const [first] = refused;
    if (first)
      throw new Error(`${Bucket}/${first.Key} could not be deleted: ${first.Code}: ${first.Message}`);
    deleted += Objects.length;
  }
}
