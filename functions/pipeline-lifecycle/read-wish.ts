import { requestPermit } from '../../aws/control-plane-budget.ts';
import type { AccountLimits, Ports } from '../../aws/ports.ts';
import { ACCOUNT_FACT, type AccountFact, hasRoomToReserve } from '../../core/account.ts';
import { parseConfigRecord, type Wanted } from '../../core/config-record.ts';
import type { Wish } from '../../core/lifecycle/decide.ts';
import { NotYet } from '../../core/lifecycle/outcome.ts';
import { mayRest } from '../../core/lifecycle/rest.ts';
import { targetOf } from '../../core/lifecycle/target.ts';
import { pipelineNames } from '../../core/names.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import type { StatusRecord } from '../../core/status-record.ts';
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

/** The ledger of whose turn it is to read the account's limits, and how long the others leave it to that one. */
const ACCOUNT_READER = 'account#reader';
const READ_AGAIN_MS = 5_000;

/** The account's limits as the reconciler last read them; on a new stage it reads them itself. */
export async function readAccount(ports: Ports, settings: StageSettings): Promise<AccountLimits> {
  const fact = await ports.ledgers.read(ACCOUNT_FACT);
  if (fact !== undefined) return fact.value as AccountFact;
  // One reads for all: a bulk load onto a new stage must not spend its budget on the same question.
  const nowMs = ports.clock.nowMs();
  const turn = { nowMs, spacingMs: READ_AGAIN_MS, count: 1, horizonMs: 0 };
  if ((await ports.ledgers.reserve(ACCOUNT_READER, turn)).kind === 'full') throw new NotYet(1);
  const answer = await requestPermit(ports, settings.controlPlanePerSecond, 'pause');
  if (answer.kind === 'later') throw new NotYet(answer.afterSeconds);
  const limits = await ports.account.read(answer.permit);
  await ports.ledgers.write(ACCOUNT_FACT, limits, 0);
  return limits;
}
