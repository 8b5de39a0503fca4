import type { Ports } from '../../../aws/ports.ts';
import { type BurstRecord, REFUSALS_KEPT, type Refusal } from '../../../core/burst/record.ts';
import { byIndex } from '../../../core/burst/result.ts';
import { changeBurst } from './change-burst.ts';
import type { SliceSent } from './slice.ts';

/** Writes down what a slice came to: what was refused, and that the burst is sent, where it is. */
export async function noteSlice(
  record: BurstRecord,
  { end, refusals }: Pick<SliceSent, 'end' | 'refusals'>,
  ports: Ports,
): Promise<BurstRecord> {
  return changeBurst(record, ports, (one) => {
    const kept = withRefusals(one, refusals);
    const isSending = one.state === 'Sending' || one.state === 'Paused';
    if (end.kind === 'sent' && isSending) {
      return { ...one, refusals: kept, state: 'Sent', sentAtMs: ports.clock.nowMs() };
    }
    return kept.length > one.refusals.length ? { ...one, refusals: kept } : undefined;
  });
}

function withRefusals(record: BurstRecord, refusals: readonly Refusal[]): readonly Refusal[] {
  return byIndex([...record.refusals, ...refusals]).slice(0, REFUSALS_KEPT);
}
