import type { BurstProgress } from '../../../../../core/burst/progress.ts';
import type { BurstView } from '../../../../../operator/views/desk.ts';

export function newBurst(
  burstId: string,
  pipelineId: string,
  total: number,
  startMs: number,
  seconds: number,
): BurstProgress {
  const finishMs = startMs + seconds * 1000;
  return {
    burstId,
    pipelineId,
    state: 'Sent',
    isCancelled: false,
    isCounted: true,
    isCallers: false,
    isWhole: true,
    atMs: startMs,
    startMs,
    totals: {
      total,
      sent: total,
      refused: 0,
      started: 0,
      running: 0,
      done: 0,
      failed: 0,
      deadLettered: 0,
      unaccounted: 0,
    },
    perSecond: 0,
    taskSeconds: 1.2,
    estimate: { source: 'measured', meanSeconds: 1.2, p95Seconds: 2.4 },
    predicted: { finishMs, finishFromMs: finishMs - 3_000, finishToMs: finishMs + 9_000, peakConcurrency: 4 },
    eta: { kind: 'expected', atMs: finishMs, basis: 'plan' },
    peakConcurrency: 0,
  };
}

/** The burst as it is later: a little slower than it was planned. */
export function progressed(burst: BurstProgress, seconds: number, nowMs: number): BurstProgress {
  const share = Math.min(1, (nowMs - burst.startMs) / (seconds * 1100));
  const { total } = burst.totals;
  const over = Math.floor(share * total);
  const isOver = share >= 1;
  const running = isOver ? 0 : Math.min(4, total - over);
  return {
    ...burst,
    state: isOver ? 'Ended' : burst.state,
    atMs: nowMs,
    totals: { ...burst.totals, running, done: over, started: Math.min(total, over + running) },
    perSecond: isOver ? 0 : total / (seconds * 1.1),
    peakConcurrency: 4,
    eta: isOver
      ? { kind: 'over', atMs: burst.startMs + seconds * 1100 }
      : { kind: 'expected', atMs: burst.startMs + seconds * 1100, basis: 'rate' },
  };
}

export function madeUpBursts(beganMs: number, nowMs: number): BurstProgress[] {
  const running = progressed(
    newBurst('nightly-2026-05-04', 'blue-harbour-crawl', 1000, beganMs - 40_000, 300),
    300,
    nowMs,
  );
  const sending = progressed(
    newBurst('archive-scan', 'cobalt-crawl', 250_000, beganMs - 1_800_000, 7_200),
    7_200,
    nowMs,
  );
  const paused = newBurst('back-fill', 'ember-crawl', 5_000, beganMs - 900_000, 3_000);
  const ended = progressed(newBurst('documents-30', 'halcyon-crawl', 30, beganMs - 600_000, 100), 100, nowMs);
  return [
    running,
    {
      ...sending,
      state: 'Sending',
      totals: { ...sending.totals, sent: Math.max(sending.totals.started, 90_000), deadLettered: 12 },
    },
    {
      ...paused,
      state: 'Paused',
      atMs: nowMs,
      eta: { kind: 'unknown', why: 'paused' },
      totals: { ...paused.totals, sent: 1_500, done: 1_500, started: 1_500 },
    },
    ended,
  ];
}

/** Flat as it was planned, and somewhat less so as it went. */
export function curvesOf({
  startMs,
  atMs,
  predicted,
  peakConcurrency,
}: BurstProgress): NonNullable<BurstView['curves']> {
  const seconds = (predicted.finishMs - startMs) / 1000;
  const peak = predicted.peakConcurrency;
  const at = (count: number, until: number, running: (at: number) => number) =>
    Array.from({ length: count }, (_one, point) => ({
      atSeconds: (until * point) / (count - 1),
      running: running(point),
    }));
  const line = at(60, seconds, (point) => (point === 0 || point === 59 ? 0 : peak * 0.85));
  const ran = at(80, Math.min((atMs - startMs) / 1000, seconds * 1.1), (point) =>
    point === 79 ? 0 : Math.min(peakConcurrency, Math.round(peak * (0.8 + 0.3 * Math.sin(point * 1.7)))),
  );
  return { predicted: line, actual: ran };
}
