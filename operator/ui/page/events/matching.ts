import type { FieldChange } from '../../../../core/config-record/changes.ts';
import type { StageEvent } from '../../../views/pipelines.ts';
import { valueText } from '../parts/format.ts';

/** Events in which each of the words occurs. */
export function eventsThat(events: readonly StageEvent[], search: string): readonly StageEvent[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return events.filter(({ what, pipelineId = '', says, changes = [] }) => {
    const text = `${what} ${pipelineId} ${says} ${changes.map(wordsOf).join(' ')}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function wordsOf({ path, from, to, says }: FieldChange): string {
  return `${path} ${valueText(from)} ${valueText(to)} ${says ?? ''}`;
}
