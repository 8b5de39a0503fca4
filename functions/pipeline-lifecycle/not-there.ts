import { NotYet } from '../../core/lifecycle/outcome.ts';
import type { Turn } from './turn.ts';

/** How long something that a run has made or seen may be out of sight before it counts as taken away. */
const OUT_OF_SIGHT_MS = 120_000;

/** What this run has made or seen is gone for good, or never becomes what it has to be. */
export class Gone extends Error {
  override readonly name = 'Gone';
  readonly code = 'Gone';
}

/**
 * Comes back shortly: AWS may not know everywhere yet of what was made just now. What stays out of sight has
 * been taken away; then the run fails, and the next one makes it anew instead of waiting for ever.
 * @param what reads on as "… for two minutes"
 * @throws always: {@link NotYet}, in the end {@link Gone}
 */
export function notThere(turn: Turn, what: string, afterSeconds = 1): never {
  const nowMs = turn.ports.clock.nowMs();
  const missingSinceMs = turn.wait.missingSinceMs ?? nowMs;
  if (nowMs - missingSinceMs > OUT_OF_SIGHT_MS) throw new Gone(`${what} for two minutes — it is tried again`);
  throw new NotYet(afterSeconds, { missingSinceMs });
}
