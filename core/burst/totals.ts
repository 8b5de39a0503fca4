import type { Counts } from './counts.ts';
import { type BurstRecord, type BurstTotals, isSent, type SentMark } from './record.ts';

/** Sums a burst up, as far as it has come. */
export function totalsOf(
  record: Pick<BurstRecord, 'total' | 'state' | 'isCounted'>,
  mark: Pick<SentMark, 'accepted' | 'refused'>,
  counts: Counts,
): BurstTotals {
  const { total, isCounted } = record;
  const isEnded = record.state === 'Ended';
  const { started, done, dead: deadLettered } = counts;
  const refused = Math.min(total, isCounted ? counts.refused : mark.refused);
  const taken = total - refused;
  return {
    total,
    sent: isSent(record) ? taken : Math.min(taken, Math.max(mark.accepted, started)),
    refused,
    started,
    // Whatever runs or waits once it has ended is not waited for.
    running: isEnded ? 0 : counts.running,
    done,
    failed: isEnded ? 0 : counts.failed,
    deadLettered,
    unaccounted: isEnded ? Math.max(0, taken - done - deadLettered) : 0,
  };
}

/** Tasks that are not over. */
export function tasksLeft({ total, done, deadLettered, refused, unaccounted }: BurstTotals): number {
  return Math.max(0, total - done - deadLettered - refused - unaccounted);
}
