import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ports, SalvagedMessage } from '../../../aws/ports.ts';
import { newStatus } from '../../../core/status-record.ts';
import type { FakeAws } from './fake-aws.ts';
import { code, consumer, mapping, permit, queue, startFakeStage, url } from './fake-stage.ts';

let aws: FakeAws;
let ports: Ports;
beforeEach(async () => {
  ({ aws, ports } = await startFakeStage());
});
afterEach(() => aws.stop());

const salvaged: SalvagedMessage = {
  messageId: 'm',
  from: 'queue',
  body: 'b',
  attributes: {},
  receiveCount: 1,
  sentAtMs: 0,
};
const FUNCTIONS = '/2015-03-31/functions';
const CONCURRENCY = '/2017-10-31/functions/f/concurrency';
const MAPPINGS = '/2015-03-31/event-source-mappings';

describe('one method is one call', () => {
  it.each<[string, () => Promise<unknown>, string[]]>([
    ['configs.read', () => ports.configs.read('a'), ['GetItem']],
    ['configs.page', () => ports.configs.page(undefined, 10), ['Scan']],
    ['statuses.read', () => ports.statuses.read('a'), ['GetItem']],
    ['statuses.write', () => ports.statuses.write(newStatus('a', '')), ['PutItem']],
    ['statuses.page', () => ports.statuses.page('a', 10), ['Scan']],
    ['ledgers.read', () => ports.ledgers.read('a'), ['GetItem']],
    ['ledgers.write', () => ports.ledgers.write('a', 1, 0), ['PutItem']],
    ['queues.find', () => ports.queues.find('q'), ['GetQueueUrl']],
    ['queues.create', () => ports.queues.create(queue), ['CreateQueue']],
    ['queues.tags', () => ports.queues.tags(url), ['ListQueueTags']],
    ['queues.read', () => ports.queues.read(url), ['GetQueueAttributes']],
    [
      'queues.change',
      () => ports.queues.change(url, { visibilityTimeoutSeconds: 1, messageRetentionSeconds: 60 }),
      ['SetQueueAttributes'],
    ],
    [
      'queues.change closed',
      () => ports.queues.change(url, { closed: true }),
      ['GetQueueAttributes', 'SetQueueAttributes'],
    ],
    ['queues.delete', () => ports.queues.delete(url), ['DeleteQueue']],
    ['queues.receive', () => ports.queues.receive(url, 30), ['ReceiveMessage']],
    ['queues.putBack', () => ports.queues.putBack(url, ['r']), ['ChangeMessageVisibilityBatch']],
    ['queues.deleteMessages', () => ports.queues.deleteMessages(url, ['r']), ['DeleteMessageBatch']],
    ['queues.send', () => ports.queues.send(url, [{ id: 'a', body: 'b' }]), ['SendMessageBatch']],
    ['queues.page', () => ports.queues.page('q', undefined), ['ListQueues']],
    ['queues.cancelRedrives', () => ports.queues.cancelRedrives('arn:q'), ['ListMessageMoveTasks']],
    ['functions.read', () => ports.functions.read('f'), [`GET ${FUNCTIONS}/f`]],
    ['functions.create', () => ports.functions.create(consumer, code, permit), [`POST ${FUNCTIONS}`]],
    [
      'functions.configure',
      () => ports.functions.configure(consumer, permit),
      [`PUT ${FUNCTIONS}/f/configuration`],
    ],
    [
      'functions.updateCode',
      () => ports.functions.updateCode(consumer, code, permit),
      [`PUT ${FUNCTIONS}/f/code`],
    ],
    ['functions.reserveOne', () => ports.functions.reserveOne('f', permit), [`PUT ${CONCURRENCY}`]],
    [
      'functions.releaseReservation',
      () => ports.functions.releaseReservation('f', permit),
      [`DELETE ${CONCURRENCY}`],
    ],
    ['functions.delete', () => ports.functions.delete('f', permit), [`DELETE ${FUNCTIONS}/f`]],
    ['functions.invoke', () => ports.functions.invoke('f', {}), ['POST /2015-03-31/functions/f/invocations']],
    ['functions.page', () => ports.functions.page(undefined, permit), [`GET ${FUNCTIONS}?MaxItems=50`]],
    ['mappings.create', () => ports.mappings.create(mapping, permit), [`POST ${MAPPINGS}`]],
    ['mappings.read', () => ports.mappings.read('id', permit), [`GET ${MAPPINGS}/id`]],
    [
      'mappings.find',
      () => ports.mappings.find('f', 'arn:q', permit),
      [`GET ${MAPPINGS}?EventSourceArn=arn%3Aq&FunctionName=f`],
    ],
    [
      'mappings.change',
      () => ports.mappings.change('id', { enabled: false }, permit),
      [`PUT ${MAPPINGS}/id`],
    ],
    ['mappings.delete', () => ports.mappings.delete('id', permit), [`DELETE ${MAPPINGS}/id`]],
    ['mappings.page', () => ports.mappings.page('m', permit), [`GET ${MAPPINGS}?Marker=m&MaxItems=100`]],
    ['account.read', () => ports.account.read(permit), ['GET /2016-08-19/account-settings']],
    ['code.head', () => ports.code.head('k', 'v'), ['HEAD /code-of-dev/k?versionId=v']],
    ['code.archive', () => ports.code.archive('k', 'v'), ['GET /code-of-dev/k?versionId=v&x-id=GetObject']],
    [
      'code.deleteVersion',
      () => ports.code.deleteVersion('k', 'v'),
      ['DELETE /code-of-dev/k?versionId=v&x-id=DeleteObject'],
    ],
    ['releases.read', () => ports.releases.read('k', 'v'), ['GetItem']],
    ['releases.page', () => ports.releases.page(undefined, 10), ['Scan']],
    ['events.publish', () => ports.events.publish('Something happened', {}), ['PutEvents']],
    [
      'salvage.write',
      () => ports.salvage.write('a', 'p', [salvaged]),
      ['PUT /salvage-of-dev/salvage/a/p-1.jsonl?x-id=PutObject'],
    ],
    ['salvage.read', () => ports.salvage.read('k'), ['GET /salvage-of-dev/k?x-id=GetObject']],
    ['salvage.delete', () => ports.salvage.delete('k'), ['DELETE /salvage-of-dev/k?x-id=DeleteObject']],
    [
      'executions.start',
      () => ports.executions.start('n', { pipelineId: 'a', verify: false, reason: '' }),
      ['StartExecution'],
    ],
  ])('%s', async (name, act, calls) => {
    if (name === 'salvage.read' || name === 'code.archive') aws.replyWith({ body: '' });
    if (name === 'functions.delete') aws.replyWith({ status: 204 });
    await act();
    expect(aws.seen.map(({ call }) => call)).toEqual(calls);
  });

  it('salvage.page', async () => {
    aws.replyWith({ body: '<ListBucketResult></ListBucketResult>' });
    await ports.salvage.page('a', undefined);
    expect(aws.seen.map(({ call }) => call)).toEqual([
      'GET /salvage-of-dev/?list-type=2&prefix=salvage%2Fa%2F',
    ]);
  });

  it('cancelRedrives makes one more for each redrive that runs', async () => {
    aws.replyWith({
      body: {
        Results: [
          { Status: 'RUNNING', TaskHandle: 'one' },
          { Status: 'COMPLETED' },
          { Status: 'RUNNING', TaskHandle: 'two' },
        ],
      },
    });
    await ports.queues.cancelRedrives('arn:q');
    expect(aws.seen).toEqual([
      { call: 'ListMessageMoveTasks', body: { SourceArn: 'arn:q', MaxResults: 10 } },
      { call: 'CancelMessageMoveTask', body: { TaskHandle: 'one' } },
      { call: 'CancelMessageMoveTask', body: { TaskHandle: 'two' } },
    ]);
  });
});
