import type { AccountFact } from '../../../../core/account.ts';
import type { Overview, PipelineRow, QueueLook } from '../../../views/pipelines.ts';
import type { DepthSample } from '../../wire.ts';

/** All that is known of a stage's pipelines. A row that nothing has changed in stays the same object. */
export interface Known {
  readonly rows: ReadonlyMap<string, PipelineRow>;
  readonly account?: AccountFact | undefined;
}

/**
 * Takes over what was read. A row that was not looked at this time keeps its last look; and the verdict that it led to,
 * where its records alone would only say that nothing is wrong.
 */
export function withOverview(before: Known, { rows, account }: Overview): Known {
  const next = rows.map((row) => {
    const old = before.rows.get(row.pipelineId);
    if (old === undefined) return row;
    const merged = row.look === undefined && old.look !== undefined ? withOldLook(row, old, old.look) : row;
    return isSameRow(merged, old) ? old : merged;
  });
  return { rows: new Map(next.map((row) => [row.pipelineId, row])), account };
}

function withOldLook(row: PipelineRow, old: PipelineRow, look: QueueLook): PipelineRow {
  if (row.verdict.kind !== 'idle' || row.phase !== old.phase) return { ...row, look };
  const { verdict, says, remedy } = old;
  return { ...row, look, verdict, says, ...(remedy && { remedy }) };
}

/** Takes over what was seen in queues; the verdicts follow with the next overview. */
export function withLooks(before: Known, looks: ReadonlyMap<string, QueueLook>): Known {
  const rows = new Map(before.rows);
  for (const [pipelineId, look] of looks) {
    const old = rows.get(pipelineId);
    if (old === undefined) continue;
    const next = { ...old, look };
    if (!isSameRow(next, old)) rows.set(pipelineId, next);
  }
  return { ...before, rows };
}

/** Rows that are new or other than before, and pipelines that are no more. */
export function changesBetween(
  before: Known,
  after: Known,
): { readonly rows: readonly PipelineRow[]; readonly removed: readonly string[] } {
  return {
    rows: [...after.rows.values()].filter((row) => before.rows.get(row.pipelineId) !== row),
    removed: [...before.rows.keys()].filter((pipelineId) => !after.rows.has(pipelineId)),
  };
}

/** Tasks that a pipeline has before it, at one moment. */
export function depthSample({ atMs, waiting, running, delayed }: QueueLook): DepthSample {
  return [atMs, waiting + running + delayed];
}

/** When somebody looked is no change. */
function isSameRow(a: PipelineRow, b: PipelineRow): boolean {
  const { look: lookA, ...restA } = a;
  const { look: lookB, ...restB } = b;
  if ((lookA === undefined) !== (lookB === undefined)) return false;
  const counts = JSON.stringify({ ...lookA, atMs: 0 }) === JSON.stringify({ ...lookB, atMs: 0 });
  return counts && JSON.stringify(restA) === JSON.stringify(restB);
}
