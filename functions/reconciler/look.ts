import { type AccountFact, overcommittedBy } from '../../core/account.ts';
import { measure } from '../../core/flow/measured.ts';
import { decide } from '../../core/lifecycle/decide.ts';
import { NotYet } from '../../core/lifecycle/outcome.ts';
import { isEmpty } from '../../core/lifecycle/rest.ts';
import { pipelineNames } from '../../core/names.ts';
import { judgeResources, judgeStatus, type Seen } from '../../core/reconcile.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { readWish } from '../pipeline-lifecycle/read-wish.ts';
import type { Session } from './session.ts';

/** Looks at one pipeline: its record, its status, and what it is made of. */
export async function look(
  session: Session,
  pipelineId: string,
  account: AccountFact | undefined,
): Promise<{ readonly concurrency: number }> {
  const { ports, settings } = session;
  const status = await measureTasks(session, await ports.statuses.read(pipelineId));
  if (status?.phase === 'Failed') session.failed += 1;
  const wish = await readWish(pipelineId, status, ports, settings).catch(ignoreNotYet);
  const seen = await see(session, pipelineId);
  if (wish === undefined) return { concurrency: 0 };
  const running = wish.kind === 'target' ? wish.target : status?.applied;
  const concurrency = running?.wanted.concurrency ?? 0;

  const decision = decide(wish, status, false);
  const finding = judgeStatus(decision, status, ports.clock.nowMs());
  if (finding !== undefined) await session.start(pipelineId, finding);
  else if (status !== undefined) {
    const drift = judgeResources(status, seen, settings.consumers);
    await session.start(pipelineId, drift);
    if (drift.kind === 'fine') await noteWhatIsSeen(session, status, seen, overcommittedBy(account));
  }
  return { concurrency };
}

/**
 * Notes how long the tasks take of a pipeline whose concurrency follows from that, so that it can change once in a
 * round. If somebody else writes, next round.
 * @returns the status as it now is
 */
async function measureTasks(
  { ports }: Session,
  status: StatusRecord | undefined,
): Promise<StatusRecord | undefined> {
  const follows = status?.applied?.wanted.concurrencySource === 'rateLimit';
  if (status === undefined || !follows || status.lease !== undefined) return status;
  const ran = await ports.flow.readRan(status.pipelineId);
  const measured = ran && measure(status.measured, ran, ports.clock.nowMs());
  if (measured === undefined) return status;
  const next = { ...status, measured };
  return (await ports.statuses.write(next)) === 'written' ? { ...next, revision: next.revision + 1 } : status;
}

function ignoreNotYet(error: unknown): undefined {
  if (error instanceof NotYet) return undefined;
  throw error;
}

/** The resources, read without a call in Lambda's bucket. */
async function see({ ports, settings }: Session, pipelineId: string): Promise<Seen> {
  const names = pipelineNames(settings.stage, pipelineId);
  const read = async (name: string) => {
    const url = await ports.queues.find(name);
    return url === undefined ? undefined : ports.queues.read(url);
  };
  const [queue, deadLetters, consumer] = await Promise.all([
    read(names.queue),
    read(names.deadLetterQueue),
    ports.functions.read(names.function),
  ]);
  return { queue, deadLetters, function: consumer };
}

/** Notes activity of a pipeline that may rest, and a changed excess; if somebody else writes, next round. */
async function noteWhatIsSeen(
  { ports }: Session,
  status: StatusRecord,
  seen: Seen,
  overcommitted: number | undefined,
): Promise<void> {
  const mayRest = status.applied?.wanted.restWhenIdleSeconds !== undefined;
  const active = mayRest && seen.queue !== undefined && !isEmpty(seen.queue.counts);
  if (!active && status.overcommitted === overcommitted) return;
  const { overcommitted: _before, ...rest } = status;
  await ports.statuses.write({
    ...rest,
    ...(overcommitted === undefined ? {} : { overcommitted }),
    ...(active ? { lastActivityAtMs: ports.clock.nowMs() } : {}),
  });
}
