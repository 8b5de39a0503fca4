import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { BURST_INDEXES } from '../../aws/bursts.ts';
import { type Clients, type Connection, createClients } from '../../aws/clients.ts';
import { createConsumerBursts } from '../../aws/consumer-bursts.ts';
import { createPorts, readSettings } from '../../aws/environment.ts';
import { endKey } from '../../core/burst/place.ts';
import { OVER } from '../../core/burst/shard.ts';
import { connectionEnvironment } from '../../lab/connection-environment.ts';
import { startEmulator } from '../../lab/local-stage/emulator.ts';
import { ACCOUNT_CONCURRENCY, type Capabilities, type CodeKind, type PortWorld } from '../ports/world.ts';
import { zipOfOne } from './zip-of-one.ts';

/** The emulator answers at once where AWS takes its time, and refuses less. */
export const EMULATOR_CAPABILITIES: Capabilities = {
  delaysNewQueues: false,
  forgivesSecondDelete: false,
  blocksDeletedNames: false,
  refusesMissingCode: false,
  refusesWhileBusy: false,
  timesMappings: false,
  boundsReservations: false,
};

const ACCOUNT = '000000000000';

/** An emulator of its own with what a stage would have deployed, and the ports on it. */
export async function makeEmulatorWorld() {
  const emulator = await startEmulator({
    name: 'ports',
    accessKeyId: ACCOUNT,
    env: {
      LAMBDA_STATE_TRANSITION_SECONDS: '0.1',
      LAMBDA_ACCOUNT_CONCURRENCY: String(ACCOUNT_CONCURRENCY),
    },
  });
  try {
    const clients = createClients({ callMs: 20_000, connection: emulator });
    const { stateMachineArn, eventsUrl } = await deploy(clients);
    const leave = enterAsConsumer(emulator);
    const notes = createConsumerBursts('bursts');
    const { signal } = new AbortController();
    const settings = readSettings({
      SLUICE_STAGE: 'test',
      PIPELINES_TABLE: 'pipelines',
      STATUS_TABLE: 'status',
      LEDGERS_TABLE: 'ledgers',
      RELEASES_TABLE: 'releases',
      FLOW_TABLE: 'flow',
      HOLDS_TABLE: 'holds',
      BURSTS_TABLE: 'bursts',
      CODE_BUCKET: 'code',
      SALVAGE_BUCKET: 'salvage',
      BURST_BUCKET: 'bursts',
      LIFECYCLE_ARN: stateMachineArn,
      BURST_ARN: stateMachineArn,
      CONSUMER_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/sluice-test-consumer`,
      CONSUMER_LOG_GROUP: '/sluice/test/consumers',
    });
    const world: PortWorld = {
      capabilities: EMULATOR_CAPABILITIES,
      ports: createPorts(settings, clients),
      stage: settings.stage,
      consumers: settings.consumers,
      advance: (ms) => sleep(ms),
      async putConfig(record) {
        await clients.documents.send(new PutCommand({ TableName: 'pipelines', Item: record }));
      },
      async putGroup(pipelineId, state) {
        const Item = { pipelineId, revision: 1, ...state, expiresAt: 1_900_000_000 };
        await clients.documents.send(new PutCommand({ TableName: 'holds', Item }));
      },
      async putRan(pipelineId, { tasks, ms }) {
        const Item = { flowId: `pace/${pipelineId}`, nextMs: 1, ran: tasks, ranMs: ms };
        await clients.documents.send(new PutCommand({ TableName: 'flow', Item }));
      },
      beginTask: (place, untilMs, nowMs) => notes.begin(place, untilMs, nowMs, signal),
      endTask: (place, untilMs, how, ran) => notes.end(place, untilMs, how, ran, signal),
      async hasEnded(partsId) {
        const Key = { burstKey: endKey(partsId) };
        const { Item } = await clients.documents.send(new GetCommand({ TableName: 'bursts', Key }));
        return Item?.[OVER.ended] === OVER.yes;
      },
      async putTasks(key, text) {
        await clients.s3.send(new PutObjectCommand({ Bucket: 'tasks', Key: key, Body: Buffer.from(text) }));
        return 'tasks';
      },
      async putCode(key, text, kind = 'sound') {
        const Body = bodyOf(text, kind);
        const { VersionId } = await clients.s3.send(new PutObjectCommand({ Bucket: 'code', Key: key, Body }));
        return { key, version: VersionId ?? 'null' };
      },
      async removeCode(key) {
        await clients.s3.send(new DeleteObjectCommand({ Bucket: 'code', Key: key }));
      },
      async heardEvents() {
        const command = new ReceiveMessageCommand({
          QueueUrl: eventsUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 0,
        });
        const { Messages = [] } = await clients.sqs.send(command);
        return Messages.map(({ Body = '{}' }) => {
          const event = JSON.parse(Body) as { 'detail-type': string; detail: Record<string, unknown> };
          return { detailType: event['detail-type'], detail: event.detail };
        });
      },
    };
    const stop = async () => {
      leave();
      await emulator.stop();
    };
    return { world, clients, emulator, stop };
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}

/** Sets what Lambda sets: the runtime's clients have nothing else to go by. Answers what puts it back. */
function enterAsConsumer(connection: Connection): () => void {
  const values = connectionEnvironment(connection);
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

function bodyOf(text: string, kind: CodeKind): Uint8Array {
  if (kind === 'noZip') return Buffer.from(text);
  const result = JSON.stringify({ batchItemFailures: [], text });
  const act = kind === 'failing' ? `throw new Error(${JSON.stringify(text)})` : `return ${result}`;
  return zipOfOne('index.js', `exports.handler = async () => { ${act}; };`);
}

async function deploy(clients: Clients) {
  const { documents, s3 } = clients;
  const tables = {
    pipelines: ['pipelineId'],
    status: ['pipelineId'],
    ledgers: ['ledgerId'],
    holds: ['pipelineId'],
    flow: ['flowId'],
    releases: ['codeKey', 'version'],
  };
  for (const [TableName, keys] of Object.entries(tables)) {
    await documents.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keys.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? 'HASH' : 'RANGE' })),
      }),
    );
  }
  await deployBursts(clients);
  for (const Bucket of ['code', 'salvage', 'bursts', 'tasks'])
    await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: 'code', VersioningConfiguration: { Status: 'Enabled' } }),
  );
  return { stateMachineArn: await deployMachine(clients), eventsUrl: await listenToEvents(clients) };
}

async function deployBursts({ documents }: Clients): Promise<void> {
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
  const Projection = { ProjectionType: 'ALL' } as const;
  await documents.send(
    new CreateTableCommand({
      TableName: 'bursts',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'burstKey', AttributeType: 'S' },
        { AttributeName: 'openKey', AttributeType: 'S' },
        { AttributeName: 'checkAtMs', AttributeType: 'N' },
        { AttributeName: 'pipelineId', AttributeType: 'S' },
        { AttributeName: 'createdAtMs', AttributeType: 'N' },
      ],
      KeySchema: [key('burstKey', 'HASH')],
      GlobalSecondaryIndexes: [
        {
          IndexName: BURST_INDEXES.open,
          KeySchema: [key('openKey', 'HASH'), key('checkAtMs', 'RANGE')],
          Projection,
        },
        {
          IndexName: BURST_INDEXES.byPipeline,
          KeySchema: [key('pipelineId', 'HASH'), key('createdAtMs', 'RANGE')],
          Projection,
        },
      ],
    }),
  );
}

async function deployMachine({ sfn }: Clients): Promise<string> {
  const machine = await sfn.send(
    new CreateStateMachineCommand({
      name: 'lifecycle',
      roleArn: `arn:aws:iam::${ACCOUNT}:role/machine`,
      definition: JSON.stringify({
        StartAt: 'Wait',
        States: { Wait: { Type: 'Wait', Seconds: 1, End: true } },
      }),
    }),
  );
  return machine.stateMachineArn ?? '';
}

/** A queue that hears of Sluice's events, as another program would. */
async function listenToEvents({ events, sqs }: Clients): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'events' }));
  const Name = 'of-sluice';
  await events.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify({ source: ['sluice'] }) }));
  const Arn = `arn:aws:sqs:us-east-1:${ACCOUNT}:events`;
  await events.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'queue', Arn }] }));
  return QueueUrl;
}
