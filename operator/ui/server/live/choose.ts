/**
 * How much is asked while a page is open, whatever the number of pipelines. A look takes two calls of SQS: 50 looks each
 * 2 s are 50 calls a second at most, and 5,000 pipelines that nobody sees are gone through in some seven minutes.
 */
export const TICK_MS = 2_000;
export const LOOKS_A_TICK = 50;
/** Of these, for rows that are in sight. */
const MOST_IN_SIGHT = 40;
/** Config and status records together are read about so many a second: all of 1,000 pipelines each 2 s, of 5,000 each 10 s. */
const RECORDS_A_SECOND = 1_000;

/** Which queues to look at now: those in sight, and with what is left one after another of all. */
export function chooseLooks(
  all: readonly string[],
  inSight: ReadonlySet<string>,
  cursor: number,
): { readonly pipelineIds: readonly string[]; readonly cursor: number } {
  const seen = all.filter((pipelineId) => inSight.has(pipelineId)).slice(0, MOST_IN_SIGHT);
  const chosen = new Set(seen);
  let at = cursor;
  for (let step = 0; step < all.length && chosen.size < LOOKS_A_TICK; step += 1) {
    at = at % all.length;
    const next = all[at];
    if (next !== undefined) chosen.add(next);
    at += 1;
  }
  return { pipelineIds: [...chosen], cursor: at };
}

/** How long to wait between two readings of all records. */
export function readEveryMs(pipelines: number): number {
  const ticks = Math.ceil((2 * pipelines * 1000) / RECORDS_A_SECOND / TICK_MS);
  return Math.max(1, ticks) * TICK_MS;
}
