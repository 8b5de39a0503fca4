import type { Ports } from '../../../aws/ports.ts';
import type { BurstRecord } from '../../../core/burst/record.ts';

/**
 * Writes what follows from a burst's record as it is, however often somebody else writes it first.
 * @param known as it was read or written last
 * @param next answers undefined where nothing is to be written
 * @returns the record as it is then
 */
export async function changeBurst(
  known: BurstRecord,
  ports: Ports,
  next: (record: BurstRecord) => BurstRecord | undefined,
): Promise<BurstRecord> {
  for (let latest = known; ; ) {
    const record = next(latest);
    if (record === undefined) return latest;
    const changed = { ...record, revision: latest.revision, updatedAtMs: ports.clock.nowMs() };
    if ((await ports.bursts.write(changed)) === 'written')
      return { ...changed, revision: latest.revision + 1 };
    const read = await ports.bursts.read(known.burstId);
    if (read === undefined) throw new Error(`the record of burst ${known.burstId} is gone`);
    latest = read;
  }
}
