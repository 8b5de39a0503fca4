/**
 * One role for each function, one for each state machine and one that all consumers share. What a function
 * may do stands in its own folder, functions/<name>/permissions.yml; here is what comes on top for all.
 *
 * JavaScript because it depends on the stage's settings: a policy cannot hold an empty list.
 */
import { readdirSync } from 'node:fs';

const functions = readdirSync(new URL('../functions', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** Functions that make functions. */
const CREATORS = new Set(['pipeline-lifecycle', 'code-rollout']);
/** Functions that look how consumers do. */
const HEALTH_READERS = new Set(['code-rollout', 'redrive']);
/** Functions that look what tasks took. */
const TIME_READERS = new Set(['trigger']);
/** Functions that look how old messages are. */
const AGE_READERS = new Set(['reconciler']);
/** Functions that read bursts' tasks. */
const SOURCE_READERS = new Set(['trigger', 'burst']);

/** A role per function: `ConfigListenerRole` for functions/config-listener. */
export async function functionRoles({ resolveVariable }) {
  const settings = await resolveVariable('self:custom.sluice');
  const resources = {};
  for (const name of functions) {
    const own = await resolveVariable(`file(functions/${name}/permissions.yml)`);
    const extra = [logsOf(`/aws/lambda/sluice-\${sls:stage}-${name}`), ...tracing(settings)];
    if (CREATORS.has(name)) extra.push(...creatingInVpc(settings));
    if (SOURCE_READERS.has(name)) extra.push(...readingSources(settings));
    if (HEALTH_READERS.has(name)) extra.push(...readingHealth(settings));
    if (AGE_READERS.has(name)) extra.push(...readingAges(settings));
    if (TIME_READERS.has(name)) extra.push(readingReports(settings));
    resources[`${pascal(name)}Role`] = role(name, 'lambda', [...own, ...extra]);
  }
  return resources;
}

/** A machine may invoke the function of its name and nothing else. */
export function machineRoles() {
  const machine = (name) =>
    role(`${name}-machine`, 'states', [
      allow(
        ['lambda:InvokeFunction'],
        [arn(`lambda:\${AWS::Region}:\${AWS::AccountId}:function:sluice-\${sls:stage}-${name}`)],
      ),
    ]);
  return {
    PipelineLifecycleMachineRole: machine('pipeline-lifecycle'),
    CodeRolloutMachineRole: machine('code-rollout'),
    RedriveMachineRole: machine('redrive'),
    BurstMachineRole: machine('burst'),
  };
}

/** What a consumer can reach: its stage's queues and what consumers share, the shared logs, its stage's parameters and secrets. */
export async function consumerRole({ resolveVariable }) {
  const settings = await resolveVariable('self:custom.sluice');
  const { parameters, secrets, statements } = settings.consumers;
  const account = '${AWS::Region}:${AWS::AccountId}';
  return {
    ConsumerRole: role('consumer', 'lambda', [
      logsOf('/sluice/${sls:stage}/consumers'),
      allow(
        [
          'sqs:ChangeMessageVisibility',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:GetQueueUrl',
          'sqs:ReceiveMessage',
          'sqs:SendMessage',
        ],
        [arn(`sqs:${account}:sluice-pipe-\${sls:stage}-*`)],
      ),
      allow(
        ['dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:UpdateItem'],
        [arn(`dynamodb:${account}:table/sluice-\${sls:stage}-flow`)],
      ),
      allow(
        ['dynamodb:GetItem', 'dynamodb:PutItem'],
        [arn(`dynamodb:${account}:table/sluice-\${sls:stage}-holds`)],
      ),
      allow(['dynamodb:UpdateItem'], [arn(`dynamodb:${account}:table/sluice-\${sls:stage}-bursts`)]),
      allow(['ssm:GetParameter', 'ssm:GetParameters'], [arn(`ssm:${account}:parameter${parameters}`)]),
      allow(['secretsmanager:GetSecretValue'], [arn(`secretsmanager:${account}:secret:${secrets}`)]),
      ...tracing(settings),
      ...runningInVpc(settings),
      ...statements,
    ]),
  };
}

function role(name, service, statements) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: `sluice-\${sls:stage}-${name}`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: `${service}.amazonaws.com` },
            Action: 'sts:AssumeRole',
          },
        ],
      },
      Policies: [{ PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
    },
  };
}

const allow = (Action, Resource) => ({ Effect: 'Allow', Action, Resource });
const arn = (rest) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${rest}` });
const pascal = (name) => name.replace(/(^|-)([a-z])/g, (_all, _dash, letter) => letter.toUpperCase());

/** Not logs:CreateLogGroup: the groups are in the stack, and a late line must not bring one back. */
function logsOf(group) {
  return allow(
    ['logs:CreateLogStream', 'logs:PutLogEvents'],
    [arn(`logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${group}:*`)],
  );
}

/** How consumers do. */
function readingHealth(settings) {
  const here = '${AWS::Region}:${AWS::AccountId}';
  return [
    readingReports(settings),
    allow(['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'], [arn(`sqs:${here}:sluice-pipe-\${sls:stage}-*`)]),
  ];
}

/** Metrics have no resources to name; the lines are those of the consumers' shared group. */
function readingReports({ healthSource }) {
  return healthSource === 'metrics'
    ? allow(['cloudwatch:GetMetricData'], ['*'])
    : allow(
        ['logs:FilterLogEvents'],
        [arn('logs:${AWS::Region}:${AWS::AccountId}:log-group:/sluice/${sls:stage}/consumers:*')],
      );
}

/** Ages are metrics, which have no resources to name; where health comes from lines nobody asks for them. */
function readingAges({ healthSource }) {
  return healthSource === 'metrics' ? [allow(['cloudwatch:GetMetricData'], ['*'])] : [];
}

/** Objects of the stage's own bucket they may read anyway; here are those of the user's. */
function readingSources({ sourceBuckets }) {
  if (sourceBuckets.length === 0) return [];
  return [
    allow(
      ['s3:GetObject', 's3:GetObjectVersion'],
      sourceBuckets.map((bucket) => `${bucket}/*`),
    ),
  ];
}

/** X-Ray has no resources to name: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
function tracing({ tracing: on }) {
  return on ? [allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*'])] : [];
}

/** What a function in a VPC needs of its role: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
function runningInVpc({ consumers }) {
  if (consumers.subnetIds.length === 0) return [];
  return [
    allow(
      [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      ['*'],
    ),
  ];
}

/** What whoever makes a function in a VPC needs; the same page. */
function creatingInVpc({ consumers }) {
  if (consumers.subnetIds.length === 0) return [];
  return [
    allow(
      [
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
        'ec2:GetSecurityGroupsForVpc',
      ],
      ['*'],
    ),
  ];
}
