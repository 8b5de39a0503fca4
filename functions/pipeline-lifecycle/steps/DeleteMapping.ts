import type { MappingState } from '../../../aws/ports.ts';
import { done, NotYet, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { queueArnBeside } from '../../../core/names.ts';
import { findOwnQueues } from '../queues.ts';
import type { Turn } from '../turn.ts';

/** The mapping first: a function's deletion leaves its mappings behind. */
export async function deleteMapping(turn: Turn): Promise<StepResult> {
  const known = turn.memo.mappingId ?? turn.status.eventSourceMappingId;
  if (known !== undefined && (await remove(turn, known)) === 'deleting') return done();
  // The one remembered is gone, or none is: a run that did not end may have made another.
  const found = await lookFor(turn);
  if (found !== undefined && found.state !== 'Deleting') await remove(turn, found.id);
  return done();
}

async function remove(turn: Turn, id: string): Promise<'deleting' | 'gone'> {
  const answer = await turn.spend((permit) => turn.ports.mappings.delete(id, permit));
  if (answer === 'inUse') throw new NotYet(turn.settings.timings.mappingPollSeconds);
  return answer;
}

/** By function and queue, even where the queue itself is gone. */
async function lookFor(turn: Turn): Promise<MappingState | undefined> {
  const { ports, names } = turn;
  const { queue } = await findOwnQueues(turn);
  const consumer = queue === undefined ? await ports.functions.read(names.function) : undefined;
  const queueArn = queue?.arn ?? (consumer && queueArnBeside(consumer.arn, names.queue));
  if (queueArn === undefined) return undefined;
  return turn.spend((permit) => ports.mappings.find(names.function, queueArn, permit));
}
