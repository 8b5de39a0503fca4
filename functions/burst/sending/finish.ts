import type { Ports } from '../../../aws/ports.ts';
import { unstuck } from '../../../core/burst/pauses.ts';
import { type BurstRecord, REFUSALS_KEPT, type Refusal } from '../../../core/burst/record.ts';
import { byIndex } from '../../../core/burst/result.ts';
import { changeBurst } from './change-burst.ts';
import type { SliceSent } from './slice.ts';

/** Writes down what a slice came to: that it has begun, what was refused, and that the burst is sent, where it is. */
export async function noteSlice(
  record: BurstRecord,
  { end, mark, refusals }: SliceSent,
  ports: Ports,
): Promise<BurstRecord> {
  return changeBurst(record, ports, (one) => {
    const kept = withRefusals(one, refusals);
    const isSending = one.state === 'Sending' || one.state === 'Paused';
    const next = { ...unstuck(one), refusals: kept, ...(mark.fromIndex > 0 && { hasBegun: true }) };
    if (end.kind === 'sent' && isSending) return { ...next, state: 'Sent', sentAtMs: ports.clock.nowMs() };
    const isNew =
      kept.length > one.refusals.length ||
      next.hasBegun !== one.hasBegun ||
      one.stuckSinceMs !== next.stuckSinceMs;
    return isNew ? next : undefined;
  });
}

function withRefusals(record: BurstRecord, refusals: readonly Refusal[]): readonly Refusal[] {
  return byIndex([...record.refusals, ...refusals]).slice(0, REFUSALS_KEPT);
}
