import { SQS_MAX_DELAY_SECONDS } from '../aws-limits.ts';
import type { SpreadWindow } from './plan.ts';

/** What comes out of the queue must be there for as long at least, to be taken. */
const ROOM_SECONDS = 60;

/** The least retention of a queue whose messages are delayed for so long at most, seconds. */
export function leastRetentionSeconds(delaySeconds: number): number {
  return delaySeconds === 0 ? 0 : delaySeconds + ROOM_SECONDS;
}

/** Why SQS would drop tasks of a plan before, or just after, they come out; undefined where it would not. */
export function whyBeyondRetention(
  { maxSeconds }: SpreadWindow,
  {
    pipelineId,
    messageRetentionSeconds,
  }: { readonly pipelineId: string; readonly messageRetentionSeconds: number },
): string | undefined {
  const delaySeconds = Math.min(SQS_MAX_DELAY_SECONDS, Math.ceil(maxSeconds));
  const least = leastRetentionSeconds(delaySeconds);
  if (messageRetentionSeconds >= least) return undefined;
  return (
    `the plan delays tasks by up to ${delaySeconds} s, so messageRetentionSeconds of pipeline ${pipelineId} must be ${least} or more, ` +
    `and is ${messageRetentionSeconds}: SQS would drop them unseen — raise it, or give the burst a shorter spread`
  );
}
