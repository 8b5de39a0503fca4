import { released } from './driver.ts';
import type { BurstRecord } from './record.ts';

/** The burst with nothing more sent of it until somebody resumes it. */
export function paused(record: BurstRecord, because: string, nowMs: number): BurstRecord {
  const { stuckSinceMs: _over, ...rest } = record;
  return { ...rest, state: 'Paused', because, pausedAtMs: nowMs };
}

/** The burst with what is to be sent of it sent again, by whoever is named next. */
export function resumed(record: BurstRecord): BurstRecord {
  const { because: _why, pausedAtMs: _since, ...rest } = record;
  return { ...rest, state: 'Sending' };
}

/**
 * A burst whose pipeline takes nothing for now. It is tried again for a while, and then paused: what nobody mends must
 * not be tried for ever.
 * @param dueAtMs when it is tried again, epoch milliseconds
 */
export function stuck(
  record: BurstRecord,
  because: string,
  { patienceMs, dueAtMs }: { readonly patienceMs: number; readonly dueAtMs: number },
  nowMs: number,
): BurstRecord {
  const { stuckSinceMs = nowMs } = record;
  return nowMs - stuckSinceMs >= patienceMs
    ? paused(released(record), because, nowMs)
    : { ...released(record, dueAtMs), stuckSinceMs, because };
}

/** A burst whose pipeline takes tasks; the same one where it always did. */
export function unstuck(record: BurstRecord): BurstRecord {
  if (record.stuckSinceMs === undefined) return record;
  const { stuckSinceMs: _over, because: _why, ...rest } = record;
  return rest;
}
