import { done, NotYet, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { findOwnQueues } from '../queues.ts';
import type { Turn } from '../turn.ts';
import { stopIfWantedAgain } from '../wanted-again.ts';

/** Nobody but the consumers may send any more; then the time until that holds everywhere. */
export async function closeQueue(turn: Turn): Promise<StepResult> {
  const wantedAgain = await stopIfWantedAgain(turn);
  if (wantedAgain) return wantedAgain;
  const { ports, settings, wait } = turn;
  const { queue } = await findOwnQueues(turn);
  if (queue === undefined) return done();
  const propagationMs = settings.timings.policyPropagationSeconds * 1000;
  if (!queue.closed || wait.sinceMs === undefined) {
    if (!queue.closed) await ports.queues.change(queue.url, { closed: true });
    throw new NotYet(propagationMs / 1000, { sinceMs: ports.clock.nowMs() });
  }
  const leftMs = wait.sinceMs + propagationMs - ports.clock.nowMs();
  if (leftMs > 0) throw new NotYet(leftMs / 1000, { sinceMs: wait.sinceMs });
  return done();
}
