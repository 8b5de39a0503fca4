import type { Ports } from '../../aws/ports.ts';
import type { BurstState } from '../../core/burst/record.ts';
import { Refused } from '../../core/refused.ts';

/** What people are told of a burst. */
export interface BurstStatus {
  readonly burstId: string;
  readonly state: BurstState;
}

export async function control(input: unknown, ports: Ports): Promise<BurstStatus> {
  const { burstId } = input as { readonly burstId: string };
  const record = await ports.bursts.read(burstId);
  if (record === undefined) throw new Refused('NotPossible', `there is no burst ${burstId}`);
  return { burstId, state: record.state };
}
