import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  defersRetention,
  functionDifferences,
  mappingChange,
  type QueueChange,
  type QueueSettings,
  queueChange,
} from '../../../../core/lifecycle/differences.ts';
import { functionSpec, mappingSpec, type QueueSpec } from '../../../../core/lifecycle/target.ts';
import { consumers, target, wantedOf } from './records.ts';

const redrive = fc.record({
  deadLetterQueueArn: fc.constantFrom('arn:mine-dlq', 'arn:other-dlq'),
  maxReceiveCount: fc.integer({ min: 1, max: 1000 }),
});
const settings = {
  visibilityTimeoutSeconds: fc.integer({ min: 0, max: 43_200 }),
  messageRetentionSeconds: fc.integer({ min: 60, max: 1_209_600 }),
};
const wantedQueue: fc.Arbitrary<QueueSpec> = fc.record({
  ...settings,
  name: fc.constant('q'),
  redrive,
  tags: fc.constant({}),
});
const actualQueue: fc.Arbitrary<QueueSettings> = fc.record(
  { ...settings, redrive, closed: fc.boolean() },
  { requiredKeys: ['visibilityTimeoutSeconds', 'messageRetentionSeconds', 'closed'] },
);

function apply(queue: QueueSettings, change: QueueChange | undefined): QueueSettings {
  return { ...queue, ...change };
}

describe('queueChange', () => {
  it('leaves no difference once both moments have come and the queue was empty', () => {
    fc.assert(
      fc.property(wantedQueue, actualQueue, (wanted, actual) => {
        const before = apply(actual, queueChange(wanted, actual, 'before', false));
        const after = apply(before, queueChange(wanted, before, 'after', true));
        const { name: _name, tags: _tags, ...figures } = wanted;
        expect(after).toEqual({ ...figures, closed: false });
        for (const moment of ['before', 'after'] as const) {
          expect(queueChange(wanted, after, moment, true)).toBeUndefined();
        }
        expect(defersRetention(wanted, after)).toBe(false);
      }),
    );
  });

  it('never lets a message be visible before its task must be over, at any point of any update', () => {
    const timeouts = fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 0, max: 43_200 }));
    fc.assert(
      fc.property(timeouts, timeouts, wantedQueue, ([was, moreThanWas], [is, moreThanIs], spec) => {
        const wanted = { ...spec, visibilityTimeoutSeconds: Math.min(43_200, is + moreThanIs) };
        let queue: QueueSettings = {
          ...wanted,
          visibilityTimeoutSeconds: Math.min(43_200, was + moreThanWas),
          closed: false,
        };
        let timeoutSeconds = was;
        const holds = () => expect(queue.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(timeoutSeconds);
        queue = apply(queue, queueChange(wanted, queue, 'before', false));
        holds();
        timeoutSeconds = is;
        holds();
        queue = apply(queue, queueChange(wanted, queue, 'after', false));
        holds();
        expect(queue.visibilityTimeoutSeconds).toBe(wanted.visibilityTimeoutSeconds);
      }),
    );
  });

  it('never lowers the retention of a queue that holds tasks, and says that it is still to be done', () => {
    fc.assert(
      fc.property(wantedQueue, actualQueue, fc.constantFrom('before', 'after'), (wanted, actual, moment) => {
        const after = apply(actual, queueChange(wanted, actual, moment, false));
        expect(after.messageRetentionSeconds).toBeGreaterThanOrEqual(actual.messageRetentionSeconds);
        if (wanted.messageRetentionSeconds < actual.messageRetentionSeconds) {
          expect(defersRetention(wanted, after)).toBe(true);
        }
      }),
    );
  });
});

describe('functionDifferences', () => {
  const spec = functionSpec(
    { wanted: wantedOf({ environment: { LEVEL: 'debug' } }) },
    {
      ...consumers,
      subnetIds: ['subnet-a', 'subnet-b'],
      securityGroupIds: ['sg-a', 'sg-b'],
      layers: ['layer-1', 'layer-2'],
    },
  );

  it.each([
    { what: 'the same', now: {}, fields: [] },
    {
      what: 'a VPC’s lists in another order',
      now: { subnetIds: ['subnet-b', 'subnet-a'], securityGroupIds: ['sg-b', 'sg-a'] },
      fields: [],
    },
    { what: 'layers in another order', now: { layers: ['layer-2', 'layer-1'] }, fields: ['layers'] },
    { what: 'another timeout', now: { timeoutSeconds: 31 }, fields: ['timeoutSeconds'] },
    {
      what: 'a variable more',
      now: { environment: { ...spec.environment, MORE: '2' } },
      fields: ['environment'],
    },
    {
      what: 'no VPC',
      now: { subnetIds: [], securityGroupIds: [] },
      fields: ['subnetIds', 'securityGroupIds'],
    },
    {
      what: 'another role and log group',
      now: { roleArn: 'x', logGroup: 'y' },
      fields: ['roleArn', 'logGroup'],
    },
  ])('finds $fields in $what', ({ now, fields }) => {
    expect(functionDifferences(spec, { ...spec, ...now })).toEqual(fields);
  });
});

describe('mappingChange', () => {
  const spec = mappingSpec(target({ concurrency: 5, batchSize: 10, batchWindowSeconds: 2 }), 'test', 'arn');

  it.each([
    { now: {}, change: undefined },
    { now: { enabled: false }, change: { enabled: true } },
    { now: { maximumConcurrency: 0 }, change: { maximumConcurrency: 5 } },
    { now: { batchSize: 1, batchWindowSeconds: 0 }, change: { batchSize: 10, batchWindowSeconds: 2 } },
  ])('changes $change and nothing else where the mapping has $now', ({ now, change }) => {
    expect(mappingChange(spec, { ...spec, ...now })).toEqual(change);
  });
});
