import type { PipelineRow } from '../../../views/pipelines.ts';

/** Looks of the list come at other moments than those of the pipeline's own view: so much apart they are of one time. */
const SAME_TIME_MS = 8_000;

/**
 * A pipeline's row of what two readers say. The list's is newer as a rule, but knows less: its verdict is made from the
 * records and the counts alone, where the own view has also asked for the mapping and for the age of the oldest task.
 * @param listed from the list of all
 * @param viewed from the own view
 */
export function rowOf(
  listed: PipelineRow | undefined,
  viewed: PipelineRow | undefined,
): PipelineRow | undefined {
  if (listed === undefined || viewed === undefined) return listed ?? viewed;
  if (isOutdated(viewed, listed)) return listed;
  const { remedy: _remedy, oldest: _oldest, ...counts } = listed;
  const { verdict, says, remedy, oldest } = viewed;
  return { ...counts, verdict, says, ...(remedy && { remedy }), ...(oldest && { oldest }) };
}

function isOutdated(viewed: PipelineRow, listed: PipelineRow): boolean {
  if (listed.look === undefined) return false;
  if (viewed.look === undefined) return true;
  const aheadMs = listed.look.atMs - viewed.look.atMs;
  // Where the records differ one of the two has not seen a change: the one that looked first.
  const isOneRecord = viewed.phase === listed.phase && viewed.isPaused === listed.isPaused;
  return aheadMs > (isOneRecord ? SAME_TIME_MS : 0);
}
