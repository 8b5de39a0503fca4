import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { invokeFunction } from '../../../aws/invocations.ts';
import type { InvokeAnswer } from '../../../aws/ports.ts';
import { type FakeAws, lambdaError, type Reply, startFakeAws } from './fake-aws.ts';
import { NO_FUNCTION, PENDING } from './replies.ts';

/** An invoked function takes longer than any other call may. */
const CALL_MS = 200;
const INVOKE_MS = 1_000;

let aws: FakeAws;
beforeEach(async () => {
  aws = await startFakeAws(CALL_MS);
});
afterEach(() => aws.stop());

const invoke = (event: unknown = {}) => invokeFunction(aws.clients.lambda, 'f', event, INVOKE_MS);

function fault(kind: 'Unhandled' | 'Handled', body: unknown): Reply {
  return { headers: { 'x-amz-function-error': kind }, body };
}

describe('an invoked function', () => {
  it('gets its event and answers', async () => {
    aws.replyWith({ body: { batchItemFailures: [] } });
    expect(await invoke({ Records: [] })).toEqual({ kind: 'returned', payload: { batchItemFailures: [] } });
    expect(aws.seen).toEqual([{ call: 'POST /2015-03-31/functions/f/invocations', body: { Records: [] } }]);
  });

  it.each<[string, Reply, InvokeAnswer]>([
    ['nothing', { body: '' }, { kind: 'returned', payload: null }],
    ['null', { body: 'null' }, { kind: 'returned', payload: null }],
    [
      'an error that it threw',
      fault('Unhandled', { errorType: 'TypeError', errorMessage: 'x is undefined', trace: [] }),
      { kind: 'failed', error: 'TypeError: x is undefined' },
    ],
    [
      'that it ran out of time',
      fault('Unhandled', {
        errorType: 'Sandbox.Timedout',
        errorMessage: 'Task timed out after 60.00 seconds',
      }),
      { kind: 'failed', error: 'Sandbox.Timedout: Task timed out after 60.00 seconds' },
    ],
    ['an error of no kind', fault('Handled', {}), { kind: 'failed', error: 'Handled: no message' }],
    [
      'that its zip is none',
      lambdaError(502, 'InvalidZipFileException', 'Lambda could not unzip the deployment package.'),
      { kind: 'failed', error: 'Lambda could not unzip the deployment package.' },
    ],
    ['a throttle', lambdaError(429, 'TooManyRequestsException', 'Rate exceeded'), { kind: 'busy' }],
    ['that it is Pending', PENDING, { kind: 'busy' }],
    ['that it wakes up', lambdaError(502, 'ResourceNotReadyException', 'not ready'), { kind: 'busy' }],
    ['that it is gone', NO_FUNCTION, { kind: 'gone' }],
  ])('answers %s, and is called once', async (_what, reply, answer) => {
    aws.replyWith(reply);
    expect(await invoke()).toEqual(answer);
    expect(aws.seen).toHaveLength(1);
  });

  it('fails with an error of any length, of which people read the beginning', async () => {
    aws.replyWith(fault('Unhandled', { errorType: 'Error', errorMessage: 'x'.repeat(100_000) }));
    const answer = await invoke();
    expect(answer.kind === 'failed' && answer.error.length).toBe(1_000);
  });

  it('may take longer than other calls, and fails once it takes too long', async () => {
    aws.replyWith({ hang: true });
    const startMs = Date.now();
    expect(await invoke()).toEqual({ kind: 'failed', error: 'no answer within 1 s' });
    expect(Date.now() - startMs).toBeGreaterThan(INVOKE_MS - 50);
  });

  it('has not failed where the network has', async () => {
    aws.replyWith({ drop: true });
    await expect(invoke()).rejects.toThrow('lambda:InvokeFunction failed');
  });
});
