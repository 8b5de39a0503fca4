import { done, NotYet, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { isOurs } from '../../../core/names.ts';
import type { Turn } from '../turn.ts';

/** The function, if it is there and carries our tags. */
export async function deleteFunction(turn: Turn): Promise<StepResult> {
  const { functions } = turn.ports;
  const actual = await functions.read(turn.names.function);
  if (actual === undefined || !isOurs(actual.tags, turn.settings.stage, turn.pipelineId)) return done();
  const answer = await turn.spend((permit) => functions.delete(turn.names.function, permit));
  if (answer === 'busy') throw new NotYet(turn.settings.timings.functionPollSeconds);
  return done();
}
