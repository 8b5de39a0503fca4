import { roundSeconds } from '../spread/rounding.ts';
import { plannedFinish, plannedPeak } from './due.ts';
import type { BurstRecord, SentMark } from './record.ts';
import type { Tally } from './tally.ts';
import { totalsOf } from './totals.ts';

/** How long a burst can be looked up once it has ended. */
const KEPT_SECONDS = 30 * 86_400;
/** Whoever has ended it tells of it at once; if that does not work, the reconciler does. */
const TELL_AGAIN_MS = 60_000;
/** Refused tasks that an event names; the record names more. */
const REFUSALS_TOLD = 10;

/** The record of a burst that is over, with what came of it; that it has ended is still to be told. */
export function endedRecord(record: BurstRecord, mark: SentMark, tally: Tally, nowMs: number): BurstRecord {
  const {
    quietSinceMs: _over,
    letterLooks: _past,
    driver: _none,
    sending: _gone,
    replan: _never,
    ...rest
  } = record;
  const counts = tally.counts();
  const totals = totalsOf({ ...record, state: 'Ended' }, mark, counts);
  const { durations, timeline } = tally;
  const tasks = durations.tasks();
  const lastEndMs = timeline.lastEndMs();
  return {
    ...rest,
    state: 'Ended',
    totals,
    // Stamps are of clocks that may be ahead of ours.
    endedAtMs: Math.min(nowMs, Math.max(record.createdAtMs, lastEndMs ?? nowMs)),
    ...(record.isCounted && { peakConcurrency: timeline.peak() }),
    ...(tasks > 0 && {
      took: {
        tasks,
        meanSeconds: durations.meanMs() / 1000,
        p95Seconds: durations.p95Ms() / 1000,
        ...(counts.bytes > 0 && { secondsPerByte: counts.bytesMs / 1000 / counts.bytes }),
      },
    }),
    updatedAtMs: nowMs,
    checkAtMs: nowMs + TELL_AGAIN_MS,
    expiresAt: Math.ceil(nowMs / 1000) + KEPT_SECONDS,
  };
}

/** The same once all have been told. */
export function toldRecord(record: BurstRecord): BurstRecord {
  const { checkAtMs: _told, ...rest } = record;
  return rest;
}

/** What other programs are told of a burst that has ended: detail of the event `Burst ended`. */
export function endedDetail(record: BurstRecord): Readonly<Record<string, unknown>> {
  const { burstId, pipelineId, totals, isCancelled, isCounted, took, because, refusals, createdAtMs } =
    record;
  const startMs = record.segments[0]?.startMs ?? createdAtMs;
  const endedAtMs = record.endedAtMs ?? record.updatedAtMs;
  const planned = plannedFinish(record);
  const sinceStart = (atMs: number) => roundSeconds(Math.max(0, atMs - startMs) / 1000);
  return {
    burstId,
    pipelineId,
    startMs,
    endedAtMs,
    isCancelled,
    totals,
    predicted: { finishSeconds: sinceStart(planned.atMs), peakConcurrency: plannedPeak(record) },
    actual: { finishSeconds: sinceStart(endedAtMs), peakConcurrency: record.peakConcurrency },
    evidence: {
      isCounted,
      finishRange: { fromSeconds: sinceStart(planned.fromMs), toSeconds: sinceStart(planned.toMs) },
      ...(because !== undefined && { because }),
      ...(took && { took }),
      ...(refusals.length > 0 && { refusals: refusals.slice(0, REFUSALS_TOLD) }),
    },
  };
}
