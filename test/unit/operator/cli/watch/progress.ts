import type { BurstProgress } from '../../../../../core/burst/progress.ts';

export const START_MS = 1_800_000_000_000;

type Change = Partial<Omit<BurstProgress, 'totals'>> & { readonly totals?: Partial<BurstProgress['totals']> };

/** A burst of 200 tasks after 42 of 60 seconds: half of it done, 40 running, the rest in the queue. */
export function progress({ totals, ...change }: Change = {}): BurstProgress {
  return {
    burstId: 'upload-7',
    pipelineId: 'customer-a',
    state: 'Sent',
    isCancelled: false,
    isCounted: true,
    isCallers: false,
    isWhole: true,
    atMs: START_MS + 42_000,
    startMs: START_MS,
    totals: {
      total: 200,
      sent: 200,
      refused: 0,
      started: 140,
      running: 40,
      done: 100,
      failed: 0,
      deadLettered: 0,
      unaccounted: 0,
      ...totals,
    },
    perSecond: 33.3,
    taskSeconds: 2,
    estimate: { source: 'measured', meanSeconds: 2, p95Seconds: 4 },
    predicted: {
      finishMs: START_MS + 60_000,
      finishFromMs: START_MS + 58_000,
      finishToMs: START_MS + 64_000,
      peakConcurrency: 40,
    },
    eta: { kind: 'expected', atMs: START_MS + 62_000, basis: 'plan' },
    peakConcurrency: 41,
    ...change,
  };
}

/** The same once it is over. */
export function ended(change: Change = {}): BurstProgress {
  return progress({
    state: 'Ended',
    eta: { kind: 'over', atMs: START_MS + 61_000 },
    perSecond: 0,
    ...change,
    totals: { started: 200, running: 0, done: 200, ...change.totals },
  });
}
