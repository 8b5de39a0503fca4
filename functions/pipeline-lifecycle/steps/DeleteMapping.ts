import { done, NotYet, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { findMapping } from '../mapping.ts';
import { findOwnQueues } from '../queues.ts';
import type { Turn } from '../turn.ts';

/** The mapping first: a function's deletion leaves its mappings behind. */
export async function deleteMapping(turn: Turn): Promise<StepResult> {
  const id = turn.memo.mappingId ?? turn.status.eventSourceMappingId ?? (await lookFor(turn));
  if (id === undefined) return done();
  const answer = await turn.spend((permit) => turn.ports.mappings.delete(id, permit));
  if (answer === 'inUse') throw new NotYet(turn.settings.timings.mappingPollSeconds);
  return done();
}

async function lookFor(turn: Turn): Promise<string | undefined> {
  const { queue } = await findOwnQueues(turn);
  return queue === undefined ? undefined : (await findMapping(turn, queue.arn))?.id;
}
