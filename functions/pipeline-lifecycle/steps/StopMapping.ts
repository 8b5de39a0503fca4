import type { MappingState } from '../../../aws/ports.ts';
import { done, NotYet, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { findMapping } from '../mapping.ts';
import { findOwnQueues } from '../queues.ts';
import type { Turn } from '../turn.ts';

/** Ends processing: no redrive feeds the queue, and the mapping is off. A drained pipeline has nothing to stop. */
export async function stopMapping(turn: Turn): Promise<StepResult> {
  const { ports, settings, status, memo, wait } = turn;
  const { queue, deadLetters } = await findOwnQueues(turn);
  if (deadLetters !== undefined) await ports.queues.cancelRedrives(deadLetters.arn);
  if (memo.drained || queue === undefined) return done();

  const known = memo.mappingId ?? status.eventSourceMappingId;
  const trusted = status.applied?.enabled === true && !wait.sent && known !== undefined;
  const mapping = trusted ? undefined : await findMapping(turn, queue.arn);
  if (!trusted && (mapping === undefined || isOff(mapping))) return done();
  const id = mapping?.id ?? known;
  if (id === undefined) return done();

  if (wait.sent && mapping?.state === 'Disabling') {
    throw new NotYet(settings.timings.mappingPollAgainSeconds, { sent: true }, { mappingId: id });
  }
  const answer = await turn.spend((permit) => ports.mappings.change(id, { enabled: false }, permit));
  if (answer.kind === 'gone' || (answer.kind === 'done' && isOff(answer.mapping)))
    return done({ mappingId: id });
  throw new NotYet(settings.timings.mappingPollSeconds, { sent: true }, { mappingId: id });
}

function isOff(mapping: MappingState): boolean {
  return mapping.state === 'Disabled' || mapping.state === 'Deleting';
}
