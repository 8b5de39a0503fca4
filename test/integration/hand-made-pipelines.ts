/** Hand-made pipelines for tests of the emulator itself: a function, a queue and a mapping, and task stamps. */

import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Connection } from '../../aws/clients.ts';
import { zipOfOne } from './zip-of-one.ts';

export function sdkClients({ endpoint, region, accessKeyId, secretAccessKey }: Connection) {
  const options = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  return {
    dynamodb: new DynamoDBClient(options),
    lambda: new LambdaClient(options),
    sqs: new SQSClient(options),
  };
}

/** A function with this body; `event`, `context`, `sleep(ms)` and `stamp(file, data)` are at hand. */
export async function createFunction(lambda: LambdaClient, name: string, body: string): Promise<void> {
  const code =
    `import { appendFileSync } from 'node:fs';\n` +
    `const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));\n` +
    `const stamp = (file, data) => appendFileSync(file, JSON.stringify(data) + '\\n');\n` +
    `export const handler = async (event, context) => { ${body} };\n`;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs24.x',
      Role: 'arn:aws:iam::000000000000:role/any',
      Handler: 'index.handler',
      Timeout: 30,
      Code: { ZipFile: zipOfOne('index.mjs', code) },
    }),
  );
}

/** @returns the payload, or throws with it if the function did */
export async function invoke(lambda: LambdaClient, name: string, payload: unknown = {}): Promise<string> {
  const command = new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) });
  const { Payload, FunctionError } = await lambda.send(command);
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(text);
  return text;
}

export interface TaskStamp {
  readonly startMs: number;
  readonly endMs: number;
}

/** A queue and a function that takes `taskMs` a task and stamps each into `file`. @returns the queue's URL */
export async function createPipeline(
  { lambda, sqs }: Pick<ReturnType<typeof sdkClients>, 'lambda' | 'sqs'>,
  pipeline: { readonly name: string; readonly limit: number; readonly taskMs: number; readonly file: string },
): Promise<string> {
  const { name, limit, taskMs, file } = pipeline;
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '60' } }),
  );
  await createFunction(
    lambda,
    name,
    `const startMs = Date.now(); await sleep(${taskMs}); ` +
      `stamp(${JSON.stringify(file)}, { startMs, endMs: Date.now() }); return { batchItemFailures: [] };`,
  );
  if (limit === 1) {
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 1 }),
    );
  }
  await lambda.send(mappingOf(name, Math.max(2, limit)));
  return QueueUrl;
}

/** A mapping from the queue to the function of the same name. */
export function mappingOf(name: string, maximumConcurrency: number): CreateEventSourceMappingCommand {
  return new CreateEventSourceMappingCommand({
    FunctionName: name,
    EventSourceArn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
    BatchSize: 1,
    ScalingConfig: { MaximumConcurrency: maximumConcurrency },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
}

/** Sends up to ten messages. */
export async function sendTasks(
  sqs: SQSClient,
  queueUrl: string,
  count: number,
  DelaySeconds = 0,
): Promise<void> {
  const Entries = Array.from({ length: count }, (_, index) => ({
    Id: `t${index}`,
    MessageBody: '{}',
    DelaySeconds,
  }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
}

/** Waits until so many tasks have stamped, oldest start first. */
export async function stamps(file: string, count: number, limitMs = 20_000): Promise<TaskStamp[]> {
  const endMs = Date.now() + limitMs;
  for (;;) {
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
    if (lines.length >= count) {
      return lines.map((line) => JSON.parse(line) as TaskStamp).sort((a, b) => a.startMs - b.startMs);
    }
    if (Date.now() > endMs) throw new Error(`${lines.length} of ${count} tasks after ${limitMs} ms: ${file}`);
    await sleep(20);
  }
}
