import type { Page } from '../../aws/ports.ts';
import { isOurs, pipelineIdOf, pipelinePrefix } from '../../core/names.ts';
import { newStatus } from '../../core/status-record.ts';
import type { Progress } from './progress.ts';
import type { Session } from './session.ts';

export interface Orphans {
  /** Resources with our tags that no record and no status knows. */
  readonly names: readonly string[];
  readonly functions: Page<string>;
  readonly queues: Page<string>;
}

/** One page of the account's functions and one of its queues, held against the tables. */
export async function findOrphans(session: Session, progress: Progress): Promise<Orphans> {
  const { ports, settings } = session;
  const { functionCursor } = progress;
  const functions =
    (await session.spend((permit) => ports.functions.page(functionCursor, permit))) ?? unread(functionCursor);
  const queues = await ports.queues.page(pipelinePrefix(settings.stage), progress.queueCursor);
  const found = await session.each([...functions.items, ...queues.items], (name) => orphanOf(session, name));
  const names = found.filter((name) => name !== undefined);
  return { names, functions, queues };
}

/** Where the budget has no room the page is read in the next round, and the walk does not begin anew. */
function unread(cursor: string | undefined): Page<string> {
  return { items: [], ...(cursor === undefined ? {} : { cursor }) };
}

/** The resource's name if it is ours and nobody knows it. */
async function orphanOf(session: Session, nameOrUrl: string): Promise<string | undefined> {
  const { ports, settings } = session;
  const isUrl = nameOrUrl.includes('/');
  const name = nameOrUrl.slice(nameOrUrl.lastIndexOf('/') + 1);
  const pipelineId = pipelineIdOf(settings.stage, name);
  if (pipelineId === undefined) return undefined;
  const status = await ports.statuses.read(pipelineId);
  if (status !== undefined && status.phase !== 'Deleted') return undefined;
  if ((await ports.configs.read(pipelineId)) !== undefined) return undefined;
  const tags = isUrl ? await ports.queues.tags(nameOrUrl) : (await ports.functions.read(name))?.tags;
  if (tags === undefined || !isOurs(tags, settings.stage, pipelineId)) return undefined;

  ports.log.warn('orphan', { name, pipelineId });
  if (settings.orphans === 'drain') {
    const at = new Date(ports.clock.nowMs()).toISOString();
    // Known again, as a pipeline whose record is gone: a run takes it down by the drain path.
    const { expiresAt: _expiresAt, ...base } = status ?? newStatus(pipelineId, at);
    const known = { ...base, phase: 'Failed' as const, built: true, dirty: true, updatedAt: at };
    if ((await ports.statuses.write(known)) === 'written') {
      await session.start(pipelineId, { kind: 'start', cause: 'missed', verify: true, detail: 'orphan' });
    }
  }
  return name;
}
