import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { LambdaServiceException, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { ExecutionLimitExceeded } from '@aws-sdk/client-sfn';
import { QueueDoesNotExist, SQSServiceException } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { AwsError, ask, translate } from '../../../aws/errors.ts';

const $metadata = { httpStatusCode: 400, requestId: 'f9b7' };

describe('translate', () => {
  it('keeps what a person needs to find the call again', () => {
    const cause = new QueueDoesNotExist({ message: 'The specified queue does not exist.', $metadata });
    const error = translate(cause, 'sqs:GetQueueUrl');
    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({
      name: 'AwsError',
      code: 'QueueDoesNotExist',
      service: 'sqs',
      operation: 'sqs:GetQueueUrl',
      requestId: 'f9b7',
      retryable: false,
      cause,
      message:
        'sqs:GetQueueUrl failed: QueueDoesNotExist: The specified queue does not exist. (request f9b7)',
      reason: 'The specified queue does not exist.',
    });
  });

  it('says in plain words that no answer came', () => {
    const cause = Object.assign(new Error('@smithy/node-http-handler - [ERROR] …'), { name: 'TimeoutError' });
    const { message, cause: kept } = translate(cause, 'sqs:GetQueueUrl');
    expect([message, kept]).toEqual(['sqs:GetQueueUrl failed: TimeoutError: no answer in time', cause]);
  });

  it('leaves an error alone that is translated already', () => {
    const error = translate(new Error('x'), 's3:GetObject');
    expect(translate(error, 'sqs:SendMessage')).toBe(error);
  });

  it.each([
    [
      'a throttle of Lambda',
      new TooManyRequestsException({ message: 'Rate exceeded', $metadata: { httpStatusCode: 429 } }),
      true,
    ],
    ['a fault of AWS', fault(500, 'ServiceException'), true],
    ['an answer without a name', fault(503, 'Unknown'), true],
    ['a refusal', fault(400, 'InvalidParameterValueException'), false],
    ['a missing permission', fault(403, 'AccessDeniedException'), false],
    ['a failed condition', new ConditionalCheckFailedException({ message: 'no', $metadata }), false],
    ['too many executions at once', new ExecutionLimitExceeded({ message: 'max', $metadata }), false],
    ['a throttle of DynamoDB', fault(400, 'ProvisionedThroughputExceededException'), true],
    ['a connection that broke', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), true],
    ['nobody there', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), true],
    ['a time-out', Object.assign(new Error('timed out'), { name: 'TimeoutError' }), true],
    ['a bug', new TypeError('x is not a function'), false],
    ['nothing at all', undefined, false],
  ])('says of %s whether a retry can help', (_what, cause, retryable) => {
    expect(translate(cause, 'lambda:CreateFunction').retryable).toBe(retryable);
  });

  it.each([
    ['AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist'],
    ['QueueAlreadyExists', 'QueueNameExists'],
    ['AWS.SimpleQueueService.QueueDeletedRecently', 'QueueDeletedRecently'],
  ])('knows %s by its new name', (name, code) => {
    const cause = new SQSServiceException({ name, message: 'm', $fault: 'client', $metadata });
    expect(translate(cause, 'sqs:CreateQueue').code).toBe(code);
  });

  it.each([
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [fault(405, 'Unknown'), 'Http405'],
    ['thrown text', 'Unknown'],
    [null, 'Unknown'],
  ])('gives everything a code: %s', (cause, code) => {
    expect(translate(cause, 's3:GetObject').code).toBe(code);
  });
});

describe('ask', () => {
  const call = () => Promise.reject(fault(404, 'Gone'));

  it('answers what is expected', async () => {
    const answer: string = await ask('s3:GetObject', call(), () => 'there', { Gone: () => 'gone' });
    expect(answer).toBe('gone');
  });

  it('throws what is not, even where it has the name of a method of objects', async () => {
    await expect(ask<unknown, string>('s3:GetObject', call(), () => 'there')).rejects.toMatchObject({
      code: 'Gone',
    });
    const odd = Promise.reject(fault(400, 'toString'));
    await expect(ask<unknown, string>('s3:GetObject', odd, () => 'there')).rejects.toMatchObject({
      code: 'toString',
    });
  });
});

function fault(httpStatusCode: number, name: string) {
  return new LambdaServiceException({
    name,
    message: 'm',
    $fault: httpStatusCode < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode, requestId: 'r' },
  });
}
