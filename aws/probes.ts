import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { DeleteCommand, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { pipelinePrefix, type StageNames } from '../core/names.ts';
import type { Clients } from './clients.ts';
import { AwsError, ask, type Operation } from './errors.ts';

/** Whether somebody may make a call: found out by one that changes nothing. */
export interface Probe {
  readonly operation: Operation;
  readonly on: string;
  /** What people need it for. */
  readonly use: string;
  /** @throws {AwsError} where there is no answer */
  tell(): Promise<'allowed' | 'denied' | 'missing'>;
}

const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'UnauthorizedOperation',
  'Http403',
  'Forbidden',
]);

const MISSING = new Set([
  'ResourceNotFoundException',
  'NoSuchBucket',
  'NotFound',
  'Http404',
  'QueueDoesNotExist',
]);

/** A condition that nothing fulfils: the permission is looked at, and nothing is written. */
const NEVER = {
  ConditionExpression: 'attribute_exists(pipelineId) AND attribute_not_exists(pipelineId)',
};
const NOBODY = { pipelineId: 'nobody' };

/**
 * What a person's tools need of a stage. What would change something whatever its condition is not tried: receiving and purging
 * messages, uploading code.
 */
export function probesOf(
  { cloudWatch, documents, lambda, logs, s3, sqs }: Clients,
  stage: string,
  names: StageNames,
  codeBucket: string | undefined,
  hasMetrics: boolean,
): readonly Probe[] {
  const { pipelines, status, holds, ledgers, bursts, releases } = names.tables;
  const { rolloutControl } = names.functions;
  const probe = (operation: Operation, on: string, use: string, send: () => Promise<unknown>): Probe => ({
    operation,
    on,
    use,
    tell: () => told(operation, send),
  });
  const scan = (TableName: string, use: string) =>
    probe('dynamodb:Scan', TableName, use, () => documents.send(new ScanCommand({ TableName, Limit: 1 })));
  const get = (TableName: string, key: string, use: string) =>
    probe('dynamodb:GetItem', TableName, use, () =>
      documents.send(new GetCommand({ TableName, Key: { [key]: NOBODY.pipelineId } })),
    );
  const invoke = (FunctionName: string, use: string) =>
    probe('lambda:InvokeFunction', FunctionName, use, () =>
      lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'DryRun' })),
    );
  const readLogs = (logGroupName: string, use: string) =>
    probe('logs:FilterLogEvents', logGroupName, use, () =>
      logs.send(new FilterLogEventsCommand({ logGroupName, limit: 1 })),
    );
  const metrics = () =>
    cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(0),
        EndTime: new Date(60_000),
        MetricDataQueries: [
          {
            Id: 'm0',
            MetricStat: {
              Metric: { Namespace: 'AWS/Lambda', MetricName: 'ConcurrentExecutions' },
              Period: 60,
              Stat: 'Maximum',
            },
          },
        ],
      }),
    );
  return [
    ...[pipelines, status, holds].map((table) => scan(table, 'ls')),
    scan(releases, 'rollout ls'),
    get(ledgers, 'ledgerId', 'why'),
    get(bursts, 'burstKey', 'watch'),
    probe('dynamodb:PutItem', pipelines, 'put, pause, resume, breaker', () =>
      documents.send(new PutCommand({ TableName: pipelines, Item: NOBODY, ...NEVER })),
    ),
    probe('dynamodb:DeleteItem', pipelines, 'rm', () =>
      documents.send(new DeleteCommand({ TableName: pipelines, Key: NOBODY, ...NEVER })),
    ),
    probe('sqs:ListQueues', '*', 'doctor', () =>
      sqs.send(new ListQueuesCommand({ QueueNamePrefix: pipelinePrefix(stage), MaxResults: 1 })),
    ),
    invoke(names.functions.trigger, 'send'),
    invoke(names.functions.burst, 'burst'),
    invoke(names.functions.redrive, 'redrive'),
    invoke(rolloutControl, 'rollout'),
    probe('lambda:GetFunctionConfiguration', rolloutControl, 'code push', () =>
      lambda.send(new GetFunctionConfigurationCommand({ FunctionName: rolloutControl })),
    ),
    readLogs(names.consumerLogs, 'logs'),
    readLogs(`/aws/lambda/sluice-${stage}-reconciler`, 'events'),
    ...(hasMetrics ? [probe('cloudwatch:GetMetricData', '*', 'why, ui', metrics)] : []),
    ...(codeBucket === undefined
      ? []
      : [
          probe('s3:ListBucket', codeBucket, 'code push', () =>
            s3.send(new HeadBucketCommand({ Bucket: codeBucket })),
          ),
        ]),
  ];
}

async function told(
  operation: Operation,
  send: () => Promise<unknown>,
): Promise<'allowed' | 'denied' | 'missing'> {
  try {
    await ask(operation, send(), () => undefined);
    return 'allowed';
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'ConditionalCheckFailedException') return 'allowed';
    if (DENIED.has(error.code)) return 'denied';
    if (MISSING.has(error.code)) return 'missing';
    throw error;
  }
}
