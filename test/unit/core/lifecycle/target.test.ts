import { describe, expect, it } from '@jest/globals';
import {
  deadLetterQueueSpec,
  functionSpec,
  mappingSpec,
  queueSpec,
  reservedConcurrency,
  targetOf,
} from '../../../../core/lifecycle/target.ts';
import { consumers, target, wantedOf } from './records.ts';

const OURS = { 'sluice:stage': 'test', 'sluice:pipelineId': 'a' };

describe('what a pipeline is made of', () => {
  it('is a queue with the record’s figures that hands what is received too often to the dead-letter queue', () => {
    const wanted = wantedOf({ timeoutSeconds: 10, batchWindowSeconds: 5, maxAttempts: 3 });
    expect(queueSpec(wanted, 'test', 'arn:dlq')).toEqual({
      name: 'sluice-pipe-test-a',
      visibilityTimeoutSeconds: 65,
      messageRetentionSeconds: 1_209_600,
      redrive: { deadLetterQueueArn: 'arn:dlq', maxReceiveCount: 30 },
      tags: OURS,
    });
  });

  it('keeps dead letters as long as SQS allows, whatever the record says, and redrives them nowhere', () => {
    const spec = deadLetterQueueSpec('a', 'test');
    expect(spec).toMatchObject({
      name: 'sluice-pipe-test-a-dlq',
      messageRetentionSeconds: 1_209_600,
      tags: OURS,
    });
    expect(spec.redrive).toBeUndefined();
  });

  it('gives a consumer the record’s variables and its own, and nothing else', () => {
    const wanted = wantedOf({ maxAttempts: 7, environment: { LEVEL: 'debug', TOKEN: 'secret:token' } });
    expect(functionSpec({ wanted }, consumers).environment).toEqual({
      LEVEL: 'debug',
      TOKEN: 'secret:token',
      SLUICE_STAGE: 'test',
      SLUICE_PIPELINE_ID: 'a',
      SLUICE_MAX_ATTEMPTS: '7',
      SLUICE_FLOW_TABLE: 'sluice-test-flow',
      SLUICE_HOLDS_TABLE: 'sluice-test-holds',
      SLUICE_BURSTS_TABLE: 'sluice-test-bursts',
      SLUICE_LIMITS: '{"maxReceives":70}',
    });
  });

  it('does not tell a consumer where bursts are counted if those of its group are not', () => {
    const variables = (progress: boolean) =>
      Object.keys(functionSpec({ wanted: wantedOf({ progress }) }, consumers).environment);
    expect(variables(false)).not.toContain('SLUICE_BURSTS_TABLE');
    expect(variables(true)).toContain('SLUICE_BURSTS_TABLE');
  });

  it('has the hash that it had before records could say anything of progress, where they do not', () => {
    expect(Object.keys(wantedOf({}))).not.toContain('progress');
  });

  it.each([
    { concurrency: 1, maximumConcurrency: 2, reserved: 1 },
    { concurrency: 2, maximumConcurrency: 2, reserved: undefined },
    { concurrency: 1000, maximumConcurrency: 1000, reserved: undefined },
  ])('limits $concurrency by a mapping of $maximumConcurrency and a reservation of $reserved', (one) => {
    const wish = target({ concurrency: one.concurrency });
    expect(mappingSpec(wish, 'test', 'arn:queue').maximumConcurrency).toBe(one.maximumConcurrency);
    expect(reservedConcurrency(wish)).toBe(one.reserved);
  });

  it('has another hash for another wish, release, switch or stage setting, and the same for the same', () => {
    const base = () => target({ concurrency: 3 });
    const others = [
      target({ concurrency: 4 }),
      target({ concurrency: 3 }, { version: 'v2' }),
      target({ concurrency: 3 }, { enabled: false }),
      target({ concurrency: 3 }, { stage: { ...consumers, layers: ['arn:layer:1'] } }),
    ];
    expect(new Set([base(), ...others].map(({ hash }) => hash)).size).toBe(5);
    expect(base().hash).toBe(base().hash);
    const { wanted, code, enabled } = base();
    expect(targetOf(wanted, code, enabled, consumers).settingsHash).toBe(base().settingsHash);
  });
});
