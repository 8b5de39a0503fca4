import { describe, expect, it } from '@jest/globals';
import { arnOf, type Target } from './needed-actions.ts';
import { allows, list, type Request } from './policy.ts';
import { ACCOUNT } from './resolve.ts';
import { FUNCTIONS, here, logStream, queue, requestOf, roles, STAGE, statementsOf } from './roles.ts';

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
    'create a function to try a release without its stage’s tag': byContext(
      'trialFunction',
      {},
      'lambda:CreateFunction',
    ),
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
    'run a pipeline’s consumer by hand': {
      action: 'lambda:InvokeFunction',
      resource: arnOf('function', STAGE),
    },
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

  it.each([
    ['lambda:CreateFunction', ['code-rollout']],
    ['lambda:InvokeFunction', ['code-rollout']],
    // What a trial that died has left behind.
    ['lambda:DeleteFunction', ['code-rollout', 'reconciler']],
  ])('only the rollout tries releases: %s', (action, expected) => {
    const trying = requestOf({ action, on: 'trialFunction' });
    expect(everyRole.filter((role) => allows(statementsOf(role), trying))).toEqual(expected);
  });

  it('only the reconciler deletes versions of code', () => {
    const deletion = requestOf({ action: 's3:DeleteObjectVersion', on: 'codeObject' });
    expect(everyRole.filter((role) => allows(statementsOf(role), deletion))).toEqual(['reconciler']);
  });

  it('a machine may only invoke the function of its name', () => {
    for (const name of ['pipeline-lifecycle', 'code-rollout', 'redrive']) {
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
