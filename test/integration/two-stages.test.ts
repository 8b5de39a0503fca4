import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Clients, createClients } from '../../aws/clients.ts';
import { createPorts, readSettings } from '../../aws/environment.ts';
import type { Ports } from '../../aws/ports.ts';
import { createStageInputs } from '../../aws/stage-inputs.ts';
import { pipelineNames } from '../../core/names.ts';
import type { Phase } from '../../core/status-record.ts';
import { deployStage, type Outputs, removeStage } from '../../lab/local-stage/deploy.ts';
import { type Emulator, startEmulator } from '../../lab/local-stage/emulator.ts';
import { zipOfOne } from './zip-of-one.ts';

const CODE = zipOfOne('index.js', 'exports.handler = async () => ({ batchItemFailures: [] });');
const MINUTE_MS = 60_000;

let emulator: Emulator;
let clients: Clients;
let one: Stage;
let two: Stage;

/** A deployed stage with the ports on it. */
interface Stage {
  readonly stage: string;
  readonly ports: Ports;
  put(record: { readonly pipelineId: string; readonly [field: string]: unknown }): Promise<void>;
}

async function makeStage(stage: string): Promise<Stage> {
  const outputs: Outputs = await deployStage({ connection: emulator, stage });
  const inputs = createStageInputs(clients, {
    pipelinesTable: outputs.PipelinesTable ?? '',
    codeBucket: outputs.CodeBucket ?? '',
  });
  await inputs.uploadCode('consumer.zip', CODE);
  const settings = readSettings({
    SLUICE_STAGE: stage,
    PIPELINES_TABLE: outputs.PipelinesTable,
    STATUS_TABLE: outputs.StatusTable,
    LEDGERS_TABLE: outputs.LedgersTable,
    CODE_BUCKET: outputs.CodeBucket,
    SALVAGE_BUCKET: outputs.SalvageBucket,
    CONSUMER_ROLE_ARN: `arn:aws:iam::${emulator.accessKeyId}:role/sluice-${stage}-consumer`,
    CONSUMER_LOG_GROUP: `/sluice/${stage}/consumers`,
  });
  return { stage, ports: createPorts(settings, clients), put: (record) => inputs.putConfigRecord(record) };
}

async function phaseOf({ ports }: Stage, pipelineId: string, wanted: Phase): Promise<void> {
  for (let round = 0; round < 120; round += 1) {
    const status = await ports.statuses.read(pipelineId);
    if (status?.phase === wanted && status.lease === undefined) return;
    await sleep(500);
  }
  expect((await ports.statuses.read(pipelineId))?.phase).toBe(wanted);
}

/** Names of everything in the account, of whatever kind. */
async function everything(): Promise<readonly string[]> {
  const { lambda, sqs, s3, sfn, documents } = clients;
  const [functions, mappings, queues, buckets, machines, tables] = await Promise.all([
    lambda.send(new ListFunctionsCommand({})),
    lambda.send(new ListEventSourceMappingsCommand({})),
    sqs.send(new ListQueuesCommand({})),
    s3.send(new ListBucketsCommand({})),
    sfn.send(new ListStateMachinesCommand({})),
    documents.send(new ListTablesCommand({})),
  ]);
  const names = [
    ...(functions.Functions ?? []).map(({ FunctionName }) => FunctionName),
    ...(mappings.EventSourceMappings ?? []).map(({ FunctionArn }) => FunctionArn),
    ...(queues.QueueUrls ?? []),
    ...(buckets.Buckets ?? []).map(({ Name }) => Name),
    ...(machines.stateMachines ?? []).map(({ name }) => name),
    ...(tables.TableNames ?? []),
  ];
  return names.map((name) => name ?? '');
}

const of = (stage: string) => (name: string) => new RegExp(`sluice-(pipe-)?${stage}-`).test(name);

beforeAll(async () => {
  emulator = await startEmulator({ name: 'two-stages' });
  clients = createClients({ callMs: 20_000, connection: emulator });
  one = await makeStage('one');
  two = await makeStage('two');
  for (const stage of [one, two]) {
    await stage.put({ pipelineId: 'works' });
    await stage.put({ pipelineId: 'rests', paused: true });
    await phaseOf(stage, 'works', 'Active');
    await phaseOf(stage, 'rests', 'Paused');
  }
}, 5 * MINUTE_MS);

afterAll(() => emulator?.stop());

describe('two stages in one account', () => {
  it('have pipelines of the same ids, each its own', async () => {
    const names = await everything();
    for (const stage of ['one', 'two']) {
      for (const pipelineId of ['works', 'rests']) {
        const { queue } = pipelineNames(stage, pipelineId);
        expect(names.filter((name) => name.endsWith(`/${queue}`))).toHaveLength(1);
      }
    }
  });

  it(
    'a deploy over a live stage leaves its pipelines untouched',
    async () => {
      const look = async () => ({
        status: await two.ports.statuses.read('works'),
        queue: await two.ports.queues.tags(
          (await two.ports.queues.find(pipelineNames('two', 'works').queue)) ?? '',
        ),
        consumer: await two.ports.functions.read(pipelineNames('two', 'works').function),
        table: (await clients.documents.send(new DescribeTableCommand({ TableName: 'sluice-two-pipelines' })))
          .Table?.CreationDateTime,
      });
      const before = await look();
      await deployStage({ connection: emulator, stage: 'two', args: ['--force'] });
      expect(await look()).toEqual(before);
    },
    3 * MINUTE_MS,
  );
});

describe('sls remove', () => {
  it(
    'refuses while tasks remain, says where and how many, and changes nothing',
    async () => {
      const url = (await one.ports.queues.find(pipelineNames('one', 'rests').queue)) ?? '';
      await one.ports.queues.send(url, [
        { id: '0', body: '{"document":1}' },
        { id: '1', body: '{"document":2}', delaySeconds: 600 },
      ]);
      const before = await everything();
      await expect(removeStage({ connection: emulator, stage: 'one' })).rejects.toThrow(
        /rests: 2 tasks in its queue/,
      );
      expect(await everything()).toEqual(before);
      expect(await one.ports.configs.read('works')).toBeDefined();
    },
    3 * MINUTE_MS,
  );

  it(
    'told to discard leaves nothing of its stage, and all of the other',
    async () => {
      const others = (await everything()).filter(of('two'));
      await removeStage({ connection: emulator, stage: 'one', discard: true });
      const left = await everything();
      expect(left.filter(of('one'))).toEqual([]);
      expect(left.filter(of('two'))).toEqual(others);
    },
    5 * MINUTE_MS,
  );

  it(
    'without a task in the way needs no --discard, and leaves nothing either',
    async () => {
      await removeStage({ connection: emulator, stage: 'two' });
      expect(await everything()).toEqual([]);
    },
    5 * MINUTE_MS,
  );
});
