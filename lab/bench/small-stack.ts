/** What people do today: a small stack for each group, with the resources that a pipeline has. */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONSUMER_HANDLER } from '../../core/consumer-code.ts';

export const SMALL_SERVICE = 'small-stack';

export interface SmallStack {
  readonly folder: string;
  /** The template as the framework deployed it last. */
  template(): Promise<string>;
  delete(): Promise<void>;
}

/**
 * Writes the stack's folder. It is as quick as such a stack can be: the code is a zip already, no log group, no
 * version, a direct deployment.
 * @param zip path of the consumer's code, the same that pipelines run
 * @param bucket where the code is uploaded to; without it each stack makes a bucket of its own, as is the default
 */
export async function writeSmallStack(zip: string, bucket?: string): Promise<SmallStack> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  await copyFile(zip, join(folder, 'consumer.zip'));
  await writeFile(join(folder, 'serverless.yml'), smallStackYaml(bucket));
  return {
    folder,
    template: () =>
      readFile(join(folder, '.serverless', 'cloudformation-template-update-stack.json'), 'utf8'),
    delete: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** The stage is the group's name. */
export function smallStackYaml(bucket?: string): string {
  const deploymentBucket = bucket === undefined ? '' : `\n  deploymentBucket: ${bucket}`;
  return `service: ${SMALL_SERVICE}
frameworkVersion: '4'

provider:
  name: aws
  runtime: nodejs24.x
  architecture: arm64
  deploymentMethod: direct
  versionFunctions: false${deploymentBucket}
  iam:
    role:
      name: group-\${sls:stage}

package:
  artifact: consumer.zip

functions:
  consumer:
    name: group-\${sls:stage}
    handler: ${CONSUMER_HANDLER}
    memorySize: 256
    timeout: 30
    disableLogs: true
    environment:
      SLUICE_PIPELINE_ID: \${sls:stage}
    events:
      - sqs:
          arn: !GetAtt Queue.Arn
          batchSize: 1
          maximumConcurrency: 2
          functionResponseType: ReportBatchItemFailures

resources:
  Resources:
    DeadLetterQueue:
      Type: AWS::SQS::Queue
      Properties:
        QueueName: group-\${sls:stage}-dlq
        MessageRetentionPeriod: 1209600
    Queue:
      Type: AWS::SQS::Queue
      Properties:
        QueueName: group-\${sls:stage}
        VisibilityTimeout: 180
        MessageRetentionPeriod: 1209600
        RedrivePolicy:
          deadLetterTargetArn: !GetAtt DeadLetterQueue.Arn
          maxReceiveCount: 50
`;
}

/** The same stack for another group. Where its code is stays as it is. */
export function renameGroup(template: string, from: string, to: string): string {
  return template.replaceAll(`group-${from}`, `group-${to}`);
}
