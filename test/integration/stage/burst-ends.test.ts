import { beforeAll, describe, expect } from '@jest/globals';
import { createProgressReader } from '../../../aws/burst-progress.ts';
import { measuredFact } from '../../../core/burst/measured.ts';
import { eventually } from './eventually.ts';
import { hearEvents, type Listener } from './hear-events.ts';
import { sharedStage } from './shared-stage.ts';
import { sideBySide } from './side-by-side.ts';
import { documents, type TestStage } from './test-stage.ts';

let stage: TestStage;
let events: Listener;

beforeAll(async () => {
  stage = await sharedStage();
  events = await hearEvents(stage, 'bursts-heard', ['Burst ended']);
}, 120_000);

/** Reads a burst's progress until it is as wanted; all that was seen on the way. */
async function watch(burstId: string, isIt: (done: number, state: string) => boolean) {
  const reader = createProgressReader(stage.ports, burstId);
  const seen: NonNullable<Awaited<ReturnType<typeof reader.read>>>[] = [];
  await eventually(
    async () => {
      const progress = await reader.read();
      if (progress !== undefined) seen.push(progress);
      return progress;
    },
    (progress) => progress !== undefined && isIt(progress.totals.done, progress.state),
    `${burstId} is as wanted`,
    60,
  );
  return seen;
}

describe('a burst', () => {
  sideBySide(
    {
      'is watched while it runs, ends with its last task, and others are told': async () => {
        const pipelineId = 'ends';
        await stage.put({ pipelineId, concurrency: 4, timeoutSeconds: 10 });
        const tasks = documents(24).map((document) =>
          document === 7 ? { document, throws: 'deadLetter' } : { document, seconds: 1 },
        );
        await stage.send({ pipelineId, burstId: 'ends-1', tasks });
        const seen = await watch('ends-1', (_done, state) => state === 'Ended');
        const done = seen.map(({ totals }) => totals.done);
        expect(done).toEqual(done.toSorted((a, b) => a - b));
        expect(done.some((count) => count > 0 && count < 23)).toBe(true);
        expect(Math.max(...seen.map(({ totals }) => totals.running))).toBeGreaterThan(0);

        const last = seen.at(-1);
        expect(last?.totals).toEqual({
          total: 24,
          sent: 24,
          refused: 0,
          started: 24,
          running: 0,
          done: 23,
          failed: 0,
          deadLettered: 1,
          unaccounted: 0,
        });
        expect(last?.peakConcurrency).toBeGreaterThan(1);
        expect(last?.peakConcurrency).toBeLessThanOrEqual(4);
        const record = await stage.ports.bursts.read('ends-1');
        expect(record?.took).toMatchObject({ tasks: 23, meanSeconds: expect.closeTo(1, 0) });
        const told = await events.heard(pipelineId, 'Burst ended');
        expect(told).toMatchObject({
          burstId: 'ends-1',
          totals: last?.totals,
          actual: { peakConcurrency: last?.peakConcurrency },
          predicted: { peakConcurrency: 4 },
        });
        expect((await stage.ports.ledgers.read(measuredFact(pipelineId)))?.value).toMatchObject({
          tasks: 23,
        });
        expect((await stage.ports.bursts.read('ends-1'))?.checkAtMs).toBeUndefined();
      },
    },
    90,
  );
});
