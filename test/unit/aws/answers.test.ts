import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createCodeBucket } from '../../../aws/code-bucket.ts';
import { createConsumerFunctions } from '../../../aws/consumer-functions.ts';
import { createExecutions } from '../../../aws/executions.ts';
import { createLedgers } from '../../../aws/ledgers.ts';
import { createMappings } from '../../../aws/mappings.ts';
import type { ConsumerFunctions, Mappings, Permit, TaskQueues } from '../../../aws/ports.ts';
import { createStatusRecords } from '../../../aws/status-records.ts';
import { createTaskQueues } from '../../../aws/task-queues.ts';
import type { FunctionSpec, MappingSpec } from '../../../core/lifecycle/target.ts';
import { newStatus } from '../../../core/status-record.ts';
import { type FakeAws, jsonError, lambdaError, type Reply, startFakeAws } from './fake-aws.ts';

let aws: FakeAws;
let queues: TaskQueues;
let functions: ConsumerFunctions;
let mappings: Mappings;
beforeEach(async () => {
  aws = await startFakeAws(2_000);
  queues = createTaskQueues(aws.clients.sqs, { consumerRoleArn: 'arn:role', callMs: 2_000 });
  functions = createConsumerFunctions(aws.clients.lambda, 'code');
  mappings = createMappings(aws.clients.lambda);
});
afterEach(() => aws.stop());

const permit: Permit = { lane: 'edit', startMs: 0 };
const url = 'http://127.0.0.1/111122223333/q';
const code = { key: 'consumer.zip', version: 'v' };
const queue = { name: 'q', visibilityTimeoutSeconds: 30, messageRetentionSeconds: 60, tags: {} };
const consumer: FunctionSpec = {
  name: 'f',
  roleArn: 'arn:role',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  architecture: 'arm64',
  timeoutSeconds: 30,
  memoryMb: 256,
  environment: {},
  layers: [],
  subnetIds: [],
  securityGroupIds: [],
  tracing: false,
  logGroup: '/g',
  tags: {},
};
const mapping: MappingSpec = {
  functionName: 'f',
  queueArn: 'arn:q',
  enabled: true,
  maximumConcurrency: 5,
  batchSize: 1,
  batchWindowSeconds: 0,
  partialFailures: true,
  tags: {},
};

const PENDING = lambdaError(
  409,
  'ResourceConflictException',
  'The operation cannot be performed at this time. The function is currently in the following state: Pending',
);
const UPDATING = lambdaError(
  409,
  'ResourceConflictException',
  'The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:eu-west-1:111122223333:function:f',
);
const NO_FUNCTION = lambdaError(
  404,
  'ResourceNotFoundException',
  'Function not found: arn:aws:lambda:eu-west-1:1:function:f',
);
const NO_MAPPING = lambdaError(
  404,
  'ResourceNotFoundException',
  'The resource you requested does not exist.',
);
const TAKEN = lambdaError(409, 'ResourceConflictException', 'Function already exist: f');
const invalid = (message: string) => lambdaError(400, 'InvalidParameterValueException', message);
const NO_KEY = invalid(
  'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
);
const ID = '2bac96f9-a36e-4017-a5a4-aa977086a2b6';
const MAPPED = lambdaError(
  409,
  'ResourceConflictException',
  `An event source mapping with SQS arn (" arn:q ") and function (" f ") already exists. Please update or delete the existing mapping with UUID ${ID}`,
);
const IN_USE = lambdaError(
  400,
  'ResourceInUseException',
  'Cannot update the event source mapping because it is in use.',
);
const NO_ROOM = invalid(
  "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
);
const ROLE = invalid('The role defined for the function cannot be assumed by Lambda.');
const NO_QUEUE = jsonError('QueueDoesNotExist', 'The specified queue does not exist.');

describe('expected errors are answers', () => {
  it.each<[string, () => Promise<unknown>, Reply, unknown]>([
    ['find: no queue', () => queues.find('q'), NO_QUEUE, undefined],
    ['read: no queue', () => queues.read(url), NO_QUEUE, undefined],
    ['tags: no queue', () => queues.tags(url), NO_QUEUE, undefined],
    ['delete: no queue', () => queues.delete(url), NO_QUEUE, 'gone'],
    ['change: no queue', () => queues.change(url, { visibilityTimeoutSeconds: 1 }), NO_QUEUE, 'gone'],
    ['close: no queue', () => queues.change(url, { closed: true }), NO_QUEUE, 'gone'],
    [
      'create: deleted within the minute',
      () => queues.create(queue),
      jsonError(
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      ),
      { kind: 'nameBlocked' },
    ],
    [
      'create: other attributes',
      () => queues.create(queue),
      jsonError(
        'QueueNameExists',
        'A queue already exists with the same name and a different value for attribute VisibilityTimeout',
      ),
      { kind: 'differs' },
    ],
    [
      'cancelRedrives: no queue',
      () => queues.cancelRedrives('arn:q'),
      jsonError(
        'ResourceNotFoundException',
        'The resource that you specified for the SourceArn parameter doesn\u2019t exist.',
      ),
      undefined,
    ],
    ['read: no function', () => functions.read('f'), NO_FUNCTION, undefined],
    ['create: taken', () => functions.create(consumer, code, permit), TAKEN, { kind: 'exists' }],
    ['create: role too new', () => functions.create(consumer, code, permit), ROLE, { kind: 'notReady' }],
    ['create: no object', () => functions.create(consumer, code, permit), NO_KEY, { kind: 'noCode' }],
    ['configure: Pending', () => functions.configure(consumer, permit), PENDING, 'busy'],
    ['configure: in progress', () => functions.configure(consumer, permit), UPDATING, 'busy'],
    ['configure: no function', () => functions.configure(consumer, permit), NO_FUNCTION, 'gone'],
    [
      'updateCode: in progress',
      () => functions.updateCode(consumer, code, permit),
      UPDATING,
      { kind: 'busy' },
    ],
    [
      'updateCode: no function',
      () => functions.updateCode(consumer, code, permit),
      NO_FUNCTION,
      { kind: 'gone' },
    ],
    ['updateCode: no object', () => functions.updateCode(consumer, code, permit), NO_KEY, { kind: 'noCode' }],
    ['reserveOne: no room', () => functions.reserveOne('f', permit), NO_ROOM, 'noRoom'],
    ['reserveOne: in progress', () => functions.reserveOne('f', permit), UPDATING, 'busy'],
    ['reserveOne: no function', () => functions.reserveOne('f', permit), NO_FUNCTION, 'gone'],
    ['releaseReservation: no function', () => functions.releaseReservation('f', permit), NO_FUNCTION, 'gone'],
    ['delete: no function', () => functions.delete('f', permit), NO_FUNCTION, 'gone'],
    ['delete: in progress', () => functions.delete('f', permit), UPDATING, 'busy'],
    ['create: mapped already', () => mappings.create(mapping, permit), MAPPED, { kind: 'exists', id: ID }],
    [
      'create: no function to map',
      () => mappings.create(mapping, permit),
      NO_FUNCTION,
      { kind: 'notReady', reason: 'Function not found: arn:aws:lambda:eu-west-1:1:function:f' },
    ],
    [
      'create: role may not receive yet',
      () => mappings.create(mapping, permit),
      invalid('The provided execution role does not have permissions to call ReceiveMessage on SQS'),
      {
        kind: 'notReady',
        reason: 'The provided execution role does not have permissions to call ReceiveMessage on SQS',
      },
    ],
    ['read: no mapping', () => mappings.read('id', permit), NO_MAPPING, undefined],
    ['find: no function', () => mappings.find('f', 'arn:q', permit), NO_FUNCTION, undefined],
    ['change: in use', () => mappings.change('id', { enabled: true }, permit), IN_USE, { kind: 'inUse' }],
    [
      'change: no mapping',
      () => mappings.change('id', { enabled: true }, permit),
      NO_MAPPING,
      { kind: 'gone' },
    ],
    ['delete: in use', () => mappings.delete('id', permit), IN_USE, 'inUse'],
    ['delete: no mapping', () => mappings.delete('id', permit), NO_MAPPING, 'gone'],
    [
      'start: name used',
      () =>
        createExecutions(aws.clients.sfn, 'arn:m').start('n', { pipelineId: 'a', verify: false, reason: '' }),
      jsonError('ExecutionAlreadyExists', 'Execution Already Exists: arn:m:n'),
      'already',
    ],
  ])('%s', async (_what, act, reply, answer) => {
    aws.replyWith(reply);
    expect(await act()).toEqual(answer);
    expect(aws.seen).toHaveLength(1);
  });

  it.each([
    ['a missing object', 404, undefined],
    ['a delete marker', 405, undefined],
    ['a version id that is none', 400, 'no-such-version'],
  ])('knows of no code at %s', async (_what, status, version) => {
    aws.replyWith({ status });
    expect(await createCodeBucket(aws.clients.s3, 'code').head('key', version)).toBeUndefined();
  });
});

describe('unexpected errors are thrown', () => {
  it.each<[string, () => Promise<unknown>, Reply, string]>([
    [
      'a bad parameter',
      () => functions.create(consumer, code, permit),
      invalid('Bad'),
      'InvalidParameterValueException',
    ],
    [
      'a bad parameter',
      () => functions.updateCode(consumer, code, permit),
      invalid('Bad'),
      'InvalidParameterValueException',
    ],
    [
      'a bad parameter',
      () => functions.reserveOne('f', permit),
      invalid('Bad'),
      'InvalidParameterValueException',
    ],
    [
      'a bad parameter',
      () => mappings.create(mapping, permit),
      invalid('Bad'),
      'InvalidParameterValueException',
    ],
    [
      'a missing permission',
      () => mappings.read('id', permit),
      lambdaError(403, 'AccessDeniedException', 'no'),
      'AccessDeniedException',
    ],
    [
      'a forbidden object',
      () => createCodeBucket(aws.clients.s3, 'code').head('key'),
      { status: 403 },
      'Http403',
    ],
  ])('%s', async (_what, act, reply, code) => {
    aws.replyWith(reply);
    await expect(act()).rejects.toMatchObject({ name: 'AwsError', code, retryable: false });
  });
});

describe('the call budget', () => {
  const throttled = lambdaError(429, 'TooManyRequestsException', 'Rate exceeded');
  it.each<[string, Reply]>([
    ['a throttle', throttled],
    ['a fault', lambdaError(500, 'ServiceException', 'oops')],
    ['a connection that breaks', { drop: true }],
  ])('is not broken by a hidden retry of %s', async (_what, reply) => {
    aws.replyWith(reply, reply, reply);
    await expect(functions.configure(consumer, permit)).rejects.toThrow(
      'lambda:UpdateFunctionConfiguration failed',
    );
    await expect(mappings.read('id', permit)).rejects.toThrow('lambda:GetEventSourceMapping failed');
    expect(aws.seen).toHaveLength(2);
  });

  it('does not hold for other services: they retry twice', async () => {
    const fault: Reply = { status: 500, body: { __type: 'InternalFailure' } };
    aws.replyWith(fault, fault);
    expect(await queues.delete(url)).toBe('deleted');
    expect(aws.seen).toHaveLength(3);
  });
});

describe('a call that is not answered', () => {
  it('of Lambda ends in time, after one attempt', async () => {
    aws.replyWith({ hang: true });
    const startMs = Date.now();
    await expect(functions.read('f')).rejects.toMatchObject({ code: 'TimeoutError', retryable: true });
    expect(Date.now() - startMs).toBeLessThan(2_600);
    expect(aws.seen).toHaveLength(1);
  });

  it('of SQS ends in time, retries included', async () => {
    aws.replyWith({ hang: true }, { hang: true }, { hang: true });
    const startMs = Date.now();
    await expect(queues.find('q')).rejects.toMatchObject({ code: 'TimeoutError', retryable: true });
    expect(Date.now() - startMs).toBeLessThan(2_600);
    expect(aws.seen).toHaveLength(3);
  });

  it('of a method that makes two ends in time, both together', async () => {
    aws.replyWith({ hang: true }, { hang: true }, {}, { hang: true }, { hang: true }, { hang: true });
    const startMs = Date.now();
    await expect(queues.change(url, { closed: true })).rejects.toMatchObject({ retryable: true });
    expect(Date.now() - startMs).toBeLessThan(2_600);
  });
});

describe('compare and set', () => {
  const refusal = (writeId: string) =>
    jsonError('ConditionalCheckFailedException', 'The conditional request failed', {
      Item: { writeId: { S: writeId } },
    });

  it('knows its own write again when the reply to it was lost', async () => {
    const statuses = createStatusRecords(aws.clients.documents, 'status');
    aws.replyWith({ drop: true });
    const written = statuses.write(newStatus('a', ''));
    await until(() => aws.seen.length === 1);
    const put = aws.seen[0]?.body as { Item: { writeId: { S: string } } } | undefined;
    aws.replyWith(refusal(put?.Item.writeId.S ?? ''));
    expect(await written).toBe('written');
    expect(aws.seen).toHaveLength(2);
  });

  it('takes the write of anybody else for a conflict', async () => {
    aws.replyWith(
      refusal('other'),
      jsonError('ConditionalCheckFailedException', 'The conditional request failed'),
    );
    const ledgers = createLedgers(aws.clients.documents, 'ledgers', 2_000);
    expect(await ledgers.write('a', 1, 3)).toBe('conflict');
    expect(await ledgers.write('a', 1, 0)).toBe('conflict');
  });
});

describe('reserving', () => {
  const refused = (nextMs?: number) =>
    jsonError('ConditionalCheckFailedException', 'The conditional request failed', {
      ...(nextMs === undefined ? {} : { Item: { nextMs: { N: String(nextMs) } } }),
    });
  const request = { nowMs: 1_000, spacingMs: 100, count: 2, horizonMs: 500 };

  it.each<[string, Reply[], unknown]>([
    [
      'a busy ledger takes one update',
      [{ body: { Attributes: { nextMs: { N: '1200' } } } }],
      { kind: 'granted', startMs: 1_200 },
    ],
    ['a full ledger takes one', [refused(1_501)], { kind: 'full', nextFreeMs: 1_501 }],
    [
      'an idle ledger takes two',
      [refused(999), { body: { Attributes: { nextMs: { N: '999' } } } }],
      { kind: 'granted', startMs: 1_000 },
    ],
    ['a new ledger takes two', [refused(), {}], { kind: 'granted', startMs: 1_000 }],
    [
      'a race to an idle ledger takes three',
      [refused(), refused(1_200), { body: { Attributes: { nextMs: { N: '1200' } } } }],
      { kind: 'granted', startMs: 1_200 },
    ],
    [
      'a race that filled it takes three',
      [refused(), refused(1_200), refused(1_600)],
      { kind: 'full', nextFreeMs: 1_600 },
    ],
  ])('%s', async (_what, replies, answer) => {
    aws.replyWith(...replies);
    expect(await createLedgers(aws.clients.documents, 'ledgers', 2_000).reserve('a', request)).toEqual(
      answer,
    );
    expect(aws.seen).toHaveLength(replies.length);
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 1));
}
