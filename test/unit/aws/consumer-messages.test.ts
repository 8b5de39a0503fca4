import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type ConsumerMessages, createConsumerMessages } from '../../../aws/consumer-messages.ts';
import { onFakeAws } from './consumer-world.ts';
import { jsonError } from './fake-aws.ts';

const QUEUE = 'sluice-pipe-dev-a';
const of = { messageId: 'm1', receive: 4, expiresAtSeconds: 1_801_209_600 };
const signal = new AbortController().signal;
const letter = {
  body: '{}',
  attributes: { seal: { type: 'Binary', value: 'AAEC' }, kind: { type: 'String', value: 'urgent' } },
  isNoted: true,
};

const aws = onFakeAws();
let messages: ConsumerMessages;
beforeEach(() => {
  messages = createConsumerMessages('sluice-dev-flow');
});

describe('what a consumer does with messages', () => {
  const queueUrl = (name: string) => ({
    body: { QueueUrl: `${aws().connection.endpoint}/111122223333/${name}` },
  });

  it('notes a receive in the set of those that were attempts', async () => {
    aws().replyWith({ body: { Attributes: { attempts: { NS: ['1', '4'] }, expiresAt: { N: '1' } } } });
    expect(await messages.noteAttempt(of, signal)).toBe(2);
    expect(aws().seen).toEqual([
      {
        call: 'UpdateItem',
        body: {
          TableName: 'sluice-dev-flow',
          Key: { flowId: { S: 'attempts/m1' } },
          UpdateExpression: 'SET expiresAt = :expiresAt ADD attempts :receive',
          ExpressionAttributeValues: { ':receive': { NS: ['4'] }, ':expiresAt': { N: '1801209600' } },
          ReturnValues: 'UPDATED_NEW',
        },
      },
    ]);
  });

  it('takes a receive out of the set', async () => {
    await messages.forgetAttempt(of, signal);
    expect(aws().seen).toMatchObject([
      {
        call: 'UpdateItem',
        body: {
          UpdateExpression: 'DELETE attempts :receive',
          ExpressionAttributeValues: { ':receive': { NS: ['4'] } },
        },
      },
    ]);
  });

  it('hides a message, and asks for the queue’s address once', async () => {
    aws().replyWith(queueUrl(QUEUE));
    await messages.hide(QUEUE, 'receipt', 7, signal);
    await messages.hide(QUEUE, 'receipt', 9, signal);
    expect(aws().seen).toMatchObject([
      { call: 'GetQueueUrl', body: { QueueName: QUEUE } },
      { call: 'ChangeMessageVisibility', body: { ReceiptHandle: 'receipt', VisibilityTimeout: 7 } },
      { call: 'ChangeMessageVisibility', body: { ReceiptHandle: 'receipt', VisibilityTimeout: 9 } },
    ]);
  });

  it('sends a dead letter with its attributes, whatever they are', async () => {
    // The SDK looks at what SQS says of the body that it has received.
    const MD5OfMessageBody = createHash('md5').update(letter.body).digest('hex');
    aws().replyWith(queueUrl(`${QUEUE}-dlq`), { body: { MessageId: 'm2', MD5OfMessageBody } });
    await messages.send(`${QUEUE}-dlq`, letter, signal);
    expect(aws().seen).toMatchObject([
      { call: 'GetQueueUrl', body: { QueueName: `${QUEUE}-dlq` } },
      {
        call: 'SendMessage',
        body: {
          MessageBody: '{}',
          MessageAttributes: {
            seal: { DataType: 'Binary', BinaryValue: 'AAEC' },
            kind: { DataType: 'String', StringValue: 'urgent' },
          },
        },
      },
    ]);
  });

  it('sends one message in the place of another with a delay, and with nothing of its history', async () => {
    const lambda = {
      AWS_LAMBDA_FUNCTION_NAME: 'f',
      _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793',
    };
    Object.assign(process.env, lambda);
    const MD5OfMessageBody = createHash('md5').update('{}').digest('hex');
    aws().replyWith(queueUrl(QUEUE), { body: { MessageId: 'm2', MD5OfMessageBody } });
    await messages.send(QUEUE, { body: '{}', attributes: {}, delaySeconds: 900 }, signal);
    await messages.noteAttempt(of, signal);
    for (const name of Object.keys(lambda)) delete process.env[name];
    expect(aws().seen[1]).toMatchObject({ call: 'SendMessage', body: { DelaySeconds: 900 } });
    // Lambda takes sixteen messages of one trace for a loop. Other calls carry it on.
    const traced = aws().headers.map((headers) => headers['x-amzn-trace-id'] !== undefined);
    expect(traced).toEqual([false, false, true]);
  });

  it('says what AWS refused', async () => {
    aws().replyWith(jsonError('AccessDeniedException', 'no'));
    await expect(messages.noteAttempt(of, signal)).rejects.toMatchObject({
      code: 'AccessDeniedException',
      operation: 'dynamodb:UpdateItem',
    });
    aws().replyWith(jsonError('QueueDoesNotExist', 'no'));
    await expect(messages.send(`${QUEUE}-dlq`, letter, signal)).rejects.toMatchObject({
      code: 'QueueDoesNotExist',
    });
  });

  it('gives up when its signal aborts, and after two tries without an answer', async () => {
    await expect(messages.hide(QUEUE, 'receipt', 7, AbortSignal.abort())).rejects.toThrow();
    aws().replyWith({ hang: true }, { hang: true });
    const startedMs = Date.now();
    await expect(messages.noteAttempt(of, signal)).rejects.toMatchObject({ retryable: true });
    expect(Date.now() - startedMs).toBeLessThan(5_000);
  });

  it('counts nothing without a table', async () => {
    const without = createConsumerMessages(undefined);
    await expect(without.noteAttempt(of, signal)).rejects.toThrow('no table to count attempts in');
  });
});
