import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ports } from '../../../aws/ports.ts';
import { type FakeAws, lambdaError, type Reply } from './fake-aws.ts';
import { code, consumer, mapping, permit, queue, startFakeStage, url } from './fake-stage.ts';
import * as says from './refusal-texts.ts';
import {
  IN_USE,
  invalid,
  MAPPED,
  MAPPING_ID,
  NAME_USED,
  NO_FUNCTION,
  NO_KEY,
  NO_MAPPING,
  NO_QUEUE,
  NO_RECEIVE,
  NO_ROOM,
  NO_SOURCE,
  PENDING,
  QUEUE_DELETED,
  QUEUE_DIFFERS,
  ROLE,
  TAKEN,
  UPDATING,
} from './replies.ts';

let aws: FakeAws;
let ports: Ports;
beforeEach(async () => {
  ({ aws, ports } = await startFakeStage());
});
afterEach(() => aws.stop());

describe('expected errors are answers', () => {
  it.each<[string, () => Promise<unknown>, Reply, unknown]>([
    ['find: no queue', () => ports.queues.find('q'), NO_QUEUE, undefined],
    ['read: no queue', () => ports.queues.read(url), NO_QUEUE, undefined],
    ['tags: no queue', () => ports.queues.tags(url), NO_QUEUE, undefined],
    ['delete: no queue', () => ports.queues.delete(url), NO_QUEUE, 'gone'],
    ['change: no queue', () => ports.queues.change(url, { visibilityTimeoutSeconds: 1 }), NO_QUEUE, 'gone'],
    ['close: no queue', () => ports.queues.change(url, { closed: true }), NO_QUEUE, 'gone'],
    [
      'create: deleted within the minute',
      () => ports.queues.create(queue),
      QUEUE_DELETED,
      { kind: 'nameBlocked' },
    ],
    ['create: other attributes', () => ports.queues.create(queue), QUEUE_DIFFERS, { kind: 'differs' }],
    ['cancelRedrives: no queue', () => ports.queues.cancelRedrives('arn:q'), NO_SOURCE, undefined],
    ['read: no function', () => ports.functions.read('f'), NO_FUNCTION, undefined],
    ['create: taken', () => ports.functions.create(consumer, code, permit), TAKEN, { kind: 'exists' }],
    [
      'create: role too new',
      () => ports.functions.create(consumer, code, permit),
      ROLE,
      { kind: 'notReady' },
    ],
    ['create: no object', () => ports.functions.create(consumer, code, permit), NO_KEY, { kind: 'noCode' }],
    ['configure: Pending', () => ports.functions.configure(consumer, permit), PENDING, 'busy'],
    ['configure: in progress', () => ports.functions.configure(consumer, permit), UPDATING, 'busy'],
    ['configure: no function', () => ports.functions.configure(consumer, permit), NO_FUNCTION, 'gone'],
    [
      'updateCode: in progress',
      () => ports.functions.updateCode(consumer, code, permit),
      UPDATING,
      { kind: 'busy' },
    ],
    [
      'updateCode: no function',
      () => ports.functions.updateCode(consumer, code, permit),
      NO_FUNCTION,
      { kind: 'gone' },
    ],
    [
      'updateCode: no object',
      () => ports.functions.updateCode(consumer, code, permit),
      NO_KEY,
      { kind: 'noCode' },
    ],
    ['reserveOne: no room', () => ports.functions.reserveOne('f', permit), NO_ROOM, 'noRoom'],
    ['reserveOne: in progress', () => ports.functions.reserveOne('f', permit), UPDATING, 'busy'],
    ['reserveOne: no function', () => ports.functions.reserveOne('f', permit), NO_FUNCTION, 'gone'],
    [
      'releaseReservation: no function',
      () => ports.functions.releaseReservation('f', permit),
      NO_FUNCTION,
      'gone',
    ],
    ['delete: no function', () => ports.functions.delete('f', permit), NO_FUNCTION, 'gone'],
    ['delete: in progress', () => ports.functions.delete('f', permit), UPDATING, 'busy'],
    [
      'create: mapped already',
      () => ports.mappings.create(mapping, permit),
      MAPPED,
      { kind: 'exists', id: MAPPING_ID },
    ],
    [
      'create: no function to map',
      () => ports.mappings.create(mapping, permit),
      NO_FUNCTION,
      { kind: 'notReady', reason: 'Function not found: arn:aws:lambda:eu-west-1:1:function:f' },
    ],
    [
      'create: role may not receive yet',
      () => ports.mappings.create(mapping, permit),
      NO_RECEIVE,
      { kind: 'notReady', reason: says.NO_RECEIVE },
    ],
    ['read: no mapping', () => ports.mappings.read('id', permit), NO_MAPPING, undefined],
    ['find: no function', () => ports.mappings.find('f', 'arn:q', permit), NO_FUNCTION, undefined],
    [
      'change: in use',
      () => ports.mappings.change('id', { enabled: true }, permit),
      IN_USE,
      { kind: 'inUse' },
    ],
    [
      'change: no mapping',
      () => ports.mappings.change('id', { enabled: true }, permit),
      NO_MAPPING,
      { kind: 'gone' },
    ],
    ['delete: in use', () => ports.mappings.delete('id', permit), IN_USE, 'inUse'],
    ['delete: no mapping', () => ports.mappings.delete('id', permit), NO_MAPPING, 'gone'],
    [
      'start: name used',
      () => ports.executions.start('n', { pipelineId: 'a', verify: false, reason: '' }),
      NAME_USED,
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
    expect(await ports.code.head('key', version)).toBeUndefined();
  });
});

describe('unexpected errors are thrown', () => {
  it.each<[string, () => Promise<unknown>, Reply, string]>([
    [
      'a bad parameter',
      () => ports.functions.create(consumer, code, permit),
      invalid('Bad'),
      'InvalidParameterValueException',
    ],
    [
      'a bad parameter',
      () => ports.functions.updateCode(consumer, code, permit),
      invalid('Bad'),
      'InvalidParameterValueException',
    ],
    [
      'a bad parameter',
      () => ports.functions.reserveOne('f', permit),
      invalid('Bad'),
      'InvalidParameterValueException',
    ],
    [
      'a bad parameter',
      () => ports.mappings.create(mapping, permit),
      invalid('Bad'),
      'InvalidParameterValueException',
    ],
    [
      'a missing permission',
      () => ports.mappings.read('id', permit),
      lambdaError(403, 'AccessDeniedException', 'no'),
      'AccessDeniedException',
    ],
    ['a forbidden object', () => ports.code.head('key'), { status: 403 }, 'Http403'],
  ])('%s', async (_what, act, reply, code) => {
    aws.replyWith(reply);
    await expect(act()).rejects.toMatchObject({ name: 'AwsError', code, retryable: false });
  });
});
