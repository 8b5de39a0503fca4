import { done, type StepResult } from '../../../core/lifecycle/outcome.ts';
import { makeFunction } from '../consumer-function.ts';
import type { Turn } from '../turn.ts';

/** The function's configuration, applied. */
export async function updateFunction(turn: Turn): Promise<StepResult> {
  const made = await makeFunction(turn);
  return 'kind' in made ? made : done();
}
