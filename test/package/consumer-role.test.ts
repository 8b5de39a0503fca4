import { describe, expect, it } from '@jest/globals';
import { arnOf } from './needed-actions.ts';
import { allows } from './policy.ts';
import { here, logStream, queue, STAGE, statementsOf } from './roles.ts';

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
