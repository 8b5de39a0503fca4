import type { Ports } from '../../aws/ports.ts';
import { nextCheckMs } from '../../core/burst/keep.ts';
import type { BurstRecord, BurstTotals } from '../../core/burst/record.ts';

/** Notes that it was looked at, and what came of it so far. If somebody else writes, next time. */
export async function noteLook(record: BurstRecord, totals: BurstTotals, ports: Ports): Promise<void> {
  const { quietSinceMs: _not, letterLooks: _over, ...rest } = record;
  await ports.bursts.write({ ...rest, totals, checkAtMs: nextCheckMs(record, ports.clock.nowMs()) });
}
