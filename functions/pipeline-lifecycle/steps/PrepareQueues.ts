import { done, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { makeQueues } from '../queues.ts';
import type { Turn } from '../turn.ts';

/** What must change on the queues before the function does: raised timeouts, an end to a cancelled drain. */
export async function prepareQueues(turn: Turn): Promise<StepResult> {
  return done(await makeQueues(turn));
}
