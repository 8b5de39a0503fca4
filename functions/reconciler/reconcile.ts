import pLimit from 'p-limit';
import { requestPermit } from '../../aws/control-plane-budget.ts';
import { paceReads } from '../../aws/function-reads.ts';
import type { Ledgers, MappingState, Page, Permit, Ports } from '../../aws/ports.ts';
import { ACCOUNT_FACT, type AccountFact, overcommittedBy } from '../../core/account.ts';
import { executionName } from '../../core/config-change.ts';
import { decide } from '../../core/lifecycle/decide.ts';
import { NotYet } from '../../core/lifecycle/outcome.ts';
import { isEmpty } from '../../core/lifecycle/rest.ts';
import { pipelineNames } from '../../core/names.ts';
import {
  type Cause,
  type Finding,
  judgeMapping,
  judgeResources,
  judgeStatus,
  type Seen,
  sweepEveryTicks,
} from '../../core/reconcile.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import type { StatusRecord } from '../../core/status-record.ts';
import { readAccount, readWish } from '../pipeline-lifecycle/read-wish.ts';
import { findOrphans } from './orphans.ts';
import { type Progress, readProgress, writeProgress } from './progress.ts';

/** Looks at once; each is a handful of reads. */
const PARALLEL_LOOKS = 16;
/** A tick reads a whole slice's functions: some at once, at whatever pace is left over. */
const READ_PACE = { horizonMs: 30_000, chunk: 20 };
/** Longest that one call of a tick waits for the control-plane budget. */
const PATIENCE_MS = 5_000;

/** What one tick did. */
export interface Tick {
  readonly looked: number;
  readonly started: Readonly<Record<Cause, number>>;
  readonly orphans: readonly string[];
  readonly failed: number;
}

/**
 * One tick of constant work: a slice of the config records, a slice of the status records, a page of
 * functions and of queues, and every few ticks all mappings. It reads the same whether nothing or
 * everything has drifted; it only starts runs, which hold the lease and do the rest.
 */
export async function reconcile(ports: Ports, settings: StageSettings, deadlineMs: number): Promise<Tick> {
  const { progress, revision } = await readProgress(ports);
  const session = createSession(ports, settings, deadlineMs);
  const account = await refreshAccount(session);

  const configs = await ports.configs.page(progress.configCursor, settings.reconcileSlice);
  const ids = configs.items.flatMap(({ pipelineId }) => (typeof pipelineId === 'string' ? [pipelineId] : []));
  const statuses = await ports.statuses.page(progress.statusCursor, settings.reconcileSlice);
  // One that is deleted is over, unless its run died before it went round again.
  const others = statuses.items.filter(
    ({ phase, lease, pipelineId }) =>
      (phase !== 'Deleted' || lease !== undefined) && !ids.includes(pipelineId),
  );

  const looks = await session.each([...ids, ...others.map((one) => one.pipelineId)], (id) =>
    look(session, id, account),
  );
  const committed =
    progress.committed + looks.slice(0, ids.length).reduce((sum, one) => sum + (one?.concurrency ?? 0), 0);

  const mappingPages = await sweepMappings(session, progress);
  const orphans = await findOrphans(session, progress);

  if (configs.cursor === undefined) await noteCommitted(ports, committed);
  const { configCursor: _c, statusCursor: _s, functionCursor: _f, queueCursor: _q, ...rest } = progress;
  const next: Progress = {
    ...rest,
    tick: progress.tick + 1,
    mappingPages,
    committed: configs.cursor === undefined ? 0 : committed,
    ...cursor('configCursor', configs),
    ...cursor('statusCursor', statuses),
    ...cursor('functionCursor', orphans.functions),
    ...cursor('queueCursor', orphans.queues),
  };
  await writeProgress(ports, next, revision);
  return report(session, looks.length, orphans.names);
}

function cursor<K extends string>(key: K, page: Pick<Page<unknown>, 'cursor'>): { [P in K]?: string } {
  return (page.cursor === undefined ? {} : { [key]: page.cursor }) as { [P in K]?: string };
}

/** What a tick's parts share. */
export interface Session {
  readonly ports: Ports;
  readonly settings: StageSettings;
  readonly started: Record<Cause, number>;
  failed: number;
  /** A call in Lambda's bucket; undefined if the budget has no room for it in this tick. */
  spend<T>(call: (permit: Permit) => Promise<T>): Promise<T | undefined>;
  start(pipelineId: string, finding: Finding): Promise<void>;
  /** Runs over all, some at once; one that throws is logged and left for the next round. */
  each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<(R | undefined)[]>;
}

function createSession(ports: Ports, settings: StageSettings, deadlineMs: number): Session {
  const limit = pLimit(PARALLEL_LOOKS);
  const tickMs = ports.clock.nowMs();
  // What comes later is left for the next round, so that a slow tick too gets on and writes how far it came.
  const lastStartMs = deadlineMs - settings.timings.callSeconds * 1000;
  const paced = paceReads(ports, READ_PACE);
  const session: Session = {
    ports: { ...paced, ledgers: readOnce(ports.ledgers) },
    settings,
    started: { missed: 0, deadWriter: 0, retry: 0, drift: 0, deferred: 0 },
    failed: 0,
    async spend(call) {
      const untilMs = Math.min(ports.clock.nowMs() + PATIENCE_MS, lastStartMs);
      let ticketMs: number | undefined;
      while (ports.clock.nowMs() < untilMs) {
        const answer = await requestPermit(ports, settings.controlPlanePerSecond, 'edit', ticketMs);
        if (answer.kind === 'granted') return call(answer.permit);
        ticketMs = answer.ticketMs;
        if (ports.clock.nowMs() + answer.afterSeconds * 1000 >= untilMs) return undefined;
        await ports.clock.sleep(answer.afterSeconds * 1000);
      }
      return undefined;
    },
    async start(pipelineId, finding) {
      if (finding.kind !== 'start') return;
      const { cause, verify, detail } = finding;
      const name = executionName(pipelineId, `reconciler-${tickMs}`);
      const answer = await ports.executions.start(name, {
        pipelineId,
        verify,
        reason: `${cause}: ${detail}`,
      });
      if (answer === 'already') return;
      session.started[cause] += 1;
      ports.log.info('started a run', { pipelineId, cause, detail });
    },
    each(items, work) {
      return Promise.all(
        items.map((item) =>
          limit(async () => (ports.clock.nowMs() < lastStartMs ? work(item) : undefined)).catch(
            (error: unknown) => {
              ports.log.warn('a look failed', { item: String(item), error: String(error) });
              return undefined;
            },
          ),
        ),
      );
    },
  };
  return session;
}

/** The same facts serve a whole tick. */
function readOnce(ledgers: Ledgers): Ledgers {
  const seen = new Map<string, ReturnType<Ledgers['read']>>();
  return {
    reserve: (id, request) => ledgers.reserve(id, request),
    write(id, value, revision) {
      seen.delete(id);
      return ledgers.write(id, value, revision);
    },
    read(id) {
      const known = seen.get(id) ?? ledgers.read(id);
      seen.set(id, known);
      return known;
    },
  };
}

/** Reads the account's limits anew; where the budget has no room the last ones serve on. */
async function refreshAccount(session: Session): Promise<AccountFact | undefined> {
  const { ports, settings } = session;
  const fact = await ports.ledgers.read(ACCOUNT_FACT);
  const limits = await session.spend((permit) => ports.account.read(permit));
  if (limits === undefined) return fact?.value as AccountFact | undefined;
  const committed = (fact?.value as AccountFact | undefined)?.committedConcurrency;
  const next: AccountFact = {
    ...limits,
    ...(committed === undefined ? {} : { committedConcurrency: committed }),
  };
  const written = await ports.ledgers.write(ACCOUNT_FACT, next, fact?.revision ?? 0);
  return written === 'written' ? next : ((await readAccount(ports, settings)) as AccountFact);
}

async function noteCommitted(ports: Ports, committedConcurrency: number): Promise<void> {
  const fact = await ports.ledgers.read(ACCOUNT_FACT);
  if (fact === undefined) return;
  await ports.ledgers.write(
    ACCOUNT_FACT,
    { ...(fact.value as AccountFact), committedConcurrency },
    fact.revision,
  );
}

/** Looks at one pipeline: its record, its status, and what it is made of. */
async function look(
  session: Session,
  pipelineId: string,
  account: AccountFact | undefined,
): Promise<{ readonly concurrency: number }> {
  const { ports, settings } = session;
  const status = await ports.statuses.read(pipelineId);
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

/** Lists all mappings and holds them against all statuses; answers how many pages there were. */
async function sweepMappings(session: Session, progress: Progress): Promise<number> {
  const { ports, settings } = session;
  if (progress.tick % sweepEveryTicks(progress.mappingPages) !== 0) return progress.mappingPages;

  const listedAtMs = ports.clock.nowMs();
  const mappings = new Map<string, MappingState>();
  let pages = 0;
  let at: string | undefined;
  do {
    const page: Page<MappingState> | undefined = await session.spend((permit) =>
      ports.mappings.page(at, permit),
    );
    // Half a list would make the other half look gone.
    if (page === undefined) return progress.mappingPages;
    for (const mapping of page.items) mappings.set(mapping.id, mapping);
    pages += 1;
    at = page.cursor;
  } while (at !== undefined);

  let statusAt: string | undefined;
  do {
    const page = await ports.statuses.page(statusAt, settings.reconcileSlice);
    await session.each(page.items, async (listed) => {
      // The list is older than the status may be: only a status that has not moved since can be judged by it.
      if (Date.parse(listed.updatedAt) >= listedAtMs) return;
      const mapping = mappings.get(listed.eventSourceMappingId ?? '');
      const suspect = judgeMapping(listed, mapping, settings.consumers);
      if (suspect.kind === 'fine') return;
      const status = await ports.statuses.read(listed.pipelineId);
      if (status?.revision === listed.revision) await session.start(listed.pipelineId, suspect);
    });
    statusAt = page.cursor;
  } while (statusAt !== undefined);
  return pages;
}

function report(session: Session, looked: number, orphans: readonly string[]): Tick {
  const { ports, started, failed } = session;
  const { metrics, log } = ports;
  metrics.count('DriftRepaired', started.drift);
  metrics.count('DeadWriters', started.deadWriter);
  metrics.count('Orphans', orphans.length);
  metrics.count('FailedPipelines', failed);
  log.info('tick', { looked, started, orphans, failed });
  return { looked, started, orphans, failed };
}
