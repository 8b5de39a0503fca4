import { done, failed, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { isEmpty } from '../../../core/lifecycle/rest.ts';
import { findOwnQueues } from '../queues.ts';
import type { Turn } from '../turn.ts';

/** The queues, last: and, unless the tasks are to be discarded, only if they are empty still. */
export async function deleteQueues(turn: Turn): Promise<StepResult> {
  const { queues, clock } = turn.ports;
  const { queue, deadLetters } = await findOwnQueues(turn);
  const found = [queue, deadLetters].filter((one) => one !== undefined);
  if (turn.run.kind !== 'discard' && !found.every((one) => isEmpty(one.counts))) {
    return failed(
      'QueueNotEmpty',
      `${turn.names.queue} has messages again after its salvage — it was kept, and the teardown is tried again`,
    );
  }
  for (const one of found) await queues.delete(one.url);
  return done({ deletedAtMs: clock.nowMs() });
}
