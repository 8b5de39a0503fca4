import type { StatusRecord } from '../status-record.ts';

/** How a pipeline is taken down: `drain` lets its tasks run for a while, `salvage` keeps them, `discard` does not. */
export type TeardownKind = 'drain' | 'salvage' | 'discard';

/**
 * How a pipeline is taken down whose record is gone. It goes by what was applied, not by what its last record asked for:
 * that one may have been rejected.
 */
export function teardownOf(status: StatusRecord): TeardownKind {
  if (discards(status)) return 'discard';
  // A resting or paused consumer is not woken to drain: what waits for it is salvaged.
  const runs = status.applied?.enabled === true && status.closing?.processingOver !== true;
  return runs ? 'drain' : 'salvage';
}

/** Tasks are thrown away only if a settled record said so: one that was being changed may have said it before. */
function discards({ closing, applied, dirty }: StatusRecord): boolean {
  if (closing !== undefined) return closing.discard === true;
  return applied?.wanted.onDelete === 'discard' && !dirty;
}
