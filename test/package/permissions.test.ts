import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../lab/local-stage/paths.ts';
import { arnOf, contextOf, NEEDS, type Need, type Target } from './needed-actions.ts';
import { readTemplate, resourcesOf, STAGES, type StageKind } from './packaged-stage.ts';
import { allows, list, type Request, type Statement } from './policy.ts';
import { ACCOUNT, createResolver, REGION } from './resolve.ts';
import { needsOf } from './used-ports.ts';

const STAGE = STAGES.plain.stage;
const FUNCTIONS = readdirSync(join(projectRoot, 'functions'));

/** The statements of every role of a packaged stage, by the role's name without its stage. */
function rolesOf(kind: StageKind): Readonly<Record<string, readonly Statement[]>> {
  const template = readTemplate(kind);
  const resolve = createResolver(template);
  return Object.fromEntries(
    resourcesOf(template, 'AWS::IAM::Role').map(([, { Properties }]) => {
      const role = resolve(Properties) as {
        RoleName: string;
        Policies: readonly { PolicyDocument: { Statement: readonly Statement[] } }[];
      };
      const statements = role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      return [role.RoleName.replace(`sluice-${STAGES[kind].stage}-`, ''), statements];
    }),
  );
}

const roles = rolesOf('plain');
const statementsOf = (role: string) => roles[role] ?? [];

const requestOf = (need: Need): Request => ({
  action: need.action,
  resource: arnOf(need.on, STAGE),
  context: contextOf(need, STAGE),
});

const here = `${REGION}:${ACCOUNT}`;
const queue = (name: string) => `arn:aws:sqs:${here}:${name}`;
const logStream = (group: string) => `arn:aws:logs:${here}:log-group:${group}:log-stream:2026/01/01`;
const failures = (kind: string) => ({
  action: 'sqs:SendMessage',
  resource: queue(`sluice-${STAGE}-${kind}-failures`),
});

/** What Lambda and the framework's events need of a role, besides what our own code calls. */
const SERVICE_NEEDS: Readonly<Record<string, readonly Request[]>> = {
  'config-listener': [
    ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => ({
      action: `dynamodb:${action}`,
      resource: `${arnOf('pipelines', STAGE)}/stream/2026-01-01T00:00:00.000`,
    })),
    failures('config'),
  ],
  'code-listener': [failures('code')],
  reconciler: [failures('async')],
  'restore-salvage': [failures('async')],
  trigger: [failures('async')],
};

function allNeeds(name: string): readonly Request[] {
  const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
    action,
    resource: logStream(`/aws/lambda/sluice-${STAGE}-${name}`),
  }));
  const own = needsOf(`functions/${name}/handler.ts`).map(requestOf);
  return [...own, ...logs, ...(SERVICE_NEEDS[name] ?? [])];
}

describe('the roles of the functions', () => {
  it.each(FUNCTIONS)('%s may make every call that its code makes', (name) => {
    const denied = allNeeds(name).filter((request) => !allows(statementsOf(name), request));
    expect(denied).toEqual([]);
  });

  it.each(FUNCTIONS)('%s may do nothing that its code does not', (name) => {
    const needs = allNeeds(name);
    const unused = statementsOf(name).flatMap((statement) =>
      list(statement.Action).flatMap((action) =>
        list(statement.Resource)
          .filter((resource) => {
            const narrowed = [{ ...statement, Action: action, Resource: resource }];
            return !needs.some((request) => allows(narrowed, request));
          })
          .map((resource) => `${action} on ${resource}`),
      ),
    );
    expect(unused).toEqual([]);
  });

  it('knows of every call that aws/ makes', () => {
    const known = new Set(
      Object.values(NEEDS).flatMap((port) =>
        Object.values(port as Readonly<Record<string, readonly Need[]>>).flatMap((needs) =>
          needs.map(({ action }) => action),
        ),
      ),
    );
    const unknown = readdirSync(join(projectRoot, 'aws'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !OPERATORS_FILES.has(file))
      .flatMap((file) => {
        const source = readFileSync(join(projectRoot, 'aws', file), 'utf8');
        const operations = [...source.matchAll(/'((?:dynamodb|lambda|s3|sqs|states|iam|sns):[A-Z]\w+)'/g)];
        return operations.map(([, action = '']) => action).filter((action) => !known.has(action));
      });
    expect(unknown).toEqual([]);
  });
});

/** Used by people's tools with people's own credentials, and by consumers. */
const OPERATORS_FILES = new Set([
  'stage-resources.ts',
  'stage-inputs.ts',
  'stage-outputs.ts',
  'reference-values.ts',
]);

describe('the role of the consumers', () => {
  const may = (action: string, resource: string) => allows(statementsOf('consumer'), { action, resource });

  it.each([
    ['sqs:ReceiveMessage', arnOf('queue', STAGE)],
    ['sqs:DeleteMessage', arnOf('queue', STAGE)],
    ['sqs:ChangeMessageVisibility', arnOf('queue', STAGE)],
    ['sqs:GetQueueAttributes', arnOf('queue', STAGE)],
    ['sqs:SendMessage', `${arnOf('queue', STAGE)}-dlq`],
    ['logs:CreateLogStream', logStream(`/sluice/${STAGE}/consumers`)],
    ['logs:PutLogEvents', logStream(`/sluice/${STAGE}/consumers`)],
    ['ssm:GetParameters', `arn:aws:ssm:${here}:parameter/sluice/${STAGE}/key`],
    ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${here}:secret:sluice/${STAGE}/key-AbCdEf`],
  ])('may %s on %s', (action, resource) => expect(may(action, resource)).toBe(true));

  it.each([
    ['sqs:DeleteQueue', arnOf('queue', STAGE)],
    ['sqs:SetQueueAttributes', arnOf('queue', STAGE)],
    ['sqs:SendMessage', queue('sluice-pipe-other-customer-42')],
    ['sqs:ReceiveMessage', queue(`sluice-${STAGE}-config-failures`)],
    ['dynamodb:PutItem', arnOf('pipelines', STAGE)],
    ['dynamodb:GetItem', arnOf('status', STAGE)],
    ['lambda:InvokeFunction', arnOf('function', STAGE)],
    ['lambda:UpdateFunctionCode', arnOf('function', STAGE)],
    ['s3:GetObject', arnOf('codeObject', STAGE)],
    ['s3:GetObject', arnOf('salvageObject', STAGE)],
    ['states:StartExecution', arnOf('lifecycle', STAGE)],
    ['logs:PutLogEvents', logStream('/sluice/other/consumers')],
    ['logs:CreateLogGroup', logStream(`/sluice/${STAGE}/consumers`)],
    ['ssm:GetParameters', `arn:aws:ssm:${here}:parameter/sluice/other/key`],
    ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${here}:secret:prod/database-AbCdEf`],
    ['iam:PassRole', arnOf('consumerRole', STAGE)],
    ['ec2:CreateNetworkInterface', '*'],
    ['xray:PutTraceSegments', '*'],
  ])('may not %s on %s', (action, resource) => expect(may(action, resource)).toBe(false));
});

describe('what no role may do', () => {
  const everyRole = Object.keys(roles);
  const byContext = (target: Target, context: Readonly<Record<string, string>>, action: string): Request => ({
    action,
    resource: arnOf(target, STAGE),
    context,
  });
  const otherFunction = `arn:aws:lambda:${here}:function:billing`;
  const forbidden: Readonly<Record<string, Request>> = {
    'touch a queue of another stage': { action: 'sqs:DeleteQueue', resource: queue('sluice-pipe-other-a') },
    'touch a queue that is not a pipeline’s': { action: 'sqs:DeleteQueue', resource: queue('orders') },
    'touch a function of another stage': {
      action: 'lambda:DeleteFunction',
      resource: `arn:aws:lambda:${here}:function:sluice-pipe-other-a`,
    },
    'change a function of its own stage': {
      action: 'lambda:UpdateFunctionCode',
      resource: `arn:aws:lambda:${here}:function:sluice-${STAGE}-trigger`,
    },
    'create a function without its stage’s tag': byContext('function', {}, 'lambda:CreateFunction'),
    'create a queue with another stage’s tag': byContext(
      'queue',
      { 'aws:RequestTag/sluice:stage': 'other' },
      'sqs:CreateQueue',
    ),
    'map a queue to somebody’s function': byContext(
      'newMapping',
      { 'lambda:FunctionArn': otherFunction },
      'lambda:CreateEventSourceMapping',
    ),
    'delete the mapping of somebody’s function': byContext(
      'mapping',
      { 'lambda:FunctionArn': otherFunction },
      'lambda:DeleteEventSourceMapping',
    ),
    'pass another role': {
      action: 'iam:PassRole',
      resource: `arn:aws:iam::${ACCOUNT}:role/admin`,
      context: { 'iam:PassedToService': 'lambda.amazonaws.com' },
    },
    'pass its role to another service': {
      action: 'iam:PassRole',
      resource: arnOf('consumerRole', STAGE),
      context: { 'iam:PassedToService': 'ec2.amazonaws.com' },
    },
    'write a config record': { action: 'dynamodb:PutItem', resource: arnOf('pipelines', STAGE) },
    'delete a config record': { action: 'dynamodb:DeleteItem', resource: arnOf('pipelines', STAGE) },
    'read a table of another stage': { action: 'dynamodb:GetItem', resource: arnOf('status', 'other') },
    'upload code': { action: 's3:PutObject', resource: arnOf('codeObject', STAGE) },
    'delete code': { action: 's3:DeleteObject', resource: arnOf('codeObject', STAGE) },
    'read a bucket of another stage': { action: 's3:GetObject', resource: arnOf('salvageObject', 'other') },
    'start a machine of another stage': {
      action: 'states:StartExecution',
      resource: arnOf('lifecycle', 'other'),
    },
    'make a log group': { action: 'logs:CreateLogGroup', resource: logStream('/sluice/new') },
    'make a role': { action: 'iam:CreateRole', resource: arnOf('consumerRole', STAGE) },
  };

  it.each(Object.entries(forbidden))('%s', (_title, request) => {
    expect(everyRole.filter((role) => allows(statementsOf(role), request))).toEqual([]);
  });

  it('only the lifecycle changes functions, mappings and queues', () => {
    const changing = [
      'sqs:DeleteQueue',
      'sqs:SetQueueAttributes',
      'lambda:DeleteFunction',
      'lambda:UpdateFunctionCode',
    ];
    const targets = ['queue', 'function'] as const;
    const able = everyRole.filter((role) =>
      changing.some((action) => targets.some((on) => allows(statementsOf(role), requestOf({ action, on })))),
    );
    expect(able).toEqual(['pipeline-lifecycle']);
  });

  it('a machine may only invoke the function of its name', () => {
    for (const name of ['pipeline-lifecycle', 'code-rollout']) {
      const invoke = (other: string) => ({
        action: 'lambda:InvokeFunction',
        resource: `arn:aws:lambda:${here}:function:sluice-${STAGE}-${other}`,
      });
      const able = FUNCTIONS.filter((other) => allows(statementsOf(`${name}-machine`), invoke(other)));
      expect(able).toEqual([name]);
      expect(statementsOf(`${name}-machine`).flatMap(({ Action }) => list(Action))).toEqual([
        'lambda:InvokeFunction',
      ]);
    }
  });
});

/** Every `*` there is, and why: the action has no resource to name, or a condition bounds it. */
const STARS: Readonly<Record<string, string>> = {
  'pipeline-lifecycle: lambda:CreateEventSourceMapping': 'no resource yet; only for functions of the stage',
  'pipeline-lifecycle: lambda:GetAccountSettings': 'about the account',
  'pipeline-lifecycle: lambda:ListEventSourceMappings': 'a list has no resource',
  'reconciler: lambda:GetAccountSettings': 'about the account',
  'reconciler: lambda:ListEventSourceMappings': 'a list has no resource',
  'reconciler: lambda:ListFunctions': 'a list has no resource',
  'reconciler: sqs:ListQueues': 'a list has no resource',
};

/** With tracing on, a VPC and statements of the user's own. */
const MORE_STARS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [...FUNCTIONS, 'consumer'].flatMap((role) =>
      ['PutTelemetryRecords', 'PutTraceSegments'].map((action) => [
        `${role}: xray:${action}`,
        'X-Ray has no resources',
      ]),
    ),
  ),
  ...Object.fromEntries(
    [
      'AssignPrivateIpAddresses',
      'CreateNetworkInterface',
      'DeleteNetworkInterface',
      'DescribeNetworkInterfaces',
      'DescribeSubnets',
      'UnassignPrivateIpAddresses',
    ].map((action) => [`consumer: ec2:${action}`, 'as AWS has it for functions in a VPC']),
  ),
  ...Object.fromEntries(
    ['DescribeSecurityGroups', 'DescribeSubnets', 'DescribeVpcs', 'GetSecurityGroupsForVpc'].map((action) => [
      `pipeline-lifecycle: ec2:${action}`,
      'whoever puts a function into a VPC has to look at it; a description has no resource',
    ]),
  ),
};

describe('resources named *', () => {
  it.each<[StageKind, Readonly<Record<string, string>>]>([
    ['plain', STARS],
    ['full', { ...STARS, ...MORE_STARS }],
  ])('in a %s stage are only those that have a reason', (kind, reasons) => {
    const stars = Object.entries(rolesOf(kind)).flatMap(([role, statements]) =>
      statements
        .filter(({ Resource }) => list(Resource).includes('*'))
        .flatMap(({ Action }) => list(Action).map((action) => `${role}: ${action}`)),
    );
    expect(stars.sort()).toEqual(Object.keys(reasons).sort());
  });

  it('no role has an action with a wildcard', () => {
    const wild = Object.values(rolesOf('full')).flatMap((statements) =>
      statements.flatMap(({ Action }) => list(Action).filter((action) => action.includes('*'))),
    );
    expect(wild).toEqual([]);
  });
});

describe('settings reach the roles', () => {
  const full = rolesOf('full');
  const may = (role: string, action: string, resource: string) =>
    allows(full[role] ?? [], { action, resource });

  it.each([
    ['consumer', 's3:PutObject', 'arn:aws:s3:::results/1.json', 'statements'],
    ['consumer', 'ssm:GetParameters', `arn:aws:ssm:${here}:parameter/shared/key`, 'parameters'],
    [
      'consumer',
      'secretsmanager:GetSecretValue',
      `arn:aws:secretsmanager:${here}:secret:shared/key-AbCdEf`,
      'secrets',
    ],
    ['consumer', 'ec2:CreateNetworkInterface', '*', 'subnetIds'],
    ['consumer', 'xray:PutTraceSegments', '*', 'tracing'],
    ['pipeline-lifecycle', 'ec2:DescribeSubnets', '*', 'subnetIds'],
  ])('%s may %s on %s by way of %4$s', (role, action, resource) => {
    expect(may(role, action, resource)).toBe(true);
  });
});
