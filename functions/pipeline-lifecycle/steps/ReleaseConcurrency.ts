import { hasRoomToReserve } from '../../../core/account.ts';
import { done, NotYet, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { reservedConcurrency } from '../../../core/lifecycle/target.ts';
import { readOwnFunction } from '../consumer-function.ts';
import { type Turn, targetOfRun } from '../turn.ts';
import { noRoom } from './ReserveConcurrency.ts';

/**
 * Gives the account its unit back before the mapping's limit is raised above one; and makes sure that one can
 * be had before it is lowered to one, so that a record that asks for too much changes nothing.
 */
export async function releaseConcurrency(turn: Turn): Promise<StepResult> {
  const actual = await readOwnFunction(turn);
  if (reservedConcurrency(targetOfRun(turn)) !== undefined) {
    if (actual?.reservedConcurrency !== undefined) return done();
    const account = await turn.spend((permit) => turn.ports.account.read(permit));
    return hasRoomToReserve(account) ? done() : noRoom();
  }
  if (actual?.reservedConcurrency === undefined) return done();
  const answer = await turn.spend((permit) =>
    turn.ports.functions.releaseReservation(turn.names.function, permit),
  );
  if (answer === 'busy') throw new NotYet(turn.settings.timings.functionPollSeconds);
  return done();
}
