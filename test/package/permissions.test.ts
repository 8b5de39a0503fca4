import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../lab/local-stage/paths.ts';
import { arnOf, HEALTH_BY_LINES, NEEDS, type Need } from './needed-actions.ts';
import { STAGES, type StageKind } from './packaged-stage.ts';
import { allows, list, type Request } from './policy.ts';
import { FUNCTIONS, here, logStream, queue, requestOf, rolesOf, STAGE, statementsOf } from './roles.ts';
import { needsOf } from './used-ports.ts';

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
  'hold-listener': [
    ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => ({
      action: `dynamodb:${action}`,
      resource: `${arnOf('holds', STAGE)}/stream/2026-01-01T00:00:00.000`,
    })),
    failures('hold'),
  ],
  'burst-listener': [
    ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => ({
      action: `dynamodb:${action}`,
      resource: `${arnOf('bursts', STAGE)}/stream/2026-01-01T00:00:00.000`,
    })),
    failures('burst'),
  ],
  'code-listener': [failures('code')],
  reconciler: [failures('async')],
  'restore-salvage': [failures('async')],
  'rollout-control': [failures('async')],
  redrive: [failures('async')],
  burst: [failures('async')],
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
    for (const { action } of HEALTH_BY_LINES) known.add(action);
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

/** Used by people's tools with people's own credentials, and by consumers: consumer-role.test.ts. */
const OPERATORS_FILES = new Set([
  'stage-resources.ts',
  'stage-inputs.ts',
  'stage-outputs.ts',
  'record-edits.ts',
  'purge-queue.ts',
  'probes.ts',
  'reference-values.ts',
  'consumer-messages.ts',
  'consumer-shared.ts',
  'consumer-turns.ts',
]);

/** Every `*` there is, and why: the action has no resource to name, or a condition bounds it. */
const STARS: Readonly<Record<string, string>> = {
  'code-rollout: lambda:GetAccountSettings': 'about the account',
  'pipeline-lifecycle: lambda:CreateEventSourceMapping': 'no resource yet; only for functions of the stage',
  'pipeline-lifecycle: lambda:GetAccountSettings': 'about the account',
  'pipeline-lifecycle: lambda:ListEventSourceMappings': 'a list has no resource',
  'reconciler: lambda:GetAccountSettings': 'about the account',
  'reconciler: lambda:ListEventSourceMappings': 'a list has no resource',
  'reconciler: lambda:ListFunctions': 'a list has no resource',
  'reconciler: sqs:ListQueues': 'a list has no resource',
};

/** Only where health is read from metrics. */
const METRICS_STAR = Object.fromEntries(
  ['code-rollout', 'reconciler', 'redrive', 'trigger'].map((role) => [
    `${role}: cloudwatch:GetMetricData`,
    'a metric has no resource',
  ]),
);

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
    ['pipeline-lifecycle', 'code-rollout'].flatMap((role) =>
      ['DescribeSecurityGroups', 'DescribeSubnets', 'DescribeVpcs', 'GetSecurityGroupsForVpc'].map(
        (action) => [
          `${role}: ec2:${action}`,
          'whoever puts a function into a VPC has to look at it; a description has no resource',
        ],
      ),
    ),
  ),
};

describe('resources named *', () => {
  it.each<[StageKind, Readonly<Record<string, string>>]>([
    ['plain', { ...STARS, ...METRICS_STAR }],
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
    ['code-rollout', 'ec2:DescribeSubnets', '*', 'subnetIds'],
    ...['trigger', 'burst'].flatMap((role) =>
      ['s3:GetObject', 's3:GetObjectVersion'].map((action) => [
        role,
        action,
        'arn:aws:s3:::documents/2026/tasks.jsonl',
        'sourceBuckets',
      ]),
    ),
    ...['code-rollout', 'redrive'].flatMap((role) =>
      HEALTH_BY_LINES.map(({ action, on }) => [role, action, arnOf(on, STAGES.full.stage), 'healthSource']),
    ),
    ['trigger', 'logs:FilterLogEvents', arnOf('consumersLog', STAGES.full.stage), 'healthSource'],
  ])('%s may %s on %s by way of %4$s', (role, action, resource) => {
    expect(may(role, action, resource)).toBe(true);
  });
});
