/** That health can be read from the log of an emulator: what the runtime writes comes there, all of it. */

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateEventSourceMappingCommand, CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../aws/clock.ts';
import { createHealthLines } from '../../aws/health-lines.ts';
import { readJsonLines } from '../../aws/log-lines.ts';
import type { HealthReports } from '../../aws/ports.ts';
import { createTaskQueues } from '../../aws/task-queues.ts';
import { CONSUMER_ENVIRONMENT, CONSUMER_HANDLER } from '../../core/consumer-code.ts';
import { pipelineNames } from '../../core/names.ts';
import type { HealthSample } from '../../core/release/health.ts';
import { type Emulator, startEmulator } from '../../lab/local-stage/emulator.ts';
import { sdkClients } from './hand-made-pipelines.ts';
import { eventually } from './stage/eventually.ts';
import { consumerZip } from './stage/shared-stage.ts';

const STAGE = 'test';
const LOG_GROUP = '/sluice/test/consumers';
const ATTEMPTS = 2;

let emulator: Emulator;
let clients: ReturnType<typeof sdkClients>;
let logs: CloudWatchLogsClient;
let health: HealthReports;
beforeAll(async () => {
  emulator = await startEmulator({ name: 'health' });
  clients = sdkClients(emulator);
  const { endpoint, region, accessKeyId, secretAccessKey } = emulator;
  logs = new CloudWatchLogsClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  await logs.send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
  const queues = createTaskQueues(clients.sqs, { consumerRoleArn: '', callMs: 10_000 });
  health = createHealthLines({ logs, queues, logGroup: LOG_GROUP, stage: STAGE, clock: systemClock });
}, 60_000);
afterAll(() => emulator.stop());

/** A pipeline as the lifecycle would make it, as far as it matters here. @returns the queue's url */
async function createPipeline(pipelineId: string, environment: Record<string, string> = {}) {
  const { lambda, sqs } = clients;
  const names = pipelineNames(STAGE, pipelineId);
  const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
  await sqs.send(new CreateQueueCommand({ QueueName: names.deadLetterQueue }));
  const redrive = { deadLetterTargetArn: queueArn(names.deadLetterQueue), maxReceiveCount: ATTEMPTS };
  const Attributes = { VisibilityTimeout: '1', RedrivePolicy: JSON.stringify(redrive) };
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: names.queue, Attributes }));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: names.function,
      Runtime: 'nodejs24.x',
      Role: 'arn:aws:iam::000000000000:role/any',
      Handler: CONSUMER_HANDLER,
      Timeout: 10,
      Code: { ZipFile: await consumerZip('first') },
      Environment: { Variables: { [CONSUMER_ENVIRONMENT.pipelineId]: pipelineId, ...environment } },
      LoggingConfig: { LogGroup: LOG_GROUP },
    }),
  );
  await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: names.function,
      EventSourceArn: queueArn(names.queue),
      BatchSize: 4,
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    }),
  );
  return QueueUrl;
}

async function send(QueueUrl: string, bodies: readonly string[]) {
  const Entries = bodies.map((MessageBody, at) => ({ Id: `t${at}`, MessageBody }));
  await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
}

function sumOf(samples: readonly HealthSample[] = []) {
  const sum = (pick: (sample: HealthSample) => number) => samples.reduce((all, one) => all + pick(one), 0);
  return {
    received: sum(({ received }) => received),
    done: sum(({ done }) => done),
    errors: sum(({ errors }) => errors),
    deadLetters: samples.at(-1)?.deadLetters,
  };
}

const healthNow = async (pipelineId: string, sinceMs: number) =>
  sumOf((await health.read([pipelineId], sinceMs, Date.now())).get(pipelineId));

describe('the log of an emulator', () => {
  it('has every attempt of every task of each pipeline, and the queues have the dead letters', async () => {
    const sinceMs = Date.now();
    const [good, bad] = [await createPipeline('good'), await createPipeline('bad')];
    const task = (document: number) => JSON.stringify({ document });
    for (const tens of [0, 10, 20]) {
      await send(
        good,
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((ones) => task(tens + ones)),
      );
    }
    // The body of one is no JSON, which is seen at once, and the handler falls over the other.
    await send(bad, [task(1), '{', 'null']);
    expect(
      await eventually(
        () => healthNow('bad', sinceMs),
        ({ deadLetters }) => deadLetters === 2,
        'the tasks that fail are dead letters',
      ),
    ).toEqual({ received: 1 + 1 + ATTEMPTS, done: 1, errors: 0, deadLetters: 2 });
    expect(
      await eventually(
        () => healthNow('good', sinceMs),
        ({ done }) => done >= 30,
        '30 tasks are done',
      ),
    ).toEqual({ received: 30, done: 30, errors: 0, deadLetters: 0 });
    expect(await healthNow('good', Date.now() - 1)).toMatchObject({ received: 0 });
  }, 60_000);

  it('has the calls that failed before their tasks', async () => {
    const sinceMs = Date.now();
    await send(await createPipeline('dangling', { KEY: 'ssm:/not/there' }), ['{}']);
    expect(
      await eventually(
        () => healthNow('dangling', sinceMs),
        ({ deadLetters }) => deadLetters === 1,
        'the task is a dead letter',
      ),
    ).toEqual({ received: 0, done: 0, errors: ATTEMPTS, deadLetters: 1 });
  }, 60_000);

  it('is read to its end, though a page of it names no next one', async () => {
    const group = { logGroupName: '/long', logStreamName: 'all' };
    await logs.send(new CreateLogGroupCommand({ logGroupName: group.logGroupName }));
    await logs.send(new CreateLogStreamCommand(group));
    const startMs = Date.now();
    for (const first of [0, 9_000, 18_000]) {
      const logEvents = Array.from({ length: 9_000 }, (_, at) => ({
        timestamp: startMs + Math.floor((first + at) / 7),
        message: JSON.stringify({ sluice: first + at }),
      }));
      await logs.send(new PutLogEventsCommand({ ...group, logEvents }));
    }
    const read = (more: object) => readJsonLines(logs, { logGroup: '/long', fromMs: startMs, ...more });
    const all = await read({ pattern: 'sluice' });
    expect(all.map(({ sluice }) => sluice)).toEqual(Array.from({ length: 27_000 }, (_, at) => at));
    expect(await read({ toMs: startMs + 1 })).toHaveLength(14);
    expect(await read({ pattern: 'nothing' })).toEqual([]);
  }, 60_000);
});
