import type { History } from '../history.ts';

/**
 * When edits stop, the live resources equal what is wanted, or the status says why not; and before that no
 * status says that something is made which is not.
 */
export function converges({ differences, lies }: History): readonly string[] {
  return [...differences, ...lies];
}
