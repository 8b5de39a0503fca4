import { setTimeout as sleep } from 'node:timers/promises';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect } from '@jest/globals';
import type { GroupState } from '../../../core/flow/hold.ts';
import { hearEvents, type Listener } from './hear-events.ts';
import { live } from './live.ts';
import { sharedStage } from './shared-stage.ts';
import { sideBySide } from './side-by-side.ts';
import { documents, documentsOf, isSettled, type TestStage } from './test-stage.ts';

let stage: TestStage;
let events: Listener;

beforeAll(async () => {
  stage = await sharedStage();
  events = await hearEvents(stage, 'holds-heard', ['Group hold changed', 'Breaker state changed']);
}, 120_000);

describe('a group that is held', () => {
  sideBySide({
    'for long rests, keeps its tasks, and is back at work when its hold is over': async () => {
      const pipelineId = 'held';
      await stage.put({ pipelineId, timeoutSeconds: 10 });
      const sinceMs = Date.now();
      const untilMs = sinceMs + 25_000;
      const hold = { sinceMs, untilMs, cause: 'throttled', guesses: 0 } as const;
      await share(pipelineId, { hold });

      const status = await stage.until(pipelineId, (one) => one.resting === true && isSettled(one), 12);
      expect(status).toMatchObject({ phase: 'Active', hold: { cause: 'throttled', untilMs } });
      expect((await live(stage, pipelineId)).mappings).toMatchObject([{ enabled: false, state: 'Disabled' }]);

      await stage.sendTasks(pipelineId, 4);
      await sleep(2_000);
      const counts = (await stage.queues.read(status.queueUrl ?? ''))?.counts;
      expect(counts).toEqual({ visible: 4, delayed: 0, inFlight: 0 });

      const done = await stage.done(pipelineId, 4, sinceMs);
      expect(documentsOf(done)).toEqual(documents(4));
      expect(done[0]?.startedAtMs).toBeGreaterThanOrEqual(untilMs);
      expect(done[0]?.startedAtMs).toBeLessThan(untilMs + 8_000);
      const awake = await stage.until(pipelineId, (one) => one.resting === undefined && isSettled(one));
      expect(awake).not.toHaveProperty('hold');
      expect(await events.heard(pipelineId, 'Group hold changed')).toEqual({
        pipelineId,
        from: 'free',
        to: 'held',
        untilMs,
        evidence: { cause: 'throttled', sinceMs, guesses: 0 },
        says: expect.stringMatching(/^held by a 429 or 503 for \d/),
      });
    },

    'by its breaker rests as well, and others are told why': async () => {
      const pipelineId = 'broken';
      const record = { pipelineId, timeoutSeconds: 3, breaker: {} };
      await stage.put(record);
      const sinceMs = Date.now();
      const untilMs = sinceMs + 600_000;
      const evidence = { tasks: 20, failed: 19 };
      await share(pipelineId, {
        hold: { sinceMs, untilMs, cause: 'breaker', guesses: 0 },
        breaker: { state: 'open', sinceMs, untilMs, opened: 1, evidence },
      });
      await stage.until(pipelineId, (one) => one.hold?.cause === 'breaker' && isSettled(one), 12);
      expect(await events.heard(pipelineId, 'Breaker state changed')).toMatchObject({
        from: 'closed',
        to: 'open',
        untilMs,
        evidence: { ...evidence, sinceMs, opened: 1 },
      });
      // Somebody knows better.
      await stage.put({ ...record, breaker: { force: 'closed' } });
      const { mappings } = await live(stage, pipelineId);
      expect(mappings).toMatchObject([{ enabled: true }]);
    },
  });
});

/** Writes what a consumer writes. */
async function share(pipelineId: string, state: GroupState): Promise<void> {
  const Item = { pipelineId, revision: 1, ...state };
  await stage.clients.documents.send(new PutCommand({ TableName: stage.outputs.HoldsTable, Item }));
}
