import type { StepResult } from '../../../core/lifecycle/outcome.ts';
import { makeMapping } from '../mapping.ts';
import type { Turn } from '../turn.ts';

/** The event source mapping, Enabled: from here on tasks are worked at. */
export function createMapping(turn: Turn): Promise<StepResult> {
  return makeMapping(turn);
}
