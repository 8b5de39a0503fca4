import { hasRoomToReserve } from '../../../core/account.ts';
import { ceilingOver } from '../../../core/lifecycle/ceiling.ts';
import { done, NotYet, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { reservedConcurrency } from '../../../core/lifecycle/target.ts';
import { readOwnFunction } from '../consumer-function.ts';
import { leaseInstead } from '../one-at-a-time.ts';
import { restForPace } from '../rest-for-pace.ts';
import { type Turn, targetOfRun } from '../turn.ts';
import { reserveConcurrency } from './ReserveConcurrency.ts';

/**
 * The first step that may let more calls run at once, or let them go by other limits: where those that run must be over
 * before, it waits for them.
 */
export async function releaseConcurrency(turn: Turn): Promise<StepResult> {
  await restForPace(turn);
  return release(turn);
}

/**
 * Gives the account its unit back before the mapping's limit is raised above one; and makes sure that one can
 * be had before it is lowered to one.
 */
async function release(turn: Turn): Promise<StepResult> {
  const target = targetOfRun(turn);
  const actual = await readOwnFunction(turn);
  if (reservedConcurrency(target) !== undefined) {
    if (actual === undefined || actual.reservedConcurrency !== undefined) return done();
    // One at a time already, perhaps by a lease that the function's next settings know nothing of: the unit comes first.
    if (ceilingOver(turn.status, target).concurrency === 1) return reserveConcurrency(turn);
    const account = await turn.spend((permit) => turn.ports.account.read(permit));
    return hasRoomToReserve(account) ? done() : leaseInstead(turn);
  }
  if (actual?.reservedConcurrency === undefined) return done();
  // A unit that somebody has reserved since this run decided on a lease: the next run keeps that instead.
  if (target.wanted.concurrency === 1) return done();
  const answer = await turn.spend((permit) =>
    turn.ports.functions.releaseReservation(turn.names.function, permit),
  );
  if (answer === 'busy') throw new NotYet(turn.settings.timings.functionPollSeconds);
  return done();
}
