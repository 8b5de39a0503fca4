import { describe, expect, it } from '@jest/globals';
import type { StatusRecord } from '../../../../core/status-record.ts';
import { runStep } from '../../../../functions/pipeline-lifecycle/run-step.ts';
import { NOW_MS, settings, settledStatus } from '../../core/lifecycle/records.ts';
import { createStage } from './stage.ts';

type Image = Readonly<Record<string, unknown>> | undefined;

/** One run claims; while it has read a record and not yet written, the record changes and the run for that comes by. */
async function claimWhileItChanges(status: StatusRecord | undefined, read: Image, later: Image) {
  const claim = (owner: string) =>
    runStep({ step: 'Claim', owner, state: { pipelineId: 'a' } }, ports, settings, NOW_MS + 60_000);
  let reads = 0;
  const { stage, ports } = createStage(status, {
    configs: {
      async read() {
        reads += 1;
        if (reads > 1) return later;
        expect((await claim('second')).outcome).toBe('over');
        return read;
      },
    },
  });
  stage.facts.set('account', { value: { concurrency: 1000, unreservedConcurrency: 900 }, revision: 1 });
  stage.facts.set('release#consumer.zip', { value: { stable: 'v1', kept: [] }, revision: 1 });
  return { first: await claim('first'), stage };
}

describe('a run that claims what was changed since it read it', () => {
  it('makes nothing for a record that is gone again, though the run for that found nothing to take down', async () => {
    const { first, stage } = await claimWhileItChanges(undefined, { pipelineId: 'a' }, undefined);
    expect(first.outcome).toBe('over');
    expect(stage.status).toMatchObject({ phase: 'Deleted', built: false });
    expect(stage.status?.expiresAt).toBeGreaterThan(NOW_MS / 1000);
  });

  it.each<[string, Image]>([
    ['applies no edit that was taken back', { pipelineId: 'a', memoryMb: 512 }],
    ['takes nothing down that is wanted again', undefined],
    ['rejects no record that was mended', { pipelineId: 'a', memoryMb: 1 }],
  ])('%s, though the run for that found all as it should be', async (_what, read) => {
    const status = settledStatus();
    const { first, stage } = await claimWhileItChanges(status, read, { pipelineId: 'a' });
    expect(first.outcome).toBe('over');
    const { revision, ...now } = stage.status ?? status;
    expect({ ...now, revision: status.revision }).toEqual(status);
    expect(revision).toBeGreaterThan(status.revision);
  });
});

it('goes on like any other run where it was started to wake a consumer, and carries that time no further', async () => {
  const status = settledStatus();
  const { stage, ports } = createStage(status, {
    configs: { read: async () => ({ pipelineId: 'a', paused: true }) },
  });
  stage.facts.set('account', { value: { concurrency: 1000, unreservedConcurrency: 900 }, revision: 1 });
  stage.facts.set('release#consumer.zip', { value: { stable: 'v1', kept: [] }, revision: 1 });
  const state = {
    pipelineId: 'a',
    verify: false,
    reason: 'hold is over',
    wakeAt: '2026-01-01T00:00:00.000Z',
  };
  const claimed = await runStep({ step: 'Claim', owner: 'wake', state }, ports, settings, NOW_MS + 60_000);
  expect(claimed).toMatchObject({ outcome: 'done', run: 'switch' });
  expect(claimed).not.toHaveProperty('wakeAt');
});
