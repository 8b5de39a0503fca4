import type { MappingState, Page } from '../../aws/ports.ts';
import { isOurs, pipelineIdOf } from '../../core/names.ts';
import { isStray, judgeMapping, sweepEveryTicks } from '../../core/reconcile.ts';
import type { Progress } from './progress.ts';
import type { Session } from './session.ts';

export interface Sweep {
  /** How many pages of mappings there are, as far as is known. */
  readonly pages: number;
  /** Ids of mappings that feed a function of ours and that no status names. */
  readonly orphans: readonly string[];
}

/** All mappings of the account, and when their listing began: a status that moved since is newer. */
interface Listing {
  readonly byId: ReadonlyMap<string, MappingState>;
  readonly pages: number;
  readonly atMs: number;
}

/** Every few ticks, lists all mappings and holds them against all statuses, and these against them. */
export async function sweepMappings(session: Session, progress: Progress): Promise<Sweep> {
  const unswept: Sweep = { pages: progress.mappingPages, orphans: [] };
  if (progress.tick % sweepEveryTicks(progress.mappingPages) !== 0) return unswept;
  const listing = await listAll(session);
  if (listing === undefined) return unswept;
  const named = await judgeAll(session, listing);
  const unnamed = [...listing.byId.values()].filter(({ id }) => !named.has(id));
  const found = await session.each(unnamed, (mapping) => orphanOf(session, mapping, listing.atMs));
  return { pages: listing.pages, orphans: found.filter((id) => id !== undefined) };
}

/** Undefined where the budget has no room for all: half a list would make the other half look gone. */
async function listAll({ ports, spend }: Session): Promise<Listing | undefined> {
  const atMs = ports.clock.nowMs();
  const byId = new Map<string, MappingState>();
  let pages = 0;
  let cursor: string | undefined;
  do {
    const page: Page<MappingState> | undefined = await spend((permit) => ports.mappings.page(cursor, permit));
    if (page === undefined) return undefined;
    for (const mapping of page.items) byId.set(mapping.id, mapping);
    pages += 1;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { byId, pages, atMs };
}

/** Starts a run for every settled status whose mapping is another; answers the ids that statuses name. */
async function judgeAll(session: Session, { byId, atMs }: Listing): Promise<ReadonlySet<string>> {
  const { ports, settings } = session;
  const named = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await ports.statuses.page(cursor, settings.reconcileSlice);
    for (const { eventSourceMappingId: id } of page.items) if (id !== undefined) named.add(id);
    await session.each(page.items, async (listed) => {
      // The list is older than the status may be: only a status that has not moved since can be judged by it.
      if (Date.parse(listed.updatedAt) >= atMs) return;
      const suspect = judgeMapping(listed, byId.get(listed.eventSourceMappingId ?? ''), settings.consumers);
      if (suspect.kind === 'fine') return;
      const status = await ports.statuses.read(listed.pipelineId);
      if (status?.revision === listed.revision) await session.start(listed.pipelineId, suspect);
    });
    cursor = page.cursor;
  } while (cursor !== undefined);
  return named;
}

/** The mapping's id if it is ours and nobody knows it, by what its pipeline's status says now. */
async function orphanOf(
  { ports, settings }: Session,
  mapping: MappingState,
  listedAtMs: number,
): Promise<string | undefined> {
  const { id, functionName } = mapping;
  const pipelineId = pipelineIdOf(settings.stage, functionName);
  if (pipelineId === undefined) return undefined;
  const status = await ports.statuses.read(pipelineId);
  if (!isStray(mapping, status, listedAtMs)) return undefined;
  const isGone = status === undefined || status.phase === 'Deleted';
  // The run that makes the record's pipeline takes over what it finds.
  if (isGone && (await ports.configs.read(pipelineId)) !== undefined) return undefined;
  // A mapping outlives its function; somebody else's function of this name has somebody else's mapping.
  const consumer = await ports.functions.read(functionName);
  if (consumer !== undefined && !isOurs(consumer.tags, settings.stage, pipelineId)) return undefined;

  ports.log.warn('orphan', { name: id, pipelineId });
  return id;
}
