import { done, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { makeQueues } from '../queues.ts';
import type { Turn } from '../turn.ts';

/** The dead-letter queue and the queue: made, or adopted if they are ours. */
export async function createQueues(turn: Turn): Promise<StepResult> {
  return done(await makeQueues(turn));
}
