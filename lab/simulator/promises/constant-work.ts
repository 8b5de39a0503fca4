import type { History } from '../history.ts';

/** What a tick does besides looking at pipelines: facts, pages, progress. */
const FIXED_CALLS = 30;
/** Reads of one look, and one start. */
const CALLS_PER_LOOK = 16;

/** A tick of the reconciler makes a bounded number of calls, whatever it finds. */
export function constantWork({ world }: History): readonly string[] {
  const { reconcileSlice } = world.settings;
  const pipelines = world.configs.records.size + world.statuses.records.size;
  const looks = Math.min(2 * reconcileSlice, pipelines) + pipelines;
  const resources = 3 * pipelines;
  const most = FIXED_CALLS + CALLS_PER_LOOK * looks + 4 * resources;
  return world.ticks
    .filter(({ calls }) => calls > most)
    .map(({ calls }) => `a tick made ${calls} calls for ${pipelines} records and statuses; ${most} must do`);
}
