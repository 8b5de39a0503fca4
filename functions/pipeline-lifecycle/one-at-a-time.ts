import type { AccountLimits, Ports } from '../../aws/ports.ts';
import { ACCOUNT_FACT, type AccountFact, hasRoomToReserve, withoutRoom } from '../../core/account.ts';
import type { Wanted } from '../../core/config-record.ts';
import type { StepResult } from '../../core/lifecycle/outcome.ts';
import type { Target } from '../../core/lifecycle/target.ts';
import { pipelineNames } from '../../core/names.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import type { Turn } from './turn.ts';

/**
 * Whether one task at a time is kept by the runtime's lease, for the account has no unit of concurrency left to reserve.
 * A pipeline that has a lease keeps it until its record asks for another concurrency, also when there is room again:
 * units come and go with other pipelines, and each change would be one of the function. One that has a unit, perhaps by
 * a run that never settled, keeps that.
 */
export async function takesLease(
  wanted: Wanted,
  applied: Target | undefined,
  account: AccountLimits,
  ports: Ports,
  settings: StageSettings,
): Promise<boolean> {
  if (wanted.concurrency !== 1) return false;
  const hasLease = applied?.lease === true && applied.wanted.concurrency === 1;
  if (!hasLease && hasRoomToReserve(account)) return false;
  const consumer = await ports.functions.read(pipelineNames(settings.stage, wanted.pipelineId).function);
  return consumer?.reservedConcurrency === undefined;
}

/** Somebody else has taken the last unit since the account was read: the run begins anew, and takes a lease. */
export async function leaseInstead({ ports, pipelineId }: Turn): Promise<StepResult> {
  const fact = await ports.ledgers.read(ACCOUNT_FACT);
  if (fact !== undefined) {
    // If somebody has written a newer one meanwhile, that is as well.
    await ports.ledgers.write(ACCOUNT_FACT, withoutRoom(fact.value as AccountFact), fact.revision);
  }
  ports.log.info('no unit of concurrency is left to reserve: one at a time by lease', { pipelineId });
  return { kind: 'restart' };
}
