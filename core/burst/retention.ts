import type { Wanted } from '../config-record.ts';
import { Refused } from '../refused.ts';
import type { SpreadWindow } from '../spread/plan.ts';
import { whyBeyondRetention } from '../spread/retention.ts';

/**
 * Refuses a plan whose tasks SQS would drop before, or just after, they come out.
 * @throws {Refused} `Impossible`
 */
export function refuseBeyondRetention(
  window: SpreadWindow,
  wanted: Pick<Wanted, 'pipelineId' | 'messageRetentionSeconds'>,
): void {
  const why = whyBeyondRetention(window, wanted);
  if (why !== undefined) throw new Refused('Impossible', why);
}
