import { describe, expect, it } from '@jest/globals';
import type { Target } from '../../../../core/lifecycle/target.ts';
import { mappingSpec } from '../../../../core/lifecycle/target.ts';
import { runStep } from '../../../../functions/pipeline-lifecycle/run-step.ts';
import { NOW_MS, settings, settledStatus, target } from '../../core/lifecycle/records.ts';
import { createStage } from './stage.ts';

/** Carries one edit of a settled pipeline from Claim through UpdateMapping, and says until when it waits. */
async function settlesAtMs(status: ReturnType<typeof settledStatus>, wanted: Target, inForce: Target) {
  const mapping = { ...mappingSpec(inForce, 'test', 'arn'), id: 'mapping-1', state: 'Enabled' };
  const { stage, ports } = createStage(status, {
    configs: { read: async () => recordOf(wanted) },
    queues: { read: async () => ({ arn: 'arn', counts: { visible: 0, delayed: 0, inFlight: 0 } }) },
    mappings: {
      read: async () => mapping,
      change: async (_id: string, change: object) => ({ kind: 'done', mapping: { ...mapping, ...change } }),
    },
  });
  stage.facts.set('account', { value: { concurrency: 1000, unreservedConcurrency: 900 }, revision: 1 });
  stage.facts.set('release#consumer.zip', { value: { stable: 'v1', kept: [] }, revision: 1 });
  const at = NOW_MS + 60_000;
  const claimed = await runStep(
    { step: 'Claim', owner: 'run-1', state: { pipelineId: 'a' } },
    ports,
    settings,
    at,
  );
  expect(claimed.run).toBe('update');
  const done = await runStep({ step: 'UpdateMapping', owner: 'run-1', state: claimed }, ports, settings, at);
  expect(done.outcome).toBe('done');
  return done.memo.settleNotBeforeMs === undefined ? undefined : done.memo.settleNotBeforeMs - stage.nowMs;
}

function recordOf({ wanted }: Target) {
  const { concurrency, timeoutSeconds, paused } = wanted;
  return { pipelineId: 'a', concurrency, timeoutSeconds, paused };
}

describe('a run that changes the limit', () => {
  const small = target({ concurrency: 2, timeoutSeconds: 60 });
  const large = target({ concurrency: 50, timeoutSeconds: 900 });

  it('waits for the longest task under the larger limit when it lowers it', async () => {
    expect(await settlesAtMs(settledStatus({ applied: large }), small, large)).toBe(900_000);
  });

  it('waits for nothing when it raises it', async () => {
    expect(await settlesAtMs(settledStatus({ applied: small }), large, small)).toBeUndefined();
  });

  it('also waits where the larger limit was in force only in a run that never settled', async () => {
    const { wanted } = large;
    const broken = settledStatus({ applied: small, phase: 'Failed', dirty: true, ceiling: wanted });
    expect(await settlesAtMs(broken, small, large)).toBe(900_000);
  });

  it('also waits where the consumer is paused at the same time: it may be woken before its tasks are over', async () => {
    const paused = target({ concurrency: 2, timeoutSeconds: 60, paused: true });
    expect(await settlesAtMs(settledStatus({ applied: large }), paused, large)).toBe(900_000);
  });
});
