import type { Ports } from '../../aws/ports.ts';
import { trialFunction } from '../../core/names.ts';
import { ACCOUNT, REGION } from './resolve.ts';

/** One call of AWS that a port's method makes, and on what. */
export interface Need {
  readonly action: string;
  readonly on: Target;
}

/** What a call is made on; `any` where AWS knows no resource for the action. */
export type Target =
  | 'pipelines'
  | 'status'
  | 'ledgers'
  | 'holds'
  | 'flow'
  | 'releases'
  | 'queue'
  | 'function'
  | 'trialFunction'
  | 'mapping'
  | 'newMapping'
  | 'consumerRole'
  | 'layer'
  | 'codeObject'
  | 'codeBucket'
  | 'salvageObject'
  | 'salvageBucket'
  | 'lifecycle'
  | 'rollout'
  | 'redrive'
  | 'burst'
  | 'bursts'
  | 'burstIndexes'
  | 'burstObject'
  | 'eventBus'
  | 'consumersLog'
  | 'any';

const on = (target: Target, ...actions: readonly string[]): readonly Need[] =>
  actions.map((action) => ({ action, on: target }));

type Effects = Omit<Ports, 'clock' | 'random' | 'log' | 'metrics'>;

/** What each method of each port asks of IAM. The type holds it complete: a new method has to be entered. */
export const NEEDS: { readonly [P in keyof Effects]: { readonly [M in keyof Effects[P]]: readonly Need[] } } =
  {
    configs: {
      read: on('pipelines', 'dynamodb:GetItem'),
      page: on('pipelines', 'dynamodb:Scan'),
    },
    statuses: {
      read: on('status', 'dynamodb:GetItem'),
      write: on('status', 'dynamodb:PutItem'),
      page: on('status', 'dynamodb:Scan'),
    },
    ledgers: {
      reserve: on('ledgers', 'dynamodb:UpdateItem'),
      read: on('ledgers', 'dynamodb:GetItem'),
      write: on('ledgers', 'dynamodb:PutItem'),
    },
    holds: { read: on('holds', 'dynamodb:GetItem') },
    flow: {
      readRan: on('flow', 'dynamodb:GetItem'),
      pullTurns: on('flow', 'dynamodb:UpdateItem'),
    },
    queues: {
      find: on('queue', 'sqs:GetQueueUrl'),
      create: on('queue', 'sqs:CreateQueue', 'sqs:TagQueue'),
      tags: on('queue', 'sqs:ListQueueTags'),
      read: on('queue', 'sqs:GetQueueAttributes'),
      change: on('queue', 'sqs:GetQueueAttributes', 'sqs:SetQueueAttributes'),
      delete: on('queue', 'sqs:DeleteQueue'),
      receive: on('queue', 'sqs:ReceiveMessage'),
      putBack: on('queue', 'sqs:ChangeMessageVisibility'),
      deleteMessages: on('queue', 'sqs:DeleteMessage'),
      send: on('queue', 'sqs:SendMessage'),
      page: on('any', 'sqs:ListQueues'),
      cancelRedrives: on('queue', 'sqs:ListMessageMoveTasks', 'sqs:CancelMessageMoveTask'),
    },
    queueAges: { oldest: on('any', 'cloudwatch:GetMetricData') },
    functions: {
      // Without lambda:ListTags the answer comes without tags.
      read: on('function', 'lambda:GetFunction', 'lambda:ListTags'),
      create: [
        ...on('function', 'lambda:CreateFunction', 'lambda:TagResource'),
        ...on('consumerRole', 'iam:PassRole'),
        ...on('layer', 'lambda:GetLayerVersion'),
        ...on('codeObject', 's3:GetObject', 's3:GetObjectVersion'),
        ...on('codeBucket', 's3:ListBucket'),
      ],
      configure: [
        ...on('function', 'lambda:UpdateFunctionConfiguration'),
        ...on('consumerRole', 'iam:PassRole'),
        ...on('layer', 'lambda:GetLayerVersion'),
      ],
      updateCode: [
        ...on('function', 'lambda:UpdateFunctionCode'),
        ...on('codeObject', 's3:GetObject', 's3:GetObjectVersion'),
        ...on('codeBucket', 's3:ListBucket'),
      ],
      reserveOne: on('function', 'lambda:PutFunctionConcurrency'),
      releaseReservation: on('function', 'lambda:DeleteFunctionConcurrency'),
      delete: on('function', 'lambda:DeleteFunction'),
      invoke: on('function', 'lambda:InvokeFunction'),
      page: on('any', 'lambda:ListFunctions'),
    },
    mappings: {
      create: [
        ...on('newMapping', 'lambda:CreateEventSourceMapping'),
        ...on('mapping', 'lambda:TagResource'),
      ],
      read: on('mapping', 'lambda:GetEventSourceMapping'),
      find: on('any', 'lambda:ListEventSourceMappings'),
      change: on('mapping', 'lambda:UpdateEventSourceMapping'),
      delete: on('mapping', 'lambda:DeleteEventSourceMapping'),
      page: on('any', 'lambda:ListEventSourceMappings'),
    },
    account: { read: on('any', 'lambda:GetAccountSettings') },
    code: {
      head: [
        ...on('codeObject', 's3:GetObject', 's3:GetObjectVersion'),
        ...on('codeBucket', 's3:ListBucket'),
      ],
      archive: [
        ...on('codeObject', 's3:GetObject', 's3:GetObjectVersion'),
        ...on('codeBucket', 's3:ListBucket'),
      ],
      versions: on('codeBucket', 's3:ListBucketVersions'),
      deleteVersion: on('codeObject', 's3:DeleteObjectVersion'),
    },
    salvage: {
      uri: [],
      write: on('salvageObject', 's3:PutObject'),
      page: on('salvageBucket', 's3:ListBucket'),
      read: on('salvageObject', 's3:GetObject'),
      delete: on('salvageObject', 's3:DeleteObject'),
    },
    executions: { start: on('lifecycle', 'states:StartExecution') },
    rollouts: { start: on('rollout', 'states:StartExecution') },
    redrives: { start: on('redrive', 'states:StartExecution') },
    burstRuns: { start: on('burst', 'states:StartExecution') },
    bursts: {
      read: on('bursts', 'dynamodb:GetItem'),
      write: on('bursts', 'dynamodb:PutItem'),
      open: on('burstIndexes', 'dynamodb:Query'),
      ofPipeline: on('burstIndexes', 'dynamodb:Query'),
      readSent: on('bursts', 'dynamodb:GetItem'),
      noteCalls: on('bursts', 'dynamodb:UpdateItem'),
      noteRound: on('bursts', 'dynamodb:PutItem'),
      readShards: on('bursts', 'dynamodb:BatchGetItem'),
      readBlocks: on('bursts', 'dynamodb:BatchGetItem'),
      readEnd: on('bursts', 'dynamodb:GetItem'),
      addOver: on('bursts', 'dynamodb:GetItem', 'dynamodb:UpdateItem'),
    },
    taskObjects: {
      // A bucket of the user's is read only where the stage's settings name it: sources.test.ts.
      find: on('burstObject', 's3:GetObject'),
      keep: on('burstObject', 's3:PutObject'),
      lines: on('burstObject', 's3:GetObject'),
      remove: on('burstObject', 's3:DeleteObject'),
    },
    releases: {
      read: on('releases', 'dynamodb:GetItem'),
      write: on('releases', 'dynamodb:PutItem'),
      ofKey: on('releases', 'dynamodb:Query'),
      page: on('releases', 'dynamodb:Scan'),
    },
    health: {
      read: [
        ...on('any', 'cloudwatch:GetMetricData'),
        ...on('queue', 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes'),
      ],
      callTimes: on('any', 'cloudwatch:GetMetricData'),
    },
    events: { publish: on('eventBus', 'events:PutEvents') },
  };

/** What `health.read` asks for instead where a stage's `healthSource` is `logs`. */
export const HEALTH_BY_LINES: readonly Need[] = [
  ...on('consumersLog', 'logs:FilterLogEvents'),
  ...on('queue', 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes'),
];

const here = `${REGION}:${ACCOUNT}`;

/** A real resource of each kind, as a stage would have it. */
export function arnOf(target: Target, stage: string): string {
  const pipeline = `sluice-pipe-${stage}-customer-42`;
  const bucket = (name: string) => `arn:aws:s3:::sluice-${stage}-${name}-${ACCOUNT}-${REGION}`;
  const table = (name: string) => `arn:aws:dynamodb:${here}:table/sluice-${stage}-${name}`;
  const arns: Readonly<Record<Target, string>> = {
    pipelines: table('pipelines'),
    status: table('status'),
    ledgers: table('ledgers'),
    holds: table('holds'),
    flow: table('flow'),
    releases: table('releases'),
    queue: `arn:aws:sqs:${here}:${pipeline}`,
    function: `arn:aws:lambda:${here}:function:${pipeline}`,
    trialFunction: `arn:aws:lambda:${here}:function:${trialFunction(stage, '0123456789abcdef')}`,
    mapping: `arn:aws:lambda:${here}:event-source-mapping:0f4b1a52-3c7e-4a8e-9d6b-5f0e2c1d7a90`,
    newMapping: '*',
    consumerRole: `arn:aws:iam::${ACCOUNT}:role/sluice-${stage}-consumer`,
    layer: `arn:aws:lambda:${REGION}:210987654321:layer:shared:3`,
    codeObject: `${bucket('code')}/consumer.zip`,
    codeBucket: bucket('code'),
    salvageObject: `${bucket('salvage')}/salvage/customer-42/1-10.jsonl`,
    salvageBucket: bucket('salvage'),
    lifecycle: `arn:aws:states:${here}:stateMachine:sluice-${stage}-pipeline-lifecycle`,
    rollout: `arn:aws:states:${here}:stateMachine:sluice-${stage}-code-rollout`,
    redrive: `arn:aws:states:${here}:stateMachine:sluice-${stage}-redrive`,
    burst: `arn:aws:states:${here}:stateMachine:sluice-${stage}-burst`,
    bursts: table('bursts'),
    burstIndexes: `${table('bursts')}/index/open`,
    burstObject: `${bucket('bursts')}/bursts/b-1/0a1b.jsonl`,
    eventBus: `arn:aws:events:${here}:event-bus/default`,
    consumersLog: `arn:aws:logs:${here}:log-group:/sluice/${stage}/consumers:*`,
    any: '*',
  };
  return arns[target];
}

/** What AWS would know about a call besides. */
export function contextOf({ action, on: target }: Need, stage: string): Readonly<Record<string, string>> {
  const creates = /:(Create|Tag)/.test(action) && target !== 'newMapping';
  return {
    ...(creates ? { 'aws:RequestTag/sluice:stage': stage } : {}),
    ...(target === 'mapping' || target === 'newMapping'
      ? { 'lambda:FunctionArn': arnOf('function', stage) }
      : {}),
    ...(target === 'consumerRole' ? { 'iam:PassedToService': 'lambda.amazonaws.com' } : {}),
  };
}
