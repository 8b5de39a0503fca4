import type { StepResult } from '../../../core/lifecycle/outcome.ts';
import { makeCode, makeFunction } from '../consumer-function.ts';
import type { Turn } from '../turn.ts';

/** The function, Active and with the release admitted: made, or adopted if it is ours. */
export async function createFunction(turn: Turn): Promise<StepResult> {
  const made = await makeFunction(turn);
  return 'kind' in made ? made : makeCode(turn, made);
}
