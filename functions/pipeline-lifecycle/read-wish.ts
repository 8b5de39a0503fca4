import type { AccountLimits, Ports } from '../../aws/ports.ts';
import { hasRoomToReserve } from '../../core/account.ts';
import { parseConfigRecord, type Wanted } from '../../core/config-record.ts';
import type { Wish } from '../../core/lifecycle/decide.ts';
import { mayRest } from '../../core/lifecycle/rest.ts';
import { targetOf } from '../../core/lifecycle/target.ts';
import { pipelineNames } from '../../core/names.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { readAccount } from './read-account.ts';
import { readCode } from './read-code.ts';

/** Reads the config record and all it depends on, and says what it asks for. */
export async function readWish(
  pipelineId: string,
  status: StatusRecord | undefined,
  ports: Ports,
  settings: StageSettings,
): Promise<Wish> {
  const record = await ports.configs.read(pipelineId);
  if (record === undefined) return { kind: 'gone' };

  const account = await readAccount(ports, settings);
  const parsed = parseConfigRecord(record, {
    stage: settings.stage,
    accountConcurrency: account.concurrency,
  });
  if (parsed.kind === 'invalid') {
    const retry = parsed.problems.every((problem) => problem.code === 'AccountLimit');
    return { kind: 'invalid', problems: parsed.problems, retry };
  }
  const { wanted } = parsed;
  if (isExpired(wanted, ports.clock.nowMs())) return { kind: 'gone' };

  if (
    wanted.concurrency === 1 &&
    !hasRoomToReserve(account) &&
    !(await holdsReservation(pipelineId, ports, settings))
  ) {
    return { kind: 'invalid', problems: [noRoomProblem(account)], retry: true };
  }
  const admitted = await readCode(wanted, status, ports, settings);
  if (admitted.kind === 'none') return { kind: 'invalid', problems: [admitted.problem], retry: true };
  const { code } = admitted;
  const resting = await rests(wanted, status, ports);
  return { kind: 'target', target: targetOf(wanted, code, !wanted.paused && !resting, settings.consumers) };
}

/** Whether the last unit went to this very pipeline, perhaps in a run that never settled. */
async function holdsReservation(pipelineId: string, ports: Ports, settings: StageSettings): Promise<boolean> {
  const consumer = await ports.functions.read(pipelineNames(settings.stage, pipelineId).function);
  return consumer?.reservedConcurrency !== undefined;
}

export function isExpired(wanted: Wanted, nowMs: number): boolean {
  return wanted.expiresAt !== undefined && wanted.expiresAt * 1000 <= nowMs;
}

export function noRoomProblem(account: AccountLimits) {
  return {
    path: 'concurrency',
    code: 'AccountLimit' as const,
    allowed: '2 or more while the account has no reservable concurrency left',
    given: `1, with ${account.unreservedConcurrency} of ${account.concurrency} unreserved and 100 that must stay so`,
    hint: 'raise the account quota "Concurrent executions", or set concurrency to 2; it is tried again by itself',
  };
}

/** Whether the consumer may rest: nothing has been sent or seen for as long as the record says. */
async function rests(wanted: Wanted, status: StatusRecord | undefined, ports: Ports): Promise<boolean> {
  if (wanted.restWhenIdleSeconds === undefined || status?.queueUrl === undefined) return false;
  const queue = await ports.queues.read(status.queueUrl);
  if (queue === undefined) return false;
  return mayRest(wanted.restWhenIdleSeconds, queue.counts, status.lastActivityAtMs, ports.clock.nowMs());
}
