import { done, NotYet, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { reservedConcurrency } from '../../../core/lifecycle/target.ts';
import { readOwnFunction } from '../consumer-function.ts';
import { type Turn, targetOfRun } from '../turn.ts';

/** Gives the account its unit back before the mapping's limit is raised above one. */
export async function releaseConcurrency(turn: Turn): Promise<StepResult> {
  if (reservedConcurrency(targetOfRun(turn).wanted) !== undefined) return done();
  const actual = await readOwnFunction(turn);
  if (actual?.reservedConcurrency === undefined) return done();
  const answer = await turn.spend((permit) =>
    turn.ports.functions.releaseReservation(turn.names.function, permit),
  );
  if (answer === 'busy') throw new NotYet(turn.settings.timings.functionPollSeconds);
  return done();
}
