import type { Page, Ports } from '../../aws/ports.ts';
import type { Cause } from '../../core/reconcile.ts';
import type { StageSettings } from '../../core/stage-settings.ts';
import { noteCommitted, refreshAccount } from './account.ts';
import { type BurstsDone, tendBursts } from './bursts.ts';
import { look } from './look.ts';
import { findOrphans } from './orphans.ts';
import { type Progress, readProgress, writeProgress } from './progress.ts';
import { type ReleasesDone, tendReleases } from './releases.ts';
import { createSession, type Session } from './session.ts';
import { sweepPipelines } from './sweep.ts';
import { sweepMappings } from './sweep-mappings.ts';

/** What one tick did. */
export interface Tick {
  readonly looked: number;
  readonly started: Readonly<Record<Cause, number>>;
  readonly orphans: readonly string[];
  readonly failed: number;
  readonly releases: ReleasesDone;
  readonly bursts: BurstsDone;
}

/**
 * One tick of constant work: a slice of the config records, a slice of the status records, a page of
 * functions, of queues and of releases, some bursts that have not ended, and every few ticks all mappings. It reads the
 * same whether nothing or everything has drifted; of pipelines it only starts runs, which hold the lease and do the rest.
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

  const mappings = await sweepMappings(session, progress);
  const orphans = await findOrphans(session, progress);
  const releases = await tendReleases(session, progress, { configs, statuses, functions: orphans.functions });

  if (configs.cursor === undefined) await noteCommitted(ports, committed);
  const next: Progress = {
    tick: progress.tick + 1,
    mappingPages: mappings.pages,
    committed: configs.cursor === undefined ? 0 : committed,
    ...cursor('configCursor', configs),
    ...cursor('statusCursor', statuses),
    ...cursor('functionCursor', orphans.functions),
    ...cursor('queueCursor', orphans.queues),
    ...releases.next,
  };
  await writeProgress(ports, next, revision);
  const slice = {
    from: progress.configCursor,
    to: configs.cursor,
    looks: looks.slice(0, ids.length),
    account,
  };
  // Whatever is wrong with it, the tick's other work goes on.
  await session.each(['sweep'], () => sweepPipelines(session, slice));
  const bursts = await tendBursts(session);
  return report(session, looks.length, [...mappings.orphans, ...orphans.names], releases.done, bursts);
}

function cursor<K extends string>(key: K, page: Pick<Page<unknown>, 'cursor'>): { [P in K]?: string } {
  return (page.cursor === undefined ? {} : { [key]: page.cursor }) as { [P in K]?: string };
}

function report(
  session: Session,
  looked: number,
  orphans: readonly string[],
  releases: ReleasesDone,
  bursts: BurstsDone,
): Tick {
  const { ports, started, failed } = session;
  const { metrics, log } = ports;
  metrics.count('DriftRepaired', started.drift);
  metrics.count('DeadWriters', started.deadWriter);
  metrics.count('DeadRollouts', releases.takenOver);
  metrics.count('Orphans', orphans.length);
  metrics.count('FailedPipelines', failed);
  const done: Tick = { looked, started, orphans, failed, releases, bursts };
  log.info('tick', { ...done });
  return done;
}
