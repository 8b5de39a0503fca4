import { SQS_MAX_DELAY_SECONDS } from '../aws-limits.ts';
import { leastRetentionSeconds } from '../config-record/spread.ts';
import type { Wanted } from '../config-record.ts';
import { Refused } from '../refused.ts';
import type { SpreadWindow } from '../spread/plan.ts';

/**
 * Refuses a plan whose tasks SQS would drop before, or just after, they come out.
 * @throws {Refused} `Impossible`
 */
export function refuseBeyondRetention(
  { maxSeconds }: SpreadWindow,
  { pipelineId, messageRetentionSeconds }: Pick<Wanted, 'pipelineId' | 'messageRetentionSeconds'>,
): void {
  const delaySeconds = Math.min(SQS_MAX_DELAY_SECONDS, Math.ceil(maxSeconds));
  const least = leastRetentionSeconds(delaySeconds);
  if (messageRetentionSeconds >= least) return;
  throw new Refused(
    'Impossible',
    `the plan delays tasks by up to ${delaySeconds} s, so messageRetentionSeconds of pipeline ${pipelineId} must be ${least} or more, ` +
      `and is ${messageRetentionSeconds}: SQS would drop them unseen — raise it, or give the burst a shorter spread`,
  );
}
