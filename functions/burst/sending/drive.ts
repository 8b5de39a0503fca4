import type { Ports } from '../../../aws/ports.ts';
import type { BurstRecord } from '../../../core/burst/record.ts';

/** Makes sure of the execution that the record names: whoever named it may have crashed right after. */
export async function drive({ state, driver, burstId }: BurstRecord, ports: Ports): Promise<void> {
  if (state === 'Sending' && driver !== undefined) await ports.burstRuns.start(driver.owner, { burstId });
}
