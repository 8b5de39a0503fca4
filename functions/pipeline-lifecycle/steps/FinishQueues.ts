import { done, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { finishQueue } from '../queues.ts';
import type { Turn } from '../turn.ts';

/** What may change on the queue only after the function has: lowered timeouts. */
export async function finishQueues(turn: Turn): Promise<StepResult> {
  return done(await finishQueue(turn));
}
