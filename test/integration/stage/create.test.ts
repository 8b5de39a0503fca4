import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ownerTags, pipelineNames } from '../../../core/names.ts';
import { type Live, live } from './live.ts';
import { sharedStage } from './shared-stage.ts';
import { documents, documentsOf, isSettled, type TestStage } from './test-stage.ts';

let stage: TestStage;
let made: Live;
beforeAll(async () => {
  stage = await sharedStage();
  // As the console writes what a person types: numbers, a map in a map.
  await stage.clients.documents.send(
    new PutItemCommand({
      TableName: stage.outputs.PipelinesTable,
      Item: {
        pipelineId: { S: 'typed' },
        concurrency: { N: '3' },
        timeoutSeconds: { N: '4' },
        memoryMb: { N: '192' },
        maxAttempts: { N: '2' },
        environment: { M: { COLOUR: { S: 'green' } } },
      },
    }),
  );
  await stage.until('typed', isSettled);
  made = await live(stage, 'typed');
}, 120_000);

describe('a record typed by hand becomes a pipeline', () => {
  const names = pipelineNames('test', 'typed');
  const tags = ownerTags('test', 'typed');

  it('Active, with what it is made of and of which code in its status', async () => {
    const status = await stage.statuses.read('typed');
    expect(status).toMatchObject({
      phase: 'Active',
      queueUrl: made.queue?.url,
      deadLetterQueueUrl: made.deadLetters?.url,
      functionName: names.function,
      eventSourceMappingId: made.mappings[0]?.id,
      codeKey: 'consumer.zip',
      codeVersion: (await stage.ports.code.head('consumer.zip'))?.version,
      configHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(status?.error).toBeUndefined();
  });

  it('a queue with its times, its redrive and its tags, open to all who may send', () => {
    expect(made.queue).toEqual({
      url: expect.stringContaining(`/${names.queue}`),
      arn: expect.stringMatching(new RegExp(`:${names.queue}$`)),
      visibilityTimeoutSeconds: 6 * 4,
      messageRetentionSeconds: 1_209_600,
      redrive: { deadLetterQueueArn: made.deadLetters?.arn, maxReceiveCount: 10 * 2 },
      closed: false,
      tags,
    });
  });

  it('a dead-letter queue that keeps its messages as long as SQS does', () => {
    expect(made.deadLetters).toMatchObject({ messageRetentionSeconds: 1_209_600, closed: false, tags });
    expect(made.deadLetters?.url).toMatch(new RegExp(`/${names.deadLetterQueue}$`));
    expect(made.deadLetters?.redrive).toBeUndefined();
  });

  it('a function with its settings, the shared role and the shared log group', () => {
    expect(made.consumer).toMatchObject({
      state: 'Active',
      timeoutSeconds: 4,
      memoryMb: 192,
      runtime: 'nodejs24.x',
      architecture: 'arm64',
      environment: {
        COLOUR: 'green',
        SLUICE_STAGE: 'test',
        SLUICE_PIPELINE_ID: 'typed',
        SLUICE_MAX_ATTEMPTS: '2',
        SLUICE_FLOW_TABLE: 'sluice-test-flow',
        SLUICE_HOLDS_TABLE: 'sluice-test-holds',
        SLUICE_LIMITS: expect.any(String),
      },
      logGroup: '/sluice/test/consumers',
      tags,
    });
    expect(made.consumer?.roleArn).toMatch(/:role\/sluice-test-consumer$/);
    expect(made.consumer?.reservedConcurrency).toBeUndefined();
  });

  it('one mapping with its limit, which takes a batch’s failures one by one', () => {
    expect(made.mappings).toEqual([
      {
        id: expect.any(String),
        functionName: names.function,
        queueArn: made.queue?.arn,
        state: 'Enabled',
        enabled: true,
        maximumConcurrency: 3,
        batchSize: 1,
        batchWindowSeconds: 0,
        partialFailures: true,
      },
    ]);
  });

  it('which works off what it is sent', async () => {
    const sinceMs = Date.now();
    await stage.sendTasks('typed', 5, { show: ['COLOUR'] });
    const done = await stage.done('typed', 5, sinceMs);
    expect(documentsOf(done)).toEqual(documents(5));
    expect(done.map(({ shown }) => shown.COLOUR)).toEqual(Array(5).fill('green'));
  });
});
