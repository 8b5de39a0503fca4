import type { StepResult } from '../../../core/lifecycle/outcome.ts';
import { makeMapping } from '../mapping.ts';
import type { Turn } from '../turn.ts';

/** The mapping's limit, batches and switch, applied and in force. */
export function updateMapping(turn: Turn): Promise<StepResult> {
  return makeMapping(turn);
}
