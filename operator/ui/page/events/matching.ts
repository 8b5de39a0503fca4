import type { StageEvent } from '../../../views/pipelines.ts';

/** Events in which each of the words occurs. */
export function eventsThat(events: readonly StageEvent[], search: string): readonly StageEvent[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return events.filter(({ what, pipelineId = '', says }) => {
    const text = `${what} ${pipelineId} ${says}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
