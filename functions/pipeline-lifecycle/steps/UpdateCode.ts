import type { StepResult } from '../../../core/lifecycle/outcome.ts';
import { makeCode, readOwnFunction, waitUntilReady } from '../consumer-function.ts';
import { notThere } from '../not-there.ts';
import { wakeAfterCode } from '../rest-for-code.ts';
import type { Turn } from '../turn.ts';

/** The release: one version of one object, applied. Tasks that run finish on the code they started with. */
export async function updateCode(turn: Turn): Promise<StepResult> {
  const actual = await readOwnFunction(turn);
  if (actual === undefined) return notThere(turn, `the function ${turn.names.function} was not there`);
  const unready = await waitUntilReady(turn, actual);
  if (unready) return unready;
  const made = await makeCode(turn, actual);
  if (made.kind === 'done') await wakeAfterCode(turn);
  return made;
}
