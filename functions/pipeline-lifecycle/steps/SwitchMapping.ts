import type { StepResult } from '../../../core/lifecycle/outcome.ts';
import { makeMapping } from '../mapping.ts';
import type { Turn } from '../turn.ts';

/** The mapping on or off, and nothing else: a pause is one call away. */
export function switchMapping(turn: Turn): Promise<StepResult> {
  return makeMapping(turn);
}
