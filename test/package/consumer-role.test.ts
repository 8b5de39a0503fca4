import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../lab/local-stage/paths.ts';
import { arnOf } from './needed-actions.ts';
import { allows } from './policy.ts';
import { here, logStream, queue, STAGE, statementsOf } from './roles.ts';

const flow = (stage: string) => `arn:aws:dynamodb:${here}:table/sluice-${stage}-flow`;
const holds = (stage: string) => `arn:aws:dynamodb:${here}:table/sluice-${stage}-holds`;
const bursts = (stage: string) => `arn:aws:dynamodb:${here}:table/sluice-${stage}-bursts`;

const parameter = `arn:aws:ssm:${here}:parameter/sluice/${STAGE}/key`;
const secret = `arn:aws:secretsmanager:${here}:secret:sluice/${STAGE}/key-AbCdEf`;

/** What the runtime loads of aws/, as its imports say, and what that loads. */
function filesOfTheRuntime(): ReadonlySet<string> {
  const files = new Set(importsOf('consumer/lambda.ts'));
  for (const file of files) for (const imported of importsOf(file)) files.add(imported);
  return files;
}

function importsOf(file: string): readonly string[] {
  const source = readFileSync(join(projectRoot, file), 'utf8').replace(/^import type .*$/gm, '');
  return [...source.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)]
    .map(([, path = '']) => join(dirname(file), path))
    .filter((path) => path.startsWith('aws/'));
}

function callsOf(files: readonly string[]): ReadonlySet<string> {
  const sources = files.map((file) => readFileSync(join(projectRoot, file), 'utf8'));
  return new Set(
    sources.flatMap((source) =>
      [...source.matchAll(/ask\(\s*'(\w+:\w+)'/g)].map(([, action = '']) => action),
    ),
  );
}

describe('the role of the consumers', () => {
  const may = (action: string, resource: string) => allows(statementsOf('consumer'), { action, resource });

  it.each([
    ['sqs:ReceiveMessage', arnOf('queue', STAGE)],
    ['sqs:DeleteMessage', arnOf('queue', STAGE)],
    ['sqs:ChangeMessageVisibility', arnOf('queue', STAGE)],
    ['sqs:GetQueueAttributes', arnOf('queue', STAGE)],
    ['sqs:GetQueueUrl', arnOf('queue', STAGE)],
    ['sqs:GetQueueUrl', `${arnOf('queue', STAGE)}-dlq`],
    ['dynamodb:UpdateItem', flow(STAGE)],
    ['dynamodb:DeleteItem', flow(STAGE)],
    ['dynamodb:BatchGetItem', flow(STAGE)],
    ['dynamodb:GetItem', holds(STAGE)],
    ['dynamodb:PutItem', holds(STAGE)],
    ['dynamodb:UpdateItem', bursts(STAGE)],
    ['sqs:SendMessage', `${arnOf('queue', STAGE)}-dlq`],
    ['logs:CreateLogStream', logStream(`/sluice/${STAGE}/consumers`)],
    ['logs:PutLogEvents', logStream(`/sluice/${STAGE}/consumers`)],
    ['ssm:GetParameters', parameter],
    ['secretsmanager:GetSecretValue', secret],
  ])('may %s on %s', (action, resource) => expect(may(action, resource)).toBe(true));

  it('may make every call that the runtime makes, on what it makes it, and the runtime makes no other', () => {
    const queues = [arnOf('queue', STAGE), `${arnOf('queue', STAGE)}-dlq`];
    const on: Readonly<Record<string, readonly string[]>> = {
      'sqs:GetQueueUrl': queues,
      'sqs:SendMessage': queues,
      'sqs:ChangeMessageVisibility': queues.slice(0, 1),
      'dynamodb:UpdateItem': [flow(STAGE), bursts(STAGE)],
      'dynamodb:DeleteItem': [flow(STAGE)],
      'dynamodb:BatchGetItem': [flow(STAGE)],
      'dynamodb:GetItem': [holds(STAGE)],
      'dynamodb:PutItem': [holds(STAGE)],
      'ssm:GetParameters': [parameter],
      'secretsmanager:GetSecretValue': [secret],
    };
    const called = callsOf([...filesOfTheRuntime()]);
    expect([...called].sort()).toEqual(Object.keys(on).sort());
    const denied = [...called].filter((action) => !on[action]?.every((resource) => may(action, resource)));
    expect(denied).toEqual([]);
  });

  it.each([
    ['sqs:DeleteQueue', arnOf('queue', STAGE)],
    ['sqs:SetQueueAttributes', arnOf('queue', STAGE)],
    ['sqs:SendMessage', queue('sluice-pipe-other-customer-42')],
    ['sqs:ReceiveMessage', queue(`sluice-${STAGE}-config-failures`)],
    ['dynamodb:PutItem', arnOf('pipelines', STAGE)],
    ['dynamodb:UpdateItem', arnOf('ledgers', STAGE)],
    ['dynamodb:UpdateItem', flow('other')],
    ['dynamodb:DeleteTable', flow(STAGE)],
    ['dynamodb:PutItem', holds('other')],
    ['dynamodb:UpdateItem', bursts('other')],
    ['dynamodb:GetItem', bursts(STAGE)],
    ['dynamodb:PutItem', bursts(STAGE)],
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
