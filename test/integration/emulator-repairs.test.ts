/** What the product relies on in the emulator and what lab/local-stage/patches.py repairs there. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  InvokeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulator, startEmulator } from '../../lab/local-stage/emulator.ts';
import {
  createFunction,
  createPipeline,
  invoke,
  mappingOf,
  sdkClients,
  sendTasks,
  stamps,
  type TaskStamp,
} from './hand-made-pipelines.ts';

/** More than are read in a quarter of a second. */
const LINES = 500_000;

let emulator: Emulator;
let clients: ReturnType<typeof sdkClients>;

beforeAll(async () => {
  emulator = await startEmulator({ name: 'test-repairs' });
  clients = sdkClients(emulator);
}, 60_000);
afterAll(() => emulator.stop());

const fileFor = (name: string) => join(emulator.temporaryFolder, `${name}.jsonl`);

describe('pipelines side by side', () => {
  it('each run exactly at their limit, and the next task starts soon after one ends', async () => {
    const limits = { A: 2, B: 1, C: 3 };
    const taskMs = 300;
    const groups = Object.entries(limits).map(([name, limit]) => ({ name, limit, file: fileFor(name) }));
    const queues = await Promise.all(groups.map((group) => createPipeline(clients, { ...group, taskMs })));
    await Promise.all(queues.map((url) => sendTasks(clients.sqs, url, 10)));

    for (const { name, limit, file } of groups) {
      const tasks = await stamps(file, 10);
      expect([name, peakOf(tasks)]).toEqual([name, limit]);
      const gaps = gapsOf(tasks, limit).sort((a, b) => a - b);
      expect(gaps[Math.floor(gaps.length / 2)]).toBeLessThan(80);
    }
  }, 60_000);
});

describe('a function', () => {
  it('runs a task to its end while it is updated', async () => {
    const file = fileFor('updated');
    const stamp = `stamp(${JSON.stringify(file)}, { startMs: Date.now(), endMs: 0 });`;
    await createFunction(
      clients.lambda,
      'updated',
      `${stamp} await sleep(1000); return process.env.NEW ?? 'old';`,
    );
    const running = invoke(clients.lambda, 'updated');
    await stamps(file, 1);
    await clients.lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: 'updated',
        Environment: { Variables: { NEW: 'new' } },
      }),
    );
    expect(await running).toBe('"old"');
    expect(await invoke(clients.lambda, 'updated')).toBe('"new"');
  }, 30_000);

  it('tells the name of the error that it threw', async () => {
    await createFunction(
      clients.lambda,
      'throws',
      `throw Object.assign(new Error('too much'), { name: 'QuotaError' });`,
    );
    await expect(invoke(clients.lambda, 'throws')).rejects.toThrow('"errorType": "QuotaError"');
  });

  it('has every line of a call in its log and none of another, however long the log and slow its reader', async () => {
    const write = `for (let at = 1; at <= event.lines; at += 1) console.log(event.name + ' ' + at);`;
    await createFunction(clients.lambda, 'writes', write);
    for (const call of [
      { name: 'long', lines: LINES },
      { name: 'short', lines: 1 },
    ]) {
      const { LogResult = '' } = await clients.lambda.send(
        new InvokeCommand({ FunctionName: 'writes', Payload: JSON.stringify(call), LogType: 'Tail' }),
      );
      const lines = Buffer.from(LogResult, 'base64').toString().trimEnd().split('\n');
      expect(lines.at(-1)).toBe(`${call.name} ${call.lines}`);
      // The first of so many is cut off.
      expect(lines.slice(call.lines === 1 ? 0 : 1).filter((line) => !line.startsWith(call.name))).toEqual([]);
    }
  }, 60_000);

  it('that writes nothing answers as soon as one that does', async () => {
    await createFunction(clients.lambda, 'silent', 'return 1;');
    await createFunction(clients.lambda, 'talks', `console.log('called'); return 1;`);
    const took = { silent: [] as number[], talks: [] as number[] };
    for (let round = 0; round < 20; round += 1) {
      for (const name of ['silent', 'talks'] as const) {
        const beganMs = performance.now();
        await invoke(clients.lambda, name);
        took[name].push(performance.now() - beganMs);
      }
    }
    const [silent, talks] = [Math.min(...took.silent), Math.min(...took.talks)];
    // Without the repair it waits 50 ms for a line.
    expect(silent - talks).toBeLessThan(30);
  }, 30_000);
});

describe('a mapping', () => {
  it('is refused where the queue already has one to the function, and the first is named', async () => {
    await createPipeline(clients, { name: 'once', limit: 2, taskMs: 1, file: fileFor('once') });
    await expect(clients.lambda.send(mappingOf('once', 2))).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: expect.stringMatching(/existing mapping with UUID [0-9a-f-]{36}$/),
    });
  });

  it('hands over a message soon after it is due, whatever its delay', async () => {
    const file = fileFor('due');
    const queue = await createPipeline(clients, { name: 'due', limit: 5, taskMs: 1, file });
    await sendTasks(clients.sqs, queue, 1);
    await stamps(file, 1);
    const sentMs: number[] = [];
    // No two are due at the same fraction of a second.
    for (let at = 0; at < 5; at += 1) {
      sentMs.push(Date.now());
      await sendTasks(clients.sqs, queue, 1, 2);
      await sleep(170);
    }
    const starts = (await stamps(file, 6)).map(({ startMs }) => startMs).sort((a, b) => a - b);
    const late = sentMs.map((ms, at) => Number(starts[at + 1]) - ms - 2000).sort((a, b) => a - b);
    expect(late[2]).toBeLessThan(250);
  }, 30_000);

  it('of a stream holds up no queue while its function runs', async () => {
    const { dynamodb, lambda, sqs } = clients;
    const listening = fileFor('listening');
    await createFunction(
      lambda,
      'slow-listener',
      `stamp(${JSON.stringify(listening)}, { startMs: Date.now(), endMs: 0 }); await sleep(3000);`,
    );
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'records',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      }),
    );
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: 'records' }));
    await lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'slow-listener',
        EventSourceArn: Table?.LatestStreamArn,
        StartingPosition: 'TRIM_HORIZON',
      }),
    );
    const queue = await createPipeline(clients, {
      name: 'beside',
      limit: 2,
      taskMs: 1,
      file: fileFor('beside'),
    });
    await dynamodb.send(new PutItemCommand({ TableName: 'records', Item: { id: { S: '1' } } }));
    await stamps(listening, 1);
    await sleep(100);

    const sentMs = Date.now();
    await sendTasks(sqs, queue, 1);
    const [task] = await stamps(fileFor('beside'), 1);
    expect(Number(task?.startMs) - sentMs).toBeLessThan(1500);
  }, 30_000);
});

/** The most tasks that ran at one moment; one that starts as another ends does not overlap it. */
function peakOf(tasks: readonly TaskStamp[]): number {
  const changes = tasks.flatMap(({ startMs, endMs }) => [
    [startMs, 1],
    [endMs, -1],
  ]) as [number, number][];
  changes.sort(([a, up], [b, other]) => a - b || up - other);
  let running = 0;
  return Math.max(...changes.map(([, change]) => (running += change)));
}

/** Between the end of a task and the start of the one that took its place, milliseconds. */
function gapsOf(tasks: readonly TaskStamp[], limit: number): number[] {
  const ends = tasks.map(({ endMs }) => endMs).sort((a, b) => a - b);
  return tasks.slice(limit).map(({ startMs }, index) => startMs - Number(ends[index]));
}
