import { ceilingOver } from '../../../core/lifecycle/ceiling.ts';
import { done, NotYet, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { reservedConcurrency } from '../../../core/lifecycle/target.ts';
import { readOwnFunction } from '../consumer-function.ts';
import { notThere } from '../not-there.ts';
import { leaseInstead } from '../one-at-a-time.ts';
import { longestTaskEndsMs, type Turn, targetOfRun } from '../turn.ts';

/**
 * One at a time takes one unit of the account's concurrency, unless the runtime's lease keeps it: a mapping alone cannot be
 * limited below two.
 */
export async function reserveConcurrency(turn: Turn): Promise<StepResult> {
  const target = targetOfRun(turn);
  const units = reservedConcurrency(target);
  if (units === undefined) return done();
  const actual = await readOwnFunction(turn);
  if (actual === undefined) return notThere(turn, `the function ${turn.names.function} was not there`);
  const lowered = ceilingOver(turn.status, target).concurrency > units;
  if (actual.reservedConcurrency === units && !lowered) return done();
  // Reserved, perhaps, by an attempt that never answered: then the wait for what ran before is still due.
  if (actual.reservedConcurrency === units) return done({ settleNotBeforeMs: longestTaskEndsMs(turn) });
  const answer = await turn.spend((permit) => turn.ports.functions.reserveOne(turn.names.function, permit));
  switch (answer) {
    case 'done':
      return done(turn.status.applied === undefined ? {} : { settleNotBeforeMs: longestTaskEndsMs(turn) });
    case 'noRoom':
      return leaseInstead(turn);
    case 'gone':
      return notThere(turn, `the function ${turn.names.function} was not there`);
    case 'busy':
      throw new NotYet(turn.settings.timings.functionPollSeconds);
  }
}
