import type { History } from '../history.ts';

/** Whatever was repeated or cut short: a visibility timeout was never below its function's timeout. */
export function inOrder({ world }: History): readonly string[] {
  return [...world.disorder];
}
