import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPorts, readSettings } from '../../../aws/environment.ts';
import type { Ports } from '../../../aws/ports.ts';
import { LEAST, LIFECYCLE_ARN } from './environment.ts';
import type { FakeAws } from './fake-aws.ts';
import { code, consumer, mapping, permit, queue, startFakeStage } from './fake-stage.ts';

let aws: FakeAws;
let ports: Ports;
beforeEach(async () => {
  ({ aws, ports } = await startFakeStage());
});
afterEach(() => aws.stop());

describe('what is asked of AWS', () => {
  it('creates a queue with everything in one call: attributes, encryption, tags', async () => {
    await ports.queues.create(queue);
    expect(aws.seen[0]?.body).toEqual({
      QueueName: 'q',
      Attributes: {
        VisibilityTimeout: '30',
        MessageRetentionPeriod: '60',
        RedrivePolicy: '{"deadLetterTargetArn":"arn:dlq","maxReceiveCount":50}',
        SqsManagedSseEnabled: 'true',
      },
      tags: { a: 'b' },
    });
  });

  it('creates a function with everything in one call, outside of a VPC unless subnets are given', async () => {
    await ports.functions.create(consumer, code, permit);
    expect(aws.seen[0]?.body).toEqual({
      FunctionName: 'f',
      PackageType: 'Zip',
      Code: { S3Bucket: LEAST.CODE_BUCKET, S3Key: 'consumer.zip', S3ObjectVersion: 'v1' },
      Architectures: ['arm64'],
      Publish: false,
      Role: 'arn:role',
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: 30,
      MemorySize: 256,
      Environment: { Variables: { A: 'b' } },
      Layers: ['arn:layer'],
      TracingConfig: { Mode: 'PassThrough' },
      LoggingConfig: { LogGroup: '/g', LogFormat: 'Text' },
      Tags: { c: 'd' },
    });
    await ports.functions.create({ ...consumer, subnetIds: ['s'], securityGroupIds: ['g'] }, code, permit);
    expect(aws.seen[1]?.body).toMatchObject({ VpcConfig: { SubnetIds: ['s'], SecurityGroupIds: ['g'] } });
  });

  it('takes a function out of its VPC when no subnets are given any more', async () => {
    await ports.functions.configure(consumer, permit);
    expect(aws.seen[0]?.body).toMatchObject({ VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } });
  });

  it('creates a mapping with everything in one call, and reports failures task by task', async () => {
    await ports.mappings.create(mapping, permit);
    expect(aws.seen[0]?.body).toEqual({
      FunctionName: 'f',
      EventSourceArn: 'arn:q',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      Enabled: true,
      ScalingConfig: { MaximumConcurrency: 5 },
      BatchSize: 1,
      MaximumBatchingWindowInSeconds: 0,
      Tags: { e: 'f' },
    });
  });

  it('changes of a mapping what is named and nothing else', async () => {
    await ports.mappings.change('id', { enabled: false }, permit);
    expect(aws.seen[0]?.body).toEqual({ Enabled: false });
  });

  it('starts an execution with its input as JSON', async () => {
    await ports.executions.start('n', { pipelineId: 'a', verify: true, reason: 'why' });
    expect(aws.seen[0]?.body).toEqual({
      stateMachineArn: LIFECYCLE_ARN,
      name: 'n',
      input: '{"pipelineId":"a","verify":true,"reason":"why"}',
    });
  });

  it('starts no execution without a machine to start', async () => {
    const without = createPorts(readSettings(LEAST), aws.clients);
    await expect(
      without.executions.start('n', { pipelineId: 'a', verify: true, reason: '' }),
    ).rejects.toThrow('LIFECYCLE_ARN is not set');
    expect(aws.seen).toEqual([]);
  });
});
