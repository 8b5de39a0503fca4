import type { Ports, QueueState } from '../../aws/ports.ts';
import { type AccountFact, overcommittedBy } from '../../core/account.ts';
import type { GroupState } from '../../core/flow/hold.ts';
import { measure } from '../../core/flow/measured.ts';
import { decide } from '../../core/lifecycle/decide.ts';
import { NotYet } from '../../core/lifecycle/outcome.ts';
import { isEmpty } from '../../core/lifecycle/rest.ts';
import { pipelineNames } from '../../core/names.ts';
import { judgeResources, judgeStatus } from '../../core/reconcile.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import type { Looked } from '../../core/sweep/judge.ts';
import { readWish } from '../pipeline-lifecycle/read-wish.ts';
import type { Session } from './session.ts';

/** What a look at a pipeline has found. */
export interface Look {
  readonly concurrency: number;
  /** Absent of a pipeline without a status. */
  readonly looked?: Looked;
}

/** What a pipeline is made of. */
interface Seen {
  readonly queue: QueueState | undefined;
  readonly deadLetters: QueueState | undefined;
  readonly function: Awaited<ReturnType<Ports['functions']['read']>>;
}

/** Looks at one pipeline: its record, its status, and what it is made of. */
export async function look(
  session: Session,
  pipelineId: string,
  account: AccountFact | undefined,
): Promise<Look> {
  const { settings } = session;
  const { ports, group } = noting(session.ports);
  const status = await measureTasks(session, await ports.statuses.read(pipelineId));
  if (status?.phase === 'Failed') session.failed += 1;
  const wish = await readWish(pipelineId, status, ports, settings).catch(ignoreNotYet);
  const seen = await see(session, pipelineId, status);
  const looked = status && { looked: { pipelineId, status, group: group(), queues: queuesOf(seen) } };
  if (wish === undefined) return { concurrency: 0, ...looked };
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
  return { concurrency, ...looked };
}

/** Notes what is read of the group, so that nobody reads it twice. */
function noting(ports: Ports): { readonly ports: Ports; group(): GroupState | undefined } {
  let group: GroupState | undefined;
  const read = async (pipelineId: string) => {
    group = await ports.holds.read(pipelineId);
    return group;
  };
  return { ports: { ...ports, holds: { read } }, group: () => group };
}

function queuesOf({ queue, deadLetters }: Seen): Looked['queues'] {
  return queue && { counts: queue.counts, letters: deadLetters?.counts.visible ?? 0 };
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
async function see(
  { ports, settings }: Session,
  pipelineId: string,
  status: StatusRecord | undefined,
): Promise<Seen> {
  const names = pipelineNames(settings.stage, pipelineId);
  // A queue's url follows from its name: one that was made again has the same.
  const read = async (name: string, known: string | undefined) => {
    const url = known ?? (await ports.queues.find(name));
    return url === undefined ? undefined : ports.queues.read(url);
  };
  const [queue, deadLetters, consumer] = await Promise.all([
    read(names.queue, status?.queueUrl),
    read(names.deadLetterQueue, status?.deadLetterQueueUrl),
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
