import { describe, expect, it } from '@jest/globals';
import { endedDetail, endedRecord, toldRecord } from '../../../../core/burst/ended.ts';
import { NOTHING_SENT } from '../../../../core/burst/record.ts';
import { createTally } from '../../../../core/burst/tally.ts';
import { BEGIN_MS, burst, shard } from './bursts.ts';

const NOW_MS = BEGIN_MS + 200_000;

function tallied() {
  const tally = createTally(4, BEGIN_MS);
  const ran = [0, 1, 2].map(
    (at) => [at, { startedAtMs: BEGIN_MS + at * 1000, endedAtMs: BEGIN_MS + at * 1000 + 1_500 }] as const,
  );
  tally.see(
    0,
    shard({ done: [0, 1, 2] }, { ran, tasks: 3, ranMs: 4_500, bytes: 300, bytesMs: 3_000 }),
    NOW_MS,
  );
  return tally;
}

describe('a burst that has ended', () => {
  const driver = { owner: 'x', executions: 1, dueAtMs: BEGIN_MS };
  const record = burst({ total: 4, driver, quietSinceMs: BEGIN_MS });
  const ended = endedRecord(record, NOTHING_SENT, tallied(), NOW_MS);

  it('has its totals, its peak, what its tasks took, and goes after thirty days', () => {
    const { driver: _driver, quietSinceMs: _quiet, ...rest } = record;
    expect(ended).toEqual({
      ...rest,
      state: 'Ended',
      totals: {
        total: 4,
        sent: 4,
        refused: 0,
        started: 3,
        running: 0,
        done: 3,
        failed: 0,
        deadLettered: 0,
        unaccounted: 1,
      },
      peakConcurrency: 2,
      endedAtMs: BEGIN_MS + 3_500,
      took: { tasks: 3, meanSeconds: 1.5, p95Seconds: expect.closeTo(1.5, 1), secondsPerByte: 0.01 },
      updatedAtMs: NOW_MS,
      checkAtMs: NOW_MS + 60_000,
      expiresAt: NOW_MS / 1000 + 30 * 86_400,
    });
  });

  it('is looked at again until everybody has been told', () => {
    expect(ended.checkAtMs).toBeDefined();
    const { checkAtMs: _told, ...rest } = ended;
    expect(toldRecord(ended)).toEqual(rest);
  });

  it('is told of with what was predicted beside what came of it', () => {
    const refusals = Array.from({ length: 20 }, (_, index) => ({ index, code: 'InternalError' }));
    expect(endedDetail({ ...ended, refusals })).toEqual({
      burstId: 'b',
      pipelineId: 'p',
      startMs: BEGIN_MS,
      endedAtMs: BEGIN_MS + 3_500,
      isCancelled: false,
      totals: ended.totals,
      predicted: { finishSeconds: 100, peakConcurrency: 3 },
      actual: { finishSeconds: 3.5, peakConcurrency: 2 },
      evidence: {
        isCounted: true,
        finishRange: { fromSeconds: 90, toSeconds: 120 },
        took: ended.took,
        refusals: refusals.slice(0, 10),
      },
    });
  });

  it('of which nothing is known has ended when that was found, without a peak', () => {
    const uncounted = endedRecord(
      burst({ isCounted: false }),
      NOTHING_SENT,
      createTally(100, BEGIN_MS),
      NOW_MS,
    );
    expect([uncounted.endedAtMs, uncounted.peakConcurrency, uncounted.took]).toEqual([
      NOW_MS,
      undefined,
      undefined,
    ]);
    expect(JSON.parse(JSON.stringify(endedDetail(uncounted)))).toMatchObject({
      actual: { finishSeconds: 200 },
    });
  });

  it('has not ended after now, though a clock says so', () => {
    const early = endedRecord(record, NOTHING_SENT, tallied(), BEGIN_MS + 2_000);
    expect(early.endedAtMs).toBe(BEGIN_MS + 2_000);
  });
});
