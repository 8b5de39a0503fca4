import { beforeAll, describe, expect, it } from '@jest/globals';
import { pipelineIdOf } from '../../../core/names.ts';
import type { StatusRecord } from '../../../core/status-record.ts';
import { allPages } from '../../ports/world.ts';
import { eventually } from './eventually.ts';
import { sharedStage } from './shared-stage.ts';
import type { TestStage } from './test-stage.ts';

const PREFIX = 'bulk-';
const IDS = Array.from({ length: 100 }, (_, index) => `${PREFIX}${String(index + 1).padStart(3, '0')}`);
const LIMIT_SECONDS = 180;

let stage: TestStage;
beforeAll(async () => {
  stage = await sharedStage();
}, 120_000);

describe('a hundred records at once', () => {
  it(
    'all become pipelines, and none fails on the way',
    async () => {
      await Promise.all(IDS.map((pipelineId) => stage.putConfigRecord({ pipelineId, timeoutSeconds: 3 })));
      const seen = await untilAll(({ phase, lease }) => phase === 'Active' && lease === undefined);
      expect(seen).toEqual(new Set(['Creating', 'Active']));
      expect(await built()).toEqual({ queues: 200, functions: 100 });
    },
    LIMIT_SECONDS * 1000,
  );

  it(
    'all go when all are deleted, and nothing is left',
    async () => {
      await Promise.all(IDS.map((pipelineId) => stage.deleteConfigRecord(pipelineId)));
      const seen = await untilAll(({ phase, lease }) => phase === 'Deleted' && lease === undefined);
      expect([...seen].filter((phase) => phase === 'Failed' || phase === 'Rejected')).toEqual([]);
      expect(await built()).toEqual({ queues: 0, functions: 0 });
    },
    LIMIT_SECONDS * 1000,
  );
});

/** Waits until all are so, and answers every phase that was seen on the way. */
async function untilAll(isSo: (status: StatusRecord) => boolean): Promise<Set<string>> {
  const phases = new Set<string>();
  const look = async () => {
    const ours = (await allPages((cursor) => stage.statuses.page(cursor, 100))).filter(({ pipelineId }) =>
      pipelineId.startsWith(PREFIX),
    );
    for (const { phase } of ours) phases.add(phase);
    return ours.filter(isSo).length;
  };
  await eventually(look, (count) => count === IDS.length, 'all hundred are done', LIMIT_SECONDS);
  return phases;
}

async function built(): Promise<{ readonly queues: number; readonly functions: number }> {
  const isOurs = (name: string) => pipelineIdOf('test', name)?.startsWith(PREFIX) === true;
  const queues = await allPages((cursor) => stage.queues.page(`sluice-pipe-test-${PREFIX}`, cursor));
  const functions = await allPages((cursor) =>
    stage.ports.functions.page(cursor, { lane: 'edit', startMs: Date.now() }),
  );
  return { queues: queues.length, functions: functions.filter(isOurs).length };
}
