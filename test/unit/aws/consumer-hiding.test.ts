import { beforeEach, describe, expect, it } from '@jest/globals';
import { type ConsumerMessages, createConsumerMessages } from '../../../aws/consumer-messages.ts';
import { onFakeAws } from './consumer-world.ts';
import { jsonError } from './fake-aws.ts';

const QUEUE = 'sluice-pipe-dev-a';
const signal = new AbortController().signal;

const aws = onFakeAws();
let messages: ConsumerMessages;
beforeEach(() => {
  messages = createConsumerMessages('sluice-dev-flow');
  aws().replyWith({ body: { QueueUrl: `${aws().connection.endpoint}/111122223333/${QUEUE}` } });
});

const hideMany = (count: number, until: AbortSignal = signal) =>
  Promise.allSettled(
    Array.from({ length: count }, (_, index) => messages.hide(QUEUE, `receipt-${index}`, index % 900, until)),
  );
const entriesOf = (body: unknown) =>
  (body as { Entries: readonly { Id: string; ReceiptHandle: string; VisibilityTimeout: number }[] }).Entries;

describe('messages that are hidden at once', () => {
  it('go ten in a call, each with its own time', async () => {
    await hideMany(23);
    const [url, ...calls] = aws().seen;
    expect(url?.call).toBe('GetQueueUrl');
    expect(calls.map(({ call }) => call)).toEqual(Array(3).fill('ChangeMessageVisibilityBatch'));
    const entries = calls.map(({ body }) => entriesOf(body));
    expect(entries.map((some) => some.length).sort()).toEqual([10, 10, 3]);
    for (const some of entries) expect(new Set(some.map(({ Id }) => Id)).size).toBe(some.length);
    const hidden = entries.flat().map((one) => [one.ReceiptHandle, one.VisibilityTimeout]);
    expect(new Map(hidden as [string, number][])).toEqual(
      new Map(Array.from({ length: 23 }, (_, index) => [`receipt-${index}`, index])),
    );
  });

  it('may be ten thousand, with no more calls at once than sockets can be had for', async () => {
    const settled = await hideMany(10_000);
    expect(settled.every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(aws().seen).toHaveLength(1 + 1_000);
  }, 30_000);

  it('fail one by one where SQS takes only some of them', async () => {
    aws().replyWith(
      { body: { QueueUrl: `${aws().connection.endpoint}/111122223333/${QUEUE}` } },
      {
        body: {
          Successful: [{ Id: '0' }, { Id: '2' }],
          Failed: [{ Id: '1', Code: 'ReceiptHandleIsInvalid', Message: 'no', SenderFault: true }],
        },
      },
    );
    const settled = await hideMany(3);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(settled[1]).toMatchObject({
      reason: { code: 'ReceiptHandleIsInvalid', operation: 'sqs:ChangeMessageVisibility', retryable: false },
    });
  });

  it('all fail where the call does', async () => {
    aws().replyWith(jsonError('QueueDoesNotExist', 'no'));
    const settled = await hideMany(12);
    expect(settled.map(({ status }) => status)).toEqual(Array(12).fill('rejected'));
    expect(settled[0]).toMatchObject({ reason: { code: 'QueueDoesNotExist' } });
    // The address is asked for again then.
    expect((await hideMany(1))[0]).toMatchObject({ status: 'fulfilled' });
  });

  it('are given up when their time is over', async () => {
    aws().replyWith({ hang: true }, { hang: true });
    const controller = new AbortController();
    const settled = hideMany(12, controller.signal);
    setTimeout(() => controller.abort(), 50);
    expect((await settled).map(({ status }) => status)).toEqual(Array(12).fill('rejected'));
  });
});
