import type { History } from '../run-story.ts';

/** When edits stop, the live resources equal what is wanted, or the status says why not. */
export function converges({ differences }: History): readonly string[] {
  return differences;
}
