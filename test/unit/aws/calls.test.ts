import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createPorts, readSettings } from '../../../aws/environment.ts';
import type { Permit, Ports, SalvagedMessage } from '../../../aws/ports.ts';
import type { FunctionSpec, MappingSpec, QueueSpec } from '../../../core/lifecycle/target.ts';
import { newStatus } from '../../../core/status-record.ts';
import { type FakeAws, startFakeAws } from './fake-aws.ts';

let aws: FakeAws;
let ports: Ports;
beforeAll(async () => {
  aws = await startFakeAws();
  ports = createPorts(
    readSettings({
      SLUICE_STAGE: 'dev',
      PIPELINES_TABLE: 'pipelines',
      STATUS_TABLE: 'status',
      LEDGERS_TABLE: 'ledgers',
      CODE_BUCKET: 'code',
      SALVAGE_BUCKET: 'salvage',
      LIFECYCLE_ARN: 'arn:aws:states:eu-west-1:111122223333:stateMachine:m',
      CONSUMER_ROLE_ARN: 'arn:aws:iam::111122223333:role/r',
      CONSUMER_LOG_GROUP: '/g',
    }),
    aws.clients,
  );
});
afterAll(() => aws.stop());
afterEach(() => {
  (aws.seen as unknown[]).length = 0;
  aws.replyWith();
});

const permit: Permit = { lane: 'edit', startMs: 0 };
const url = 'http://127.0.0.1/111122223333/q';
const code = { key: 'consumer.zip', version: 'v1' };
const salvaged: SalvagedMessage = {
  messageId: 'm',
  from: 'queue',
  body: 'b',
  attributes: {},
  receiveCount: 1,
  sentAtMs: 0,
};
const queue: QueueSpec = {
  name: 'q',
  visibilityTimeoutSeconds: 30,
  messageRetentionSeconds: 60,
  redrive: { deadLetterQueueArn: 'arn:dlq', maxReceiveCount: 50 },
  tags: { a: 'b' },
};
const consumer: FunctionSpec = {
  name: 'f',
  roleArn: 'arn:role',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  architecture: 'arm64',
  timeoutSeconds: 30,
  memoryMb: 256,
  environment: { A: 'b' },
  layers: ['arn:layer'],
  subnetIds: [],
  securityGroupIds: [],
  tracing: false,
  logGroup: '/g',
  tags: { c: 'd' },
};
const mapping: MappingSpec = {
  functionName: 'f',
  queueArn: 'arn:q',
  enabled: true,
  maximumConcurrency: 5,
  batchSize: 1,
  batchWindowSeconds: 0,
  partialFailures: true,
  tags: { e: 'f' },
};

describe('one method is one call', () => {
  it.each<[string, () => Promise<unknown>, string[]]>([
    ['configs.read', () => ports.configs.read('a'), ['GetItem']],
    ['configs.page', () => ports.configs.page(undefined, 10), ['Scan']],
    ['statuses.read', () => ports.statuses.read('a'), ['GetItem']],
    ['statuses.write', () => ports.statuses.write(newStatus('a', '')), ['PutItem']],
    ['statuses.page', () => ports.statuses.page('a', 10), ['Scan']],
    ['ledgers.read', () => ports.ledgers.read('a'), ['GetItem']],
    ['ledgers.write', () => ports.ledgers.write('a', 1, 0), ['PutItem']],
    ['queues.find', () => ports.queues.find('q'), ['GetQueueUrl']],
    ['queues.create', () => ports.queues.create(queue), ['CreateQueue']],
    ['queues.tags', () => ports.queues.tags(url), ['ListQueueTags']],
    ['queues.read', () => ports.queues.read(url), ['GetQueueAttributes']],
    [
      'queues.change',
      () => ports.queues.change(url, { visibilityTimeoutSeconds: 1, messageRetentionSeconds: 60 }),
      ['SetQueueAttributes'],
    ],
    [
      'queues.change closed',
      () => ports.queues.change(url, { closed: true }),
      ['GetQueueAttributes', 'SetQueueAttributes'],
    ],
    ['queues.delete', () => ports.queues.delete(url), ['DeleteQueue']],
    ['queues.receive', () => ports.queues.receive(url, 30), ['ReceiveMessage']],
    ['queues.deleteMessages', () => ports.queues.deleteMessages(url, ['r']), ['DeleteMessageBatch']],
    ['queues.send', () => ports.queues.send(url, [{ id: 'a', body: 'b' }]), ['SendMessageBatch']],
    ['queues.page', () => ports.queues.page('q', undefined), ['ListQueues']],
    ['queues.cancelRedrives', () => ports.queues.cancelRedrives('arn:q'), ['ListMessageMoveTasks']],
    ['functions.read', () => ports.functions.read('f'), ['GET /2015-03-31/functions/f']],
    [
      'functions.create',
      () => ports.functions.create(consumer, code, permit),
      ['POST /2015-03-31/functions'],
    ],
    [
      'functions.configure',
      () => ports.functions.configure(consumer, permit),
      ['PUT /2015-03-31/functions/f/configuration'],
    ],
    [
      'functions.updateCode',
      () => ports.functions.updateCode(consumer, code, permit),
      ['PUT /2015-03-31/functions/f/code'],
    ],
    [
      'functions.reserveOne',
      () => ports.functions.reserveOne('f', permit),
      ['PUT /2017-10-31/functions/f/concurrency'],
    ],
    [
      'functions.releaseReservation',
      () => ports.functions.releaseReservation('f', permit),
      ['DELETE /2017-10-31/functions/f/concurrency'],
    ],
    ['functions.delete', () => ports.functions.delete('f', permit), ['DELETE /2015-03-31/functions/f']],
    [
      'functions.page',
      () => ports.functions.page(undefined, permit),
      ['GET /2015-03-31/functions?MaxItems=50'],
    ],
    [
      'mappings.create',
      () => ports.mappings.create(mapping, permit),
      ['POST /2015-03-31/event-source-mappings'],
    ],
    ['mappings.read', () => ports.mappings.read('id', permit), ['GET /2015-03-31/event-source-mappings/id']],
    [
      'mappings.find',
      () => ports.mappings.find('f', 'arn:q', permit),
      ['GET /2015-03-31/event-source-mappings?EventSourceArn=arn%3Aq&FunctionName=f'],
    ],
    [
      'mappings.change',
      () => ports.mappings.change('id', { enabled: false }, permit),
      ['PUT /2015-03-31/event-source-mappings/id'],
    ],
    [
      'mappings.delete',
      () => ports.mappings.delete('id', permit),
      ['DELETE /2015-03-31/event-source-mappings/id'],
    ],
    [
      'mappings.page',
      () => ports.mappings.page('m', permit),
      ['GET /2015-03-31/event-source-mappings?Marker=m&MaxItems=100'],
    ],
    ['account.read', () => ports.account.read(permit), ['GET /2016-08-19/account-settings']],
    ['code.head', () => ports.code.head('k', 'v'), ['HEAD /code/k?versionId=v']],
    [
      'salvage.write',
      () => ports.salvage.write('a', 'p', [salvaged]),
      ['PUT /salvage/salvage/a/p-1.jsonl?x-id=PutObject'],
    ],
    ['salvage.read', () => ports.salvage.read('k'), ['GET /salvage/k?x-id=GetObject']],
    ['salvage.delete', () => ports.salvage.delete('k'), ['DELETE /salvage/k?x-id=DeleteObject']],
    [
      'executions.start',
      () => ports.executions.start('n', { pipelineId: 'a', verify: false, reason: '' }),
      ['StartExecution'],
    ],
  ])('%s', async (name, act, calls) => {
    if (name === 'salvage.read') aws.replyWith({ body: '' });
    if (name === 'functions.delete') aws.replyWith({ status: 204 });
    await act();
    expect(aws.seen.map(({ call }) => call)).toEqual(calls);
  });

  it('salvage.page', async () => {
    aws.replyWith({ body: '<ListBucketResult></ListBucketResult>' });
    await ports.salvage.page('a', undefined);
    expect(aws.seen.map(({ call }) => call)).toEqual(['GET /salvage/?list-type=2&prefix=salvage%2Fa%2F']);
  });

  it('cancelRedrives makes one more for each redrive that runs', async () => {
    aws.replyWith({
      body: {
        Results: [
          { Status: 'RUNNING', TaskHandle: 'one' },
          { Status: 'COMPLETED' },
          { Status: 'RUNNING', TaskHandle: 'two' },
        ],
      },
    });
    await ports.queues.cancelRedrives('arn:q');
    expect(aws.seen).toEqual([
      { call: 'ListMessageMoveTasks', body: { SourceArn: 'arn:q', MaxResults: 10 } },
      { call: 'CancelMessageMoveTask', body: { TaskHandle: 'one' } },
      { call: 'CancelMessageMoveTask', body: { TaskHandle: 'two' } },
    ]);
  });
});

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
      Code: { S3Bucket: 'code', S3Key: 'consumer.zip', S3ObjectVersion: 'v1' },
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
      stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:m',
      name: 'n',
      input: '{"pipelineId":"a","verify":true,"reason":"why"}',
    });
  });

  it('starts no execution without a machine to start', async () => {
    const settings = { ...readSettingsWithoutMachine() };
    const without = createPorts(settings, aws.clients);
    await expect(
      without.executions.start('n', { pipelineId: 'a', verify: true, reason: '' }),
    ).rejects.toThrow('LIFECYCLE_ARN is not set');
    expect(aws.seen).toEqual([]);
  });
});

function readSettingsWithoutMachine() {
  return readSettings({
    SLUICE_STAGE: 'dev',
    PIPELINES_TABLE: 'pipelines',
    STATUS_TABLE: 'status',
    LEDGERS_TABLE: 'ledgers',
    CODE_BUCKET: 'code',
    SALVAGE_BUCKET: 'salvage',
    CONSUMER_ROLE_ARN: 'arn:aws:iam::111122223333:role/r',
    CONSUMER_LOG_GROUP: '/g',
  });
}
