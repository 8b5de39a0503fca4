import type { Ports } from '../../aws/ports.ts';
import type { StepCall } from '../../core/machine-step.ts';
import { type RedriveState, redriveStateSchema } from '../../core/redrive/redrive-state.ts';
import { redriveLetters } from './steps/RedriveLetters.ts';

/**
 * Runs one attempt of a step of a redrive.
 * @throws only surprises; the state machine retries those
 */
export async function runRedriveStep({ owner, state }: StepCall, ports: Ports): Promise<RedriveState> {
  const { pipelineId, rounds: before } = redriveStateSchema.parse(state);
  const rounds = before + 1;
  return { pipelineId, rounds, ...(await redriveLetters(pipelineId, rounds, owner, ports)) };
}
