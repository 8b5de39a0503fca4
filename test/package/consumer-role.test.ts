import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../lab/local-stage/paths.ts';
import { arnOf } from './needed-actions.ts';
import { allows } from './policy.ts';
import { here, logStream, queue, STAGE, statementsOf } from './roles.ts';

const flow = (stage: string) => `arn:aws:dynamodb:${here}:table/sluice-${stage}-flow`;
const holds = (stage: string) => `arn:aws:dynamodb:${here}:table/sluice-${stage}-holds`;

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
    ['sqs:SendMessage', `${arnOf('queue', STAGE)}-dlq`],
    ['logs:CreateLogStream', logStream(`/sluice/${STAGE}/consumers`)],
    ['logs:PutLogEvents', logStream(`/sluice/${STAGE}/consumers`)],
    ['ssm:GetParameters', `arn:aws:ssm:${here}:parameter/sluice/${STAGE}/key`],
    ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:${here}:secret:sluice/${STAGE}/key-AbCdEf`],
  ])('may %s on %s', (action, resource) => expect(may(action, resource)).toBe(true));

  it('may make every call that the runtime makes', () => {
    const source = readFileSync(join(projectRoot, 'aws/consumer-messages.ts'), 'utf8');
    const actions = [...source.matchAll(/ask\(\s*'(\w+:\w+)'/g)].map(([, action = '']) => action);
    expect(new Set(actions).size).toBe(4);
    const on = (action: string) =>
      action.startsWith('dynamodb:')
        ? [flow(STAGE)]
        : [arnOf('queue', STAGE), `${arnOf('queue', STAGE)}-dlq`];
    const denied = actions.filter((action) => !on(action).every((resource) => may(action, resource)));
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
