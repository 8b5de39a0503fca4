import type { StageEvent } from '../../../views/pipelines.ts';

/** Two events that have this in common are one. */
export function eventKey({ atMs, what, pipelineId = '', says, detail }: StageEvent): string {
  return `${atMs} ${what} ${pipelineId} ${says} ${JSON.stringify(detail)}`;
}

/**
 * Events that were read before together with those that were read now, each once and the newest first.
 * @param fromMs what is older is forgotten
 */
export function withNewer(
  before: readonly StageEvent[],
  newer: readonly StageEvent[],
  fromMs: number,
): readonly StageEvent[] {
  const each = new Map([...newer, ...before].map((event) => [eventKey(event), event]));
  return [...each.values()].filter(({ atMs }) => atMs >= fromMs).sort((a, b) => b.atMs - a.atMs);
}
