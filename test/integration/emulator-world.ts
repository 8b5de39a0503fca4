import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Clients, createClients } from '../../aws/clients.ts';
import { createPorts, readSettings } from '../../aws/environment.ts';
import { startEmulator } from '../../lab/local-stage/emulator.ts';
import { ACCOUNT_CONCURRENCY, type Capabilities, type PortWorld } from '../ports/world.ts';
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
    const { stateMachineArn } = await deploy(clients);
    const settings = readSettings({
      SLUICE_STAGE: 'test',
      PIPELINES_TABLE: 'pipelines',
      STATUS_TABLE: 'status',
      LEDGERS_TABLE: 'ledgers',
      CODE_BUCKET: 'code',
      SALVAGE_BUCKET: 'salvage',
      LIFECYCLE_ARN: stateMachineArn,
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
      async putCode(key, text) {
        const Body = zipOfOne('index.js', `exports.handler = async () => ${JSON.stringify(text)};`);
        const { VersionId } = await clients.s3.send(new PutObjectCommand({ Bucket: 'code', Key: key, Body }));
        return { key, version: VersionId ?? 'null' };
      },
    };
    return { world, clients, emulator, stop: () => emulator.stop() };
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}

async function deploy({ documents, s3, sfn }: Clients) {
  const tables = { pipelines: 'pipelineId', status: 'pipelineId', ledgers: 'ledgerId' };
  for (const [TableName, key] of Object.entries(tables)) {
    await documents.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
      }),
    );
  }
  for (const Bucket of ['code', 'salvage']) await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: 'code', VersioningConfiguration: { Status: 'Enabled' } }),
  );
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
  return { stateMachineArn: machine.stateMachineArn ?? '' };
}
