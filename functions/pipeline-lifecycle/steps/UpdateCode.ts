import { NotYet, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { makeCode, readOwnFunction, waitUntilReady } from '../consumer-function.ts';
import type { Turn } from '../turn.ts';

/** The release: one version of one object, applied. Tasks that run finish on the code they started with. */
export async function updateCode(turn: Turn): Promise<StepResult> {
  const actual = await readOwnFunction(turn);
  if (actual === undefined) throw new NotYet(1);
  return (await waitUntilReady(turn, actual)) ?? makeCode(turn, actual);
}
