import { NotYet, type StepResult } from '../../core/lifecycle/outcome.ts';
import { readWish } from './read-wish.ts';
import type { Turn } from './turn.ts';

/** A record added again in the middle of a teardown ends it: the run begins anew. */
export async function stopIfWantedAgain(turn: Turn): Promise<StepResult | undefined> {
  try {
    const wish = await readWish(turn.pipelineId, turn.status, turn.ports, turn.settings);
    return wish.kind === 'target' ? { kind: 'restart' } : undefined;
  } catch (error) {
    // The account's limits could not be read yet; the next round asks again.
    if (error instanceof NotYet) return undefined;
    throw error;
  }
}
