import { countSalvaged } from '../../../aws/salvage-count.ts';
import { ACCOUNT_FACT, type AccountFact, overcommittedBy } from '../../../core/account.ts';
import { forceTidings, isForceChanged } from '../../../core/flow/force-change.ts';
import { changesApplied } from '../../../core/lifecycle/history.ts';
import { again, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { deleted, settled } from '../../../core/lifecycle/settle.ts';
import { isTeardown, type Salvage, type StatusRecord } from '../../../core/status-record.ts';
import type { Turn } from '../turn.ts';

/** While old tasks run out, how often it looks whether somebody left word: a pause is not to wait for them. */
const LOOK_SECONDS = 8;

/**
 * Writes what is and frees the lease, if nobody has left word since the run read the record; else goes
 * round again. The write counts only if nobody wrote in between, so no word is ever overlooked.
 * Other programs are told before it, so that a crash in between tells them twice rather than never.
 */
export async function settle(turn: Turn): Promise<StepResult> {
  const { ports, memo, pipelineId } = turn;
  let status: StatusRecord | undefined = turn.status;
  const overcommitted = overcommittedBy(
    (await ports.ledgers.read(ACCOUNT_FACT))?.value as AccountFact | undefined,
  );
  const salvaged = await salvageOf(turn);
  let isForceTold = false;
  while (status?.fence === turn.status.fence) {
    const nowMs = ports.clock.nowMs();
    const { lease, run } = status;
    if (memo.settleNotBeforeMs !== undefined && nowMs < memo.settleNotBeforeMs) {
      if (lease?.pending) return { kind: 'restart' };
      return again(Math.min(LOOK_SECONDS, (memo.settleNotBeforeMs - nowMs) / 1000));
    }
    const next = isTeardown(turn.run.kind)
      ? deleted(status, memo, salvaged, nowMs)
      : settled(status, turn.run, memo, turn.names, overcommitted, salvaged, nowMs);
    if (!isForceTold) await tellForce(turn);
    isForceTold = true;
    // Somebody left word: what was made is written all the same, so that the next round starts from it.
    const kept = lease?.pending && run ? { ...next, lease, run } : next;
    if ((await ports.statuses.write(kept)) === 'written') {
      tellSettled(turn, status, next.phase, nowMs);
      return { kind: lease?.pending ? 'restart' : 'over' };
    }
    status = await ports.statuses.read(pipelineId);
  }
  return { kind: 'over' };
}

/**
 * In the log, for people who ask what the system did: and of a change what it has changed.
 * @param before the status that it has replaced
 */
function tellSettled(
  { ports, pipelineId, run }: Turn,
  before: StatusRecord,
  phase: StatusRecord['phase'],
  nowMs: number,
): void {
  if (run.kind === 'confirm') return;
  const seconds = (nowMs - run.startedAtMs) / 1000;
  const changes = run.target && changesApplied(before.applied, run.target);
  ports.log.info('settled', { pipelineId, phase, run: run.kind, seconds, ...changes });
}

/** That a record has begun, or ceased, to force its breaker: the consumer keeps to it by now. */
async function tellForce({ ports, pipelineId, status, run }: Turn): Promise<void> {
  if (run.target === undefined) return;
  const [before, after] = [status.applied?.wanted.breaker, run.target.wanted.breaker];
  if (!isForceChanged(before, after)) return;
  const tidings = forceTidings(pipelineId, before, after, await ports.holds.read(pipelineId));
  if (tidings !== undefined) await ports.events.publish(tidings.detailType, tidings.detail);
}

/**
 * What is in salvage, by its own count: the run's would miss what an attempt that crashed has written. A
 * status that knows of no salvage has none.
 */
async function salvageOf({ ports, pipelineId, status }: Turn): Promise<Salvage | undefined> {
  if (status.salvage === undefined) return undefined;
  const count = await countSalvaged(pipelineId, ports);
  return count === 0 ? undefined : { uri: ports.salvage.uri(pipelineId), count };
}
