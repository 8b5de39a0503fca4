import type { Ending } from '../../../../core/lifecycle/what-happens.ts';
import { endingWords } from '../../../../core/lifecycle/what-happens-words.ts';

/** What deleting a record will do, in the order in which it happens. */
export function endingSteps(ending: Ending | undefined): readonly string[] {
  const first = 'The record is deleted, and the queue takes no more tasks.';
  const last = 'Mapping, function and both queues are deleted.';
  if (ending === undefined) return [first, 'What becomes of its tasks is not known yet.', last];
  const { tasks, letters, note } = endingWords(ending);
  return [first, ...[tasks, letters, note].filter((one) => one !== undefined).map(sentence), last];
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
