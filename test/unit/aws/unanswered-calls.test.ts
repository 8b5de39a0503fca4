import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../aws/ports.ts';
import { type FakeAws, lambdaError, type Reply } from './fake-aws.ts';
import { consumer, permit, startFakeStage, url } from './fake-stage.ts';

const CALL_SECONDS = 2;
const IN_TIME_MS = CALL_SECONDS * 1_000 + 600;

let aws: FakeAws;
let ports: Ports;
beforeEach(async () => {
  ({ aws, ports } = await startFakeStage(CALL_SECONDS));
});
afterEach(() => aws.stop());

describe('the call budget', () => {
  const throttled = lambdaError(429, 'TooManyRequestsException', 'Rate exceeded');
  it.each<[string, Reply]>([
    ['a throttle', throttled],
    ['a fault', lambdaError(500, 'ServiceException', 'oops')],
    ['a connection that breaks', { drop: true }],
  ])('is not broken by a hidden retry of %s', async (_what, reply) => {
    aws.replyWith(reply, reply, reply);
    await expect(ports.functions.configure(consumer, permit)).rejects.toThrow(
      'lambda:UpdateFunctionConfiguration failed',
    );
    await expect(ports.mappings.read('id', permit)).rejects.toThrow('lambda:GetEventSourceMapping failed');
    expect(aws.seen).toHaveLength(2);
  });

  it('does not hold for other services: they retry twice', async () => {
    const fault: Reply = { status: 500, body: { __type: 'InternalFailure' } };
    aws.replyWith(fault, fault);
    expect(await ports.queues.delete(url)).toBe('deleted');
    expect(aws.seen).toHaveLength(3);
  });
});

describe('a call that is not answered', () => {
  it('of Lambda ends in time, after one attempt', async () => {
    aws.replyWith({ hang: true });
    const startMs = Date.now();
    await expect(ports.functions.read('f')).rejects.toMatchObject({ code: 'TimeoutError', retryable: true });
    expect(Date.now() - startMs).toBeLessThan(IN_TIME_MS);
    expect(aws.seen).toHaveLength(1);
  });

  it('of SQS ends in time, retries included', async () => {
    aws.replyWith({ hang: true }, { hang: true }, { hang: true });
    const startMs = Date.now();
    await expect(ports.queues.find('q')).rejects.toMatchObject({ code: 'TimeoutError', retryable: true });
    expect(Date.now() - startMs).toBeLessThan(IN_TIME_MS);
    expect(aws.seen).toHaveLength(3);
  });

  it('of a method that makes two ends in time, both together', async () => {
    aws.replyWith({ hang: true }, { hang: true }, {}, { hang: true }, { hang: true }, { hang: true });
    const startMs = Date.now();
    await expect(ports.queues.change(url, { closed: true })).rejects.toMatchObject({ retryable: true });
    expect(Date.now() - startMs).toBeLessThan(IN_TIME_MS);
  });
});
