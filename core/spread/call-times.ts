import type { Wanted } from '../config-record.ts';
import { planPace } from '../flow/pace.ts';
import type { MeasuredTasks } from './estimate.ts';

/** What a consumer's calls took of late. */
export interface CallTimes {
  readonly calls: number;
  readonly meanSeconds: number;
  readonly p95Seconds: number;
}

/** Fewer calls say little. */
const LEAST_CALLS = 10;

/**
 * Whether a call takes what its task takes: not where it runs several, nor where it also waits for a start or keeps its
 * slot.
 */
export function callsTellTasks(wanted: Wanted): boolean {
  return wanted.batchSize === 1 && wanted.concurrency > 1 && planPace(wanted).kind === 'none';
}

/** What is known of a pipeline's tasks: what its calls took of late, else what its bursts have noted; bytes only those. */
export function bestMeasured(
  calls: CallTimes | undefined,
  noted: MeasuredTasks | undefined,
): MeasuredTasks | undefined {
  if (calls === undefined || calls.calls < LEAST_CALLS) return noted;
  const { meanSeconds, p95Seconds } = calls;
  return { ...noted, meanSeconds, p95Seconds: Math.max(meanSeconds, p95Seconds) };
}
